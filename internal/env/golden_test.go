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
// testdata/golden; -update rewrites them. The seed in them is the docs' example.
func TestGolden(t *testing.T) {
	t.Parallel()
	written := make(map[string]bool)
	for _, target := range lattice.Targets() {
		for _, d := range Dialects() {
			for infix, show := range map[string]Secrets{"": Revealed, ".masked": Masked} {
				name := target.String() + infix + d.Extension()
				written[name] = true
				got, err := d.Render(web1(t, target.String()), show)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				golden(t, name, got)
				if show == Masked && holdsSecret(string(got)) {
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
