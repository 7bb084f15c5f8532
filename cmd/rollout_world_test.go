package cmd_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/bucket"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/rollout"
	"github.com/latch-keys/latch/internal/rollout/supervise"
	"github.com/latch-keys/latch/internal/wasmbus"
	"github.com/latch-keys/latch/internal/wasmbus/wasmbustest"
)

// rolling is a lattice of simulated hosts on real servers, each under a supervisor of
// its own, whose record is in a bucket there.
type rolling struct {
	t       testing.TB
	servers []*natstest.Server
	fleet   *wasmbustest.Fleet
	key     keys.PublicKey
	most    int
	every   time.Duration
	lease   time.Duration
	drain   time.Duration // how long a host takes to end

	mu      sync.Mutex
	m       lattice.Manifest
	down    map[string]bool
	atMost  int // hosts that were down at the same time
	arrived int // hosts that answer by the present generation
	done    chan struct{}
}

func newRolling(t testing.TB, hosts, most int, servers ...*natstest.Server) *rolling {
	r := &rolling{
		t: t, servers: servers, fleet: wasmbustest.NewFleet(), key: natstest.Key(t, keys.Cluster).PublicKey(), most: most,
		every: 100 * time.Millisecond, lease: 2 * time.Second, down: map[string]bool{}, done: make(chan struct{}, 1),
	}
	r.m = lattice.Manifest{Lattice: "prod", Generation: 1, Issuers: []lattice.Issuer{{Name: "one", PublicKey: r.key}}}
	for i := range hosts {
		r.m.Hosts = append(r.m.Hosts, lattice.Host{Name: fmt.Sprintf("host-%03d", i), SignsWith: "one"})
	}
	t.Cleanup(r.fleet.Close)
	return r
}

func (r *rolling) manifest() lattice.Manifest {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.m
}

// next is a new generation that changes every host's environment.
func (r *rolling) next() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.m.Generation++
	r.arrived = 0
}

func (r *rolling) connect() *natsconn.Conn {
	r.t.Helper()
	o := r.servers[0].Options(natsconn.Login{})
	o.Reconnect = true
	o.Server.URLs = nil
	for _, s := range r.servers {
		o.Server.URLs = append(o.Server.URLs, s.URL())
	}
	conn, err := natsconn.Connect(r.t.Context(), o)
	if err != nil {
		r.t.Fatal(err)
	}
	r.t.Cleanup(conn.Close)
	return conn
}

// running is one simulated host as a child.
type running struct {
	r     *rolling
	name  string
	ended chan struct{}
	once  sync.Once
}

func (c *running) Ended() <-chan struct{} { return c.ended }
func (c *running) Code() int              { return 0 }

func (c *running) Kill() error {
	c.once.Do(func() {
		c.r.fleet.Stop(c.name)
		close(c.ended)
	})
	return nil
}

// Signal stops it, as soon as it is drained.
func (c *running) Signal(os.Signal) error {
	c.r.mu.Lock()
	c.r.down[c.name] = true
	c.r.atMost = max(c.r.atMost, len(c.r.down))
	c.r.mu.Unlock()
	if c.r.drain == 0 {
		return c.Kill()
	}
	time.AfterFunc(c.r.drain, func() { _ = c.Kill() })
	return nil
}

// supervise runs a host until it is killed, with its supervisor.
func (r *rolling) supervise(name string, conn *natsconn.Conn) (kill func()) {
	ctx, cancel := context.WithCancel(r.t.Context())
	var child *running
	read := func(context.Context) (supervise.Told, error) {
		m := r.manifest()
		return supervise.Told{
			Digest: fmt.Sprint(m.Generation), Environ: []string{fmt.Sprint(m.Generation)},
			Want: rollout.Want{Host: name, Generation: m.Generation, Signs: r.key.String(), Accepts: []string{r.key.String()}},
		}, nil
	}
	start := func(environ []string) (supervise.Child, error) {
		child = &running{r: r, name: name, ended: make(chan struct{})}
		h := wasmbustest.Host{
			Name: name, Version: "0.82.0", Key: natstest.Key(r.t, keys.Server).PublicKey().String(), Lattice: "prod",
			Labels: map[string]string{"latch_host": name, "latch_generation": environ[0]}, Signs: r.key.String(), Accepts: r.key.String(),
		}
		err := r.fleet.Start(conn.Conn, h)
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.down, name)
		if r.arrived++; environ[0] == fmt.Sprint(r.m.Generation) && r.arrived == len(r.m.Hosts) {
			r.done <- struct{}{}
		}
		return child, err
	}
	begun := time.Now()
	s := &supervise.Supervisor{
		Read: read, Start: start, Say: func(string, ...any) {}, Warn: func(string, ...any) {},
		Member: &rollout.Member{
			Host: name, Holder: name + fmt.Sprint(begun.UnixNano()), Most: r.most, Lease: r.lease, Patience: 11 * time.Second,
			Ledger: bucket.CellOn(conn, "rollout", "prod"), Look: r.look(conn),
			Now: rollout.Clock(func() time.Duration { return time.Since(begun) }, time.Now),
		},
		Every: r.every, Settle: 0, StopTimeout: time.Second, StartTimeout: 10 * time.Second,
	}
	over := make(chan struct{})
	go func() {
		defer close(over)
		if _, err := s.Run(ctx); err != nil && !errors.Is(err, context.Canceled) {
			r.t.Errorf("%s: %v", name, err)
		}
	}()
	return func() {
		cancel()
		<-over
		_ = child.Kill()
	}
}

// look asks the hosts over NATS.
func (r *rolling) look(conn *natsconn.Conn) rollout.Look {
	return func(ctx context.Context, want rollout.Want, age time.Duration) (rollout.Sight, error) {
		m := r.manifest()
		roster, err := wasmbus.NewRoster(m, nil)
		if err != nil {
			return rollout.Away, err
		}
		q := roster.Question()
		q.Expected, q.Timeout, q.Quiet = []string{want.Host}, time.Second, time.Millisecond
		answers, err := wasmbus.Ask(ctx, conn, q)
		if err != nil {
			return rollout.Away, err
		}
		standing := lattice.Standing{Host: want.Host, Signs: r.key, Accepts: keys.Issuers{r.key}}
		return []rollout.Sight{rollout.Away, rollout.Up, rollout.AsWritten}[wasmbus.StatusOf(roster, answers).Presence(standing, want.Generation, age)], nil
	}
}

// start starts all hosts, and waits until they run. What it gives kills them by name.
func (r *rolling) start() map[string]func() {
	r.t.Helper()
	kills := map[string]func(){}
	for _, h := range r.m.Hosts {
		kills[h.Name] = r.supervise(h.Name, r.connect())
	}
	r.wait()
	r.t.Cleanup(func() {
		for _, kill := range kills {
			kill()
		}
	})
	return kills
}

// wait waits until all hosts have been started with the present generation.
func (r *rolling) wait() {
	r.t.Helper()
	select {
	case <-r.done:
	case <-time.After(2 * time.Minute):
		data, _, err := bucket.CellOn(r.connect(), "rollout", "prod").Read(r.t.Context())
		r.t.Fatalf("the roll-out is not done: %s, %v", strings.TrimSpace(string(data)), err)
	}
}
