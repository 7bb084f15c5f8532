package safefile_test

import (
	"os"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/latch-keys/latch/internal/safefile"
)

// TestReadBesideWriters: a file that others put anew all the time is read whole.
func TestReadBesideWriters(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "memory")
	if _, err := safefile.Write(path, []byte("text"), safefile.Owned); err != nil {
		t.Fatal(err)
	}
	var stop atomic.Bool
	wrote := make(chan int)
	go func() {
		n := 0
		for ; !stop.Load(); n++ {
			next := path + ".next"
			if os.WriteFile(next, []byte("text"), 0o600) != nil || os.Rename(next, path) != nil {
				break
			}
		}
		wrote <- n
	}()
	for range 2000 {
		if text, err := safefile.Read(path, safefile.Owned, 100); err != nil || string(text) != "text" {
			t.Errorf("%q, %v", text, err)
			break
		}
	}
	stop.Store(true)
	if n := <-wrote; n == 0 {
		t.Errorf("it was never exchanged")
	}
}
