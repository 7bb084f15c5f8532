package stage

import (
	"bytes"
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// What is staged names the version, and is the same each time.
func TestInto(t *testing.T) {
	t.Parallel()
	first, second := filepath.Join(t.TempDir(), "first"), filepath.Join(t.TempDir(), "second")
	for _, folder := range []string{first, second} {
		if err := Into(folder, "../../..", "1.2.3"); err != nil {
			t.Fatal(err)
		}
	}
	read := func(folder, name string) []byte {
		t.Helper()
		text, err := os.ReadFile(filepath.Join(folder, name))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	for name, part := range map[string]string{
		"completions/latch.bash": "__start_latch", "completions/latch.zsh": "#compdef latch", "completions/latch.fish": "complete -c latch",
		"completions/latch.ps1": "Register-ArgumentCompleter", "man/man1/latch-env-write.1": `"latch 1.2.3"`,
		"man-packed/man1/latch.1.gz": "", "NOTICES": "The Go Authors", Licences: `"std": "BSD-3-Clause"`,
	} {
		text := read(first, name)
		if !bytes.Equal(text, read(second, name)) {
			t.Errorf("%s differs the second time", name)
		}
		if !bytes.Contains(text, []byte(part)) {
			t.Errorf("%s has no %q", name, part)
		}
	}
	packed, err := gzip.NewReader(bytes.NewReader(read(first, "man-packed/man1/latch.1.gz")))
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(packed)
	if err != nil || !packed.ModTime.IsZero() || packed.Name != "" || !bytes.Equal(page, read(first, "man/man1/latch.1")) {
		t.Errorf("the packed page differs, or has a time or a name: %v %q (%v)", packed.ModTime, packed.Name, err)
	}
}
