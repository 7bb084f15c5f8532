package cmd_test

import (
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/lattice"
)

// Of many commands at once one changes the manifest; the others are refused,
// leave no key behind, and take none away.
func TestRotationsAtOnce(t *testing.T) {
	t.Parallel()
	dir := keystoretest.Folder(t)
	inFolder(t, dir, 0, "lattice init --prefix p --host a --host b --keystore dir:"+filepath.Join(dir, "k"))
	codes := make([]int, 8)
	var wait sync.WaitGroup
	for i := range codes {
		wait.Go(func() { codes[i], _ = tryInFolder(t, dir, "issuers rotate start") })
	}
	wait.Wait()
	slices.Sort(codes)
	if codes[0] != 0 || slices.ContainsFunc(codes[1:], func(code int) bool { return code != 5 }) {
		t.Errorf("exit codes %v, want 0 once and 5 else", codes)
	}
	doc, err := lattice.Load(filepath.Join(dir, "lattice.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var want []string
	for _, is := range doc.Manifest().Issuers {
		want = append(want, filepath.Join(dir, "k", is.Name+".nk"))
	}
	got, _ := filepath.Glob(filepath.Join(dir, "k", "*.nk"))
	slices.Sort(want)
	if !slices.Equal(got, want) || len(want) != 2 {
		t.Errorf("the keystore has %v, the manifest %v", got, want)
	}
}
