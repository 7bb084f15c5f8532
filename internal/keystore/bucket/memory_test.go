package bucket

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/latch-keys/latch/internal/safefile"
)

// Many processes of one machine remember what they see of a bucket: what is remembered
// never goes back.
func TestMemoryNeverGoesBack(t *testing.T) {
	t.Parallel()
	m := memory{path: filepath.Join(t.TempDir(), "buckets", "team.json")}
	for first := uint64(1); first < 40; first += 4 {
		var all sync.WaitGroup
		for i := range uint64(4) {
			all.Go(func() {
				if err := m.write(t.Context(), snapshot{root: root{Store: "s", Generation: first + i}}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if last, err := m.read(); err != nil || last.Generation != first+3 {
			t.Fatalf("generation %d was seen, %d is remembered, %v", first+3, last.Generation, err)
		}
	}
}

// Who waits in vain for others that remember the same has nothing to do any more.
func TestMemoryThatOthersKeep(t *testing.T) {
	t.Parallel()
	m := memory{path: filepath.Join(t.TempDir(), "buckets", "team.json")}
	at := func(generation uint64) snapshot { return snapshot{root: root{Store: "s", Generation: generation}} }
	if err := m.write(t.Context(), at(1)); err != nil {
		t.Fatal(err)
	}
	release, err := safefile.Lock(t.Context(), m.path)
	if err != nil {
		t.Fatal(err)
	}
	defer release()
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := m.write(ended, at(2)); err == nil {
		t.Error("it is said to be remembered, and is not")
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- m.write(ctx, at(2)) }()
	others := m
	others.path = filepath.Join(t.TempDir(), "team.json")
	if err := errors.Join(others.write(t.Context(), at(2)), os.Rename(others.path, m.path)); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}
