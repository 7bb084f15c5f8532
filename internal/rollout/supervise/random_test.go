package supervise_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"
)

// Whatever is late, lost or killed: never more hosts are down than may be, no two hold
// a turn of one number, and in the end every host has what it should.
func TestWhateverHappens(t *testing.T) {
	t.Parallel()
	most := 0
	for seed := range uint64(150) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, 1+int(seed%3))
			defer w.end()
			w.random, w.rough = rand.New(rand.NewPCG(seed, 7)), true
			names := make([]string, 3+seed%5)
			for i := range names {
				names[i] = fmt.Sprintf("host-%d", i)
			}
			w.all(names...)
			for v := uint64(2); v < 5; v++ {
				w.set(func() { w.version = v })
				for range w.get(func() int { return w.random.IntN(4) }) {
					w.sleep(w.pick(time.Minute))
					w.crash(names)
				}
			}
			w.have(4, 24*time.Hour)
			most = max(most, w.most1)
			if t.Failed() {
				t.Fatalf("with the seed %d", seed)
			}
		})
	}
	if most != 3 {
		t.Errorf("at most %d hosts were ever down at the same time: 3 might have been", most)
	}
}

func (w *world) pick(most time.Duration) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.some(most)
}

// crash kills a supervisor with its host, and starts it again after a while.
func (w *world) crash(names []string) {
	w.mu.Lock()
	h := w.hosts[names[w.random.IntN(len(names))]]
	after := w.some(2 * time.Minute)
	w.mu.Unlock()
	h.killed()
	h.child.end(137)
	w.sleep(after)
	w.supervise(h.name)
}
