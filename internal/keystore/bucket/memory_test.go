package bucket

import (
	"path/filepath"
	"sync"
	"testing"
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
