package env

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/latch-keys/latch/internal/lattice"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestGolden compares every target in every dialect, revealed and masked, with
// testdata/golden; -update rewrites them. The seeds in them are the docs' example
// and the tests'. What a dialect does not carry is there as its error.
func TestGolden(t *testing.T) {
	t.Parallel()
	written := make(map[string]bool)
	for _, target := range lattice.AllTargets() {
		for _, d := range Dialects() {
			e := full(t, target.String(), d.Name() != "helm" || !target.IsOTP())
			for infix, show := range map[string]Secrets{"": Revealed, ".masked": Masked} {
				name := target.String() + infix + d.Extension()
				got, err := d.Render(e, show)
				if err != nil {
					name += ".refused"
					got = []byte(err.Error() + "\n" + hint(err) + "\n")
				}
				written[name] = true
				golden(t, name, got)
				if (show == Masked || err != nil) && holdsSecret(string(got)) {
					t.Errorf("%s holds the seed", name)
				}
			}
		}
	}
	files, err := os.ReadDir(filepath.Join("testdata", "golden"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, f := range files {
		if !written[f.Name()] {
			t.Errorf("testdata/golden/%s belongs to no target and dialect", f.Name())
		}
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", "golden", name)
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s:\n%s\nwant:\n%s", path, got, want)
	}
}
