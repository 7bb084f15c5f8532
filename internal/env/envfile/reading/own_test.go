package reading

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/oracle"
)

// asFish has fish source the file; what is not set by it is left out.
func asFish(t *testing.T, file []byte) (map[string]string, error) {
	path := filepath.Join(t.TempDir(), "f.fish")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	home := t.TempDir()
	cmd := exec.Command(oracle.Need(t, "fish"), "--no-config", "-c", `source $argv[1]; or exit 1; env -0`, path)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8", "HOME=" + home}
	out, err := cmd.Output()
	found := pairsOf(strings.Split(string(out), "\x00"))
	maps.DeleteFunc(found, func(name, _ string) bool { return !strings.HasPrefix(name, "LATCH_") })
	return found, err
}

// What fish sets is what the reading of fish has, or the reading says that it
// cannot know.
func TestFishReadsAsFishDoes(t *testing.T) {
	t.Parallel()
	for _, value := range []string{
		"b", "'b c'", `'it\'s'`, `'a\\b'`, `'a\nb'`, `"b c"`, `"a\"b"`, `"a\\b"`, `"a\$b"`, `"$HOME"`, `b\ c`, "b # c", "b#c", "'b # c'", "b c", "'b'\"c\"d", "''", "'b\nc'", "$HOME", "(echo x)", "~", "é",
	} {
		for _, opening := range []string{"set -gx LATCH_A ", "set -x LATCH_A ", "set --export LATCH_A ", "set -g LATCH_A ", "# c\nset -gx LATCH_B x; set -gx LATCH_A "} {
			same(t, fish{}, asFish, opening+value+"\n")
		}
	}
}

// The readings that have no program here, by what their documentation says.
func TestReadingsByTheBook(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"$Env:A = 'b c'\n":          "A=b c",
		"$env:A='it''s'\r\n":        "A=it's",
		"# c\n$Env:A = \"b`\"c\"\n": `A=b"c`,
		"$Env:A = \"b$x\"\n":        "A=?",
		"$Env:A = 'b\nc'\n":         "A=b\nc",
		"$Env:A = 'b':rest\n":       "A=b, syntax",
		"Write-Host x\n":            "syntax",
		"$Env:A = b\n":              "syntax",
	} {
		book(t, powershell{}, text, want)
	}
	for text, want := range map[string]string{
		"A=b c\n": "A=b c", "A<<END\nb\nc\nEND\n": "A=b\nc", "A=b<<c\n": "A=b<<c", "A=\"b\"\n": `A="b"`, "A<<END\nb\n": "syntax", "no\n": "syntax", "\nA=\n": "A=",
	} {
		book(t, github{}, text, want)
	}
}

func book(t *testing.T, by Reading, text, want string) {
	t.Helper()
	h := hostenv.Host{ReadBy: by.Name()}
	by.Read(&h, []byte(text))
	var got []string
	for _, e := range h.Entries {
		value := string(e.Value())
		if e.Expanded {
			value = "?"
		}
		got = append(got, e.Name+"="+value)
	}
	for _, f := range h.Findings {
		got = append(got, string(f.Rule))
	}
	if strings.Join(got, ", ") != want {
		t.Errorf("%s, %q: %q, want %q", by.Name(), text, got, want)
	}
}
