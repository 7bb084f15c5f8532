package supervise_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/rollout"
	"github.com/latch-keys/latch/internal/rollout/supervise"
)

// The times of these tests are of a bubble: nothing waits for them.
const (
	lease        = 10 * time.Second
	stopTimeout  = 5 * time.Second
	startTimeout = 20 * time.Second
)

// world is a lattice whose hosts are told a version.
type world struct {
	t    testing.TB
	most int

	every time.Duration
	hints chan struct{} // nil for none

	mu      sync.Mutex
	random  *rand.Rand
	version uint64
	digest  string // "" for that of the version
	urgent  bool
	away    bool            // the store
	broken  map[uint64]bool // versions that no host starts with
	rough   bool            // answers are late and lost, hosts take their time
	hosts   map[string]*host
	said    []string
	most1   int // hosts that were down at the same time
	fences  map[uint64]string
	data    []byte
	rev     uint64
}

func newWorld(t testing.TB, most int) *world {
	return &world{t: t, most: most, every: 5 * time.Second, random: rand.New(rand.NewPCG(1, 1)), version: 1, broken: map[uint64]bool{}, hosts: map[string]*host{}, fences: map[uint64]string{}}
}

// host is one host, whoever supervises it.
type host struct {
	w        *world
	name     string
	answers  uint64 // the version it answers with, 0 while it does not
	down     bool   // a roll-out has taken it down, and it is not back
	deaf     bool   // to SIGTERM
	starts   int
	signals  []os.Signal
	child    *child
	signal   chan os.Signal
	code     chan int
	err      chan error
	killed   context.CancelFunc
	instance int
}

type child struct {
	host  *host
	ended chan struct{}
	once  sync.Once
	code  int
}

func (c *child) Ended() <-chan struct{} { return c.ended }
func (c *child) Code() int              { return c.code }
func (c *child) Kill() error            { c.end(137); return nil }

func (c *child) end(code int) {
	c.once.Do(func() {
		c.host.w.mu.Lock()
		defer c.host.w.mu.Unlock()
		if c.host.child == c {
			c.host.answers = 0
		}
		c.code = code
		close(c.ended)
	})
}

func (c *child) Signal(s os.Signal) error {
	w := c.host.w
	w.mu.Lock()
	defer w.mu.Unlock()
	c.host.signals = append(c.host.signals, s)
	if s == syscall.SIGTERM {
		w.goesDown(c.host)
	}
	if s == syscall.SIGTERM && !c.host.deaf {
		time.AfterFunc(w.some(time.Second), func() { c.end(0) })
	}
	return nil
}

// some is a time that something takes.
func (w *world) some(most time.Duration) time.Duration {
	if !w.rough {
		return most / 10
	}
	return time.Duration(w.random.Int64N(int64(most)))
}

// goesDown notes that a roll-out takes a host down.
func (w *world) goesDown(h *host) {
	h.down = true // though it may answer until it has ended
	down := 0
	for _, each := range w.hosts {
		if each.down {
			down++
		}
	}
	w.most1 = max(w.most1, down)
	if down > w.most && !w.urgent {
		w.t.Errorf("%d hosts are down at the same time", down)
	}
}

// start is what the supervisor of a host starts.
func (h *host) start(environ []string) (supervise.Child, error) {
	w := h.w
	w.mu.Lock()
	defer w.mu.Unlock()
	h.starts++
	c := &child{host: h, ended: make(chan struct{})}
	h.child = c
	var version uint64
	if _, err := fmt.Sscanf(environ[0], "VERSION=%d", &version); err != nil {
		return nil, err
	}
	if w.broken[version] {
		return c, nil
	}
	time.AfterFunc(w.some(2*time.Second), func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		if h.child == c && !isOver(c) {
			h.answers, h.down = version, false
		}
	})
	return c, nil
}

func isOver(c *child) bool {
	select {
	case <-c.ended:
		return true
	default:
		return false
	}
}

// read is what a host would be told.
func (w *world) read(name string) (supervise.Told, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.away {
		return supervise.Told{}, fault.New(fault.Unavailable, "the store is away")
	}
	digest := w.digest
	if digest == "" {
		digest = fmt.Sprint(w.version)
	}
	return supervise.Told{
		Digest: digest, Environ: []string{fmt.Sprintf("VERSION=%d", w.version)}, Emergency: w.urgent,
		Want: rollout.Want{Host: name, Generation: w.version},
	}, nil
}

// look is what a supervisor sees of a host.
func (w *world) look(ctx context.Context, want rollout.Want, _ time.Duration) (rollout.Sight, error) {
	if err := w.mishap(ctx); err != nil {
		return rollout.Away, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	h, listed := w.hosts[want.Host]
	switch {
	case !listed:
		return rollout.Unlisted, nil
	case h.answers == 0:
		return rollout.Away, nil
	case h.answers < want.Generation:
		return rollout.Up, nil
	}
	return rollout.AsWritten, nil
}

// mishap takes its time, or fails.
func (w *world) mishap(ctx context.Context) error {
	w.mu.Lock()
	if !w.rough {
		w.mu.Unlock()
		return ctx.Err()
	}
	late, lost := w.some(20*time.Millisecond), w.random.IntN(20) == 0
	if w.random.IntN(50) == 0 {
		late = w.some(8 * lease)
	}
	w.mu.Unlock()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(late):
	}
	if lost {
		return errors.New("the answer was lost")
	}
	return nil
}

// Read is that of the ledger.
func (w *world) Read(ctx context.Context) ([]byte, uint64, error) {
	if err := w.mishap(ctx); err != nil {
		return nil, 0, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.data), w.rev, nil
}

// Write is that of the ledger: an error does not mean that nothing was written.
func (w *world) Write(ctx context.Context, data []byte, over uint64) (bool, error) {
	if err := w.mishap(ctx); err != nil {
		return false, err
	}
	w.mu.Lock()
	won := w.rev == over
	if won {
		w.rev++
		w.data = slices.Clone(data)
		w.judge()
	}
	w.mu.Unlock()
	return won, w.mishap(ctx)
}

// judge holds the record to its promises.
func (w *world) judge() {
	var r struct {
		Turns []struct {
			Fence  uint64 `json:"fence"`
			Holder string `json:"holder"`
		} `json:"turns"`
	}
	if err := json.Unmarshal(w.data, &r); err != nil {
		w.t.Error(err)
	}
	if len(r.Turns) > w.most {
		w.t.Errorf("%d turns at the same time", len(r.Turns))
	}
	for _, turn := range r.Turns {
		if before, known := w.fences[turn.Fence]; known && before != turn.Holder {
			w.t.Errorf("turn %d is held by %s and by %s", turn.Fence, before, turn.Holder)
		}
		w.fences[turn.Fence] = turn.Holder
	}
}

// supervise starts a supervisor for a host, as systemd would.
func (w *world) supervise(name string) *host {
	w.mu.Lock()
	h := w.hosts[name]
	if h == nil {
		h = &host{w: w, name: name}
		w.hosts[name] = h
	}
	h.instance++
	begun := time.Now()
	h.signal, h.code, h.err = make(chan os.Signal, 1), make(chan int, 1), make(chan error, 1)
	var ctx context.Context
	ctx, h.killed = context.WithCancel(context.Background())
	s := &supervise.Supervisor{
		Read: func(context.Context) (supervise.Told, error) { return w.read(name) }, Start: h.start, Signals: h.signal, Hints: w.hints,
		Member: &rollout.Member{
			Host: name, Holder: fmt.Sprintf("%s-%d", name, h.instance), Most: w.most, Lease: lease, Patience: stopTimeout + startTimeout,
			Ledger: w, Look: w.look, Now: rollout.Clock(func() time.Duration { return time.Since(begun) }, time.Now),
		},
		Say: w.say, Warn: w.say, Every: w.every, Settle: time.Second, StopTimeout: stopTimeout, StartTimeout: startTimeout,
	}
	code, failed := h.code, h.err
	w.mu.Unlock()
	go func() {
		c, err := s.Run(ctx)
		if err != nil {
			failed <- err
		}
		code <- c
	}()
	return h
}

func (w *world) say(format string, args ...any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.said = append(w.said, fmt.Sprintf(format, args...))
}

func (w *world) set(change func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	change()
}

func (w *world) get(f func() int) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return f()
}

// all has hosts supervised until the test ends.
func (w *world) all(names ...string) {
	for _, name := range names {
		w.supervise(name)
	}
	w.sleep(10 * time.Second)
}

func (w *world) sleep(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// end ends all hosts.
func (w *world) end() {
	w.mu.Lock()
	var hosts []*host
	for _, h := range w.hosts {
		hosts = append(hosts, h)
	}
	w.mu.Unlock()
	for _, h := range hosts {
		h.killed()
		if h.child != nil {
			h.child.end(0)
		}
	}
	time.Sleep(time.Hour) // whatever was to come has come
}

// have waits until all hosts answer with a version.
func (w *world) have(version uint64, within time.Duration) {
	w.t.Helper()
	for begun := time.Now(); time.Since(begun) < within; time.Sleep(time.Second) {
		missing := w.get(func() (n int) {
			for _, h := range w.hosts {
				if h.answers != version {
					n++
				}
			}
			return n
		})
		if missing == 0 {
			return
		}
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for name, h := range w.hosts {
		w.t.Errorf("%s answers with %d, want %d", name, h.answers, version)
	}
	w.t.Fatalf("record: %s\nsaid: %s", w.data, strings.Join(w.said, "\n"))
}

// heard reports whether something was said.
func (w *world) heard(part string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.said, func(s string) bool { return strings.Contains(s, part) })
}
