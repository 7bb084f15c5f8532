package cmd_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/lattice"
)

// A word that names no generation is about the manifest as it was when the command
// was given: with a start in between it counts for nothing, though the manifest was
// read after it. One that names the generation says what it is about.
func TestStartBesideAttestCannotPass(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	inFolder(t, dir, 0, "lattice init --prefix p --host a --host b --keystore dir:"+filepath.Join(dir, "k"))
	next := func(word string, started time.Time) int {
		p := newProcess(t, arguments(dir, "issuers rotate next --attest "+word)...)
		p.Started = started
		return cmd.Main(t.Context(), p.System)
	}
	before := time.Now().Add(-time.Hour)
	inFolder(t, dir, 0, "issuers rotate start")
	for _, word := range []string{"all", "a,b", "all@1"} {
		if code := next(word, before); code != 5 {
			t.Errorf("--attest %s: exit code %d, want 5", word, code)
		}
	}
	if m := loadManifest(t, dir); m.Rotation == nil || m.Rotation.Phase != lattice.PhaseIntroduce || len(m.Rotation.Observed) > 0 {
		t.Errorf("got %+v", m.Rotation)
	}
	if code := next("all@2", before); code != 0 {
		t.Errorf("--attest all@2: exit code %d", code)
	}
	if code := next("all", time.Now().Add(time.Hour)); code != 0 {
		t.Errorf("--attest all, given later: exit code %d", code)
	}
}

func loadManifest(t *testing.T, dir string) lattice.Manifest {
	t.Helper()
	doc, err := lattice.Load(filepath.Join(dir, "lattice.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return doc.Manifest()
}
