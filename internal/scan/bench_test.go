package scan_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/oracle"
	"github.com/latch-keys/latch/internal/scan"
)

// BenchmarkTree reads a tree of 200 MB of code, as ripgrep does that counts S[A-Z]A in
// it. x-ripgrep is ripgrep's time by ours, of the same run: above 1 we are faster.
func BenchmarkTree(b *testing.B) {
	ripgrep := oracle.Need(b, "rg")
	code, err := os.ReadFile("unpack.go")
	check(b, err)
	dir := b.TempDir()
	for i := range 2000 {
		var text []byte
		for len(text) < 100<<10 {
			text = fmt.Appendf(text, "// part %d\n%s", i, code)
		}
		check(b, os.WriteFile(filepath.Join(dir, fmt.Sprintf("f%d.go", i)), text, 0o600))
	}
	var ours, theirs time.Duration
	for b.Loop() {
		begun := time.Now()
		s := scan.New()
		check(b, s.Files(b.Context(), func(yield func(string) bool) { s.Walk(b.Context(), dir, yield) }))
		ours += time.Since(begun)
		if c := s.Coverage(); c.Files != 2000 || len(s.Leaks()) > 0 {
			b.Fatalf("%+v", c)
		}
		begun = time.Now()
		_ = exec.CommandContext(b.Context(), ripgrep, "--no-ignore", "--hidden", "-c", "S[A-Z]A", dir).Run() // finds none, which is its exit code 1
		theirs += time.Since(begun)
	}
	b.ReportMetric(theirs.Seconds()/ours.Seconds(), "x-ripgrep")
}
