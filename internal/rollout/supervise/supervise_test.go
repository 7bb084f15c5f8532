package supervise_test

import (
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// in runs a test in a bubble of its own, whose time passes by itself.
func in(t *testing.T, most int, test func(w *world)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, most)
		defer w.end()
		test(w)
	})
}

func TestOneAfterAnother(t *testing.T) {
	in(t, 1, func(w *world) {
		w.all("a", "b", "c", "d")
		w.set(func() { w.version = 2 })
		w.have(2, 2*time.Minute)
		if w.most1 != 1 || !w.heard("a waits for ") && !w.heard("b waits for ") {
			t.Errorf("%d hosts were down at the same time; said: %s", w.most1, strings.Join(w.said, "\n"))
		}
		for name, h := range w.hosts {
			if h.starts != 2 {
				t.Errorf("%s started %d times", name, h.starts)
			}
		}
		if !strings.Contains(string(w.data), `"fence":4`) || strings.Contains(string(w.data), "turns") {
			t.Errorf("the record after: %s", w.data)
		}
	})
}

func TestMaxUnavailable(t *testing.T) {
	in(t, 3, func(w *world) {
		w.all("a", "b", "c", "d", "e", "f")
		w.set(func() { w.version = 2 })
		w.have(2, time.Minute)
		if w.most1 != 3 {
			t.Errorf("%d hosts were down at the same time, want 3", w.most1)
		}
	})
}

// A hint is followed at once; one that is missed, with the next look; one for nothing
// starts nothing.
func TestHints(t *testing.T) {
	in(t, 1, func(w *world) {
		w.every, w.hints = time.Hour, make(chan struct{}, 1)
		w.all("a")
		w.hints <- struct{}{}
		w.sleep(time.Minute)
		w.set(func() { w.version = 2 })
		w.hints <- struct{}{}
		w.have(2, 10*time.Second)
		w.set(func() { w.version = 3 })
		w.sleep(50 * time.Minute)
		if starts := w.get(func() int { return w.hosts["a"].starts }); starts != 2 {
			t.Errorf("it was started %d times", starts)
		}
		w.have(3, time.Hour)
	})
}

// A counter that grows is no change, nor is a store that comes and goes, a read that is
// refused, an older manifest, or a change that is taken back before its turn.
func TestWhatIsNoChange(t *testing.T) {
	in(t, 1, func(w *world) {
		w.all("a", "b")
		w.set(func() { w.version, w.digest = 7, "1" })
		w.sleep(time.Minute)
		w.set(func() { w.away = true })
		w.sleep(10 * time.Minute)
		if !w.heard("cannot be read, so it goes on as it is: the store is away") {
			t.Errorf("said: %s", strings.Join(w.said, "\n"))
		}
		said := len(w.said)
		w.sleep(10 * time.Minute)
		if len(w.said) != said {
			t.Errorf("says it again: %s", w.said[said:])
		}
		w.set(func() { w.away = false })
		w.sleep(time.Minute)
		w.set(func() { w.digest = "" }) // a change, for less time than it takes to count
		w.sleep(100 * time.Millisecond)
		w.set(func() { w.digest = "1" })
		w.sleep(time.Minute)
		w.set(func() { w.version, w.digest = 0, "" })
		w.sleep(time.Minute)
		for name, h := range w.hosts {
			if h.starts != 1 {
				t.Errorf("%s started %d times", name, h.starts)
			}
		}
		if !w.heard("it was started with generation 1, and the manifest is at 0, an older one") {
			t.Errorf("said: %s", strings.Join(w.said, "\n"))
		}
	})
}

func TestBurstsCountOnce(t *testing.T) {
	in(t, 1, func(w *world) {
		w.all("a", "b")
		for v := uint64(2); v < 12; v++ {
			w.set(func() { w.version = v })
			w.sleep(700 * time.Millisecond)
		}
		w.have(11, time.Minute)
		for name, h := range w.hosts {
			if h.starts != 2 {
				t.Errorf("%s started %d times", name, h.starts)
			}
		}
	})
}

// A host that does not end is killed; what it is told in the meantime waits.
func TestDeafHost(t *testing.T) {
	in(t, 1, func(w *world) {
		w.all("a", "b")
		w.set(func() { w.hosts["a"].deaf, w.version = true, 2 })
		w.have(2, time.Minute)
		if !w.heard("a has not ended 5s after SIGTERM: it is killed") {
			t.Errorf("said: %s", strings.Join(w.said, "\n"))
		}
	})
}

// The roll-out halts at the first host that does not come back, is told so to all, and
// goes on with a version that mends it: at that host first.
func TestHalts(t *testing.T) {
	in(t, 1, func(w *world) {
		w.all("a", "b", "c")
		w.set(func() { w.version, w.broken[2] = 2, true })
		w.sleep(30 * time.Minute)
		down := w.get(func() (n int) {
			for _, h := range w.hosts {
				n += h.starts - 1
			}
			return n
		})
		if down != 1 || !w.heard("was not seen as written within 20s: the roll-out halts here") || !w.heard("the roll-out has halted at ") {
			t.Fatalf("%d hosts were started anew; said: %s", down, strings.Join(w.said, "\n"))
		}
		w.set(func() { w.version = 3 })
		w.have(3, 5*time.Minute)
		if strings.Contains(string(w.data), "halts") {
			t.Errorf("still halted: %s", w.data)
		}
	})
}

// A roll-out that has halted goes on when the host is back by a hand, or is taken out
// of the manifest.
func TestGoesOn(t *testing.T) {
	for name, mend := range map[string]func(w *world, down *host){
		"it is back": func(w *world, h *host) { w.set(func() { h.answers, h.down = 2, false }) },
		"it is in no manifest": func(w *world, h *host) {
			h.killed()
			h.child.end(137)
			w.set(func() { delete(w.hosts, h.name) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, 1, func(w *world) {
				w.all("a", "b", "c")
				w.set(func() { w.version, w.broken[2] = 2, true })
				w.sleep(10 * time.Minute)
				w.set(func() { delete(w.broken, 2) })
				for _, h := range w.hosts {
					if h.starts == 2 {
						mend(w, h)
					}
				}
				w.have(2, 5*time.Minute)
			})
		})
	}
}

func TestEmergencyDoesNotWait(t *testing.T) {
	in(t, 1, func(w *world) {
		w.all("a", "b", "c", "d")
		w.set(func() { w.version, w.broken[2] = 2, true })
		w.sleep(time.Minute) // halted
		w.set(func() { w.version, w.urgent = 3, true })
		w.have(3, 15*time.Second)
		if !w.heard("This is an emergency") || w.most1 < 2 {
			t.Errorf("%d were down at the same time; said: %s", w.most1, strings.Join(w.said, "\n"))
		}
		w.sleep(time.Minute)
		if !w.heard("a is back, and as written") {
			t.Errorf("said: %s", strings.Join(w.said, "\n"))
		}
	})
}

// What an emergency has restarted and does not come back is told, though nobody waits
// for it.
func TestEmergencyThatAHostDoesNotSurvive(t *testing.T) {
	in(t, 1, func(w *world) {
		w.all("a", "b")
		w.set(func() { w.version, w.urgent, w.broken[2] = 2, true, true })
		w.sleep(time.Minute)
		if !w.heard("a was not seen as written within 20s") || !w.heard("b was not seen as written within 20s") || strings.Contains(string(w.data), "halts") {
			t.Errorf("record: %s\nsaid: %s", w.data, strings.Join(w.said, "\n"))
		}
	})
}

// A host that ends by itself ends latch with its code, whatever was about to happen.
func TestEndsWithItsHost(t *testing.T) {
	in(t, 1, func(w *world) {
		w.all("a", "b")
		h := w.hosts["a"]
		h.child.end(42)
		if code := <-h.code; code != 42 {
			t.Errorf("code %d", code)
		}
		w.set(func() { w.version, w.broken[2] = 2, true })
		w.sleep(10 * time.Second)
		h = w.hosts["b"]
		h.child.end(43) // while it is waited for
		if code := <-h.code; code != 43 || h.starts != 2 {
			t.Errorf("code %d after %d starts", code, h.starts)
		}
	})
}

// Signals reach the host, and one that ends it while latch stops it ends latch too.
func TestSignals(t *testing.T) {
	in(t, 2, func(w *world) {
		w.all("a", "b")
		h := w.hosts["a"]
		h.signal <- syscall.SIGHUP
		w.sleep(time.Second)
		if !slices.Equal(h.signals, []os.Signal{syscall.SIGHUP}) {
			t.Errorf("it got %v", h.signals)
		}
		h.signal <- syscall.SIGTERM
		if code := <-h.code; code != 0 {
			t.Errorf("code %d", code)
		}
		b := w.hosts["b"]
		w.set(func() { b.deaf, w.version = true, 2 })
		for !w.heard("Stopping b") {
			w.sleep(100 * time.Millisecond)
		}
		b.signal <- syscall.SIGTERM
		if code := <-b.code; code != 137 || b.starts != 1 {
			t.Errorf("code %d after %d starts", code, b.starts)
		}
	})
}

// A turn whose holder has died is taken over once its host is seen, and halts the
// roll-out where it is not.
func TestHoldersDie(t *testing.T) {
	in(t, 1, func(w *world) {
		w.all("a", "b", "c")
		w.set(func() { w.version, w.broken[2] = 2, true })
		var first *host
		for first == nil {
			w.sleep(100 * time.Millisecond)
			w.set(func() {
				for _, h := range w.hosts {
					if h.starts == 2 {
						first = h
					}
				}
			})
		}
		first.killed()
		first.child.end(137)
		w.sleep(10 * time.Minute)
		if !w.heard("its supervisor died during its turn, and it does not answer") {
			t.Fatalf("said: %s", strings.Join(w.said, "\n"))
		}
		w.set(func() { delete(w.broken, 2) })
		w.supervise(first.name)
		w.have(2, 5*time.Minute)
	})
}
