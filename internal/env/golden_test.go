package env

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// A picture is one golden file: a host's environment as a dialect writes it.
type picture struct {
	dialect, target string
	show            Secrets
}

// pictures are every target in the default dialect, and every dialect, revealed
// and masked, where it matters: on the oldest kind of host and on the newest that
// reads cluster keys.
func pictures() []picture {
	var all []picture
	for _, target := range wasmcloud.AllTargets() {
		all = append(all, picture{"dotenv", target.String(), Revealed})
	}
	for _, d := range Dialects()[1:] {
		all = append(all, picture{d.Name(), "otp", Revealed}, picture{d.Name(), "rust-0.82", Revealed})
	}
	for _, d := range Dialects() {
		all = append(all, picture{d.Name(), "otp", Masked})
	}
	return all
}

// TestGolden compares the pictures with testdata/golden; -update rewrites them.
// The seeds in them are the docs' example and the tests'. What a dialect does not
// carry is there as its error. That the files mean what they should, others say:
// TestProgramsReadIt, TestEveryReaderAgrees.
func TestGolden(t *testing.T) {
	t.Parallel()
	written := make(map[string]bool)
	for _, p := range pictures() {
		d := dialect(p.dialect)
		e := full(t, p.target, d.Name() != "helm" || !parseTarget(t, p.target).IsOTP())
		name := p.target
		if p.show == Masked {
			name += ".masked"
		}
		name += d.Extension()
		got, err := d.Render(e, p.show)
		if err != nil {
			name += ".refused"
			got = []byte(err.Error() + "\n" + hint(err) + "\n")
		}
		written[name] = true
		golden(t, name, got)
		if (p.show == Masked || err != nil) && holdsSecret(string(got)) {
			t.Errorf("%s holds the seed", name)
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
