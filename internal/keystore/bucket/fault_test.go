package bucket_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// through is the same person over wires of their own.
func (p person) through(w *wires) person {
	p.dial = dialThrough(w.dial())
	return p
}

// An answer that is lost, and a request that is lost, look the same: either way the
// write is there in the end, once.
func TestLostAnswersAndLostRequests(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	for lost, act := range map[string]func(w *wires) bool{
		"answer":  func(w *wires) bool { w.muted = true; return true },
		"request": func(*wires) bool { return false },
	} {
		for what, key := range map[string]string{"root": "root", "seed": "seeds.prod"} {
			t.Run(lost+" "+what, func(t *testing.T) {
				t.Parallel()
				name := lost + "-" + what
				p := newTeam(t, name, server)
				before := p.generation(t)
				seed := keystoretest.NewSeed(t, keys.Cluster)
				flaky := p.through(&wires{said: once("$KV."+name+"."+key, act)})
				if err := flaky.open(t).Put(t.Context(), "prod", seed); err != nil {
					t.Fatal(err)
				}
				got, err := p.open(t).Get(t.Context(), "prod")
				if err != nil || got.PublicKey() != seed.PublicKey() {
					t.Fatal(got, err)
				}
				if after := p.generation(t); after != before+1 {
					t.Errorf("%d changes were made of one", after-before)
				}
				if n := p.revisions(t, "prod"); n != 1 {
					t.Errorf("the seed has %d revisions", n)
				}
			})
		}
	}
}

// A client cut off in the middle of a change gets an error in time; what it has begun
// counts for nothing or is whole, and doing it again goes through.
func TestCutOffMidway(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	for what, key := range map[string]string{"before the seed": "seeds.prod", "before the root": "root"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			name := strings.ReplaceAll(what, " ", "-")
			p := newTeam(t, name, server)
			seed := keystoretest.NewSeed(t, keys.Cluster)
			cut := false
			flaky := p.through(&wires{said: func(_ *wires, data []byte) bool {
				cut = cut || bytes.Contains(data, []byte("HPUB $KV."+name+"."+key+" "))
				return !cut
			}})
			flaky.patience = 3 * time.Second // for the answers before the cut too
			err := flaky.open(t).Put(t.Context(), "prod", seed)
			if !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.HintOf(err), "doing it again is safe") {
				t.Fatal(err)
			}
			if entries, err := p.open(t).List(t.Context()); err != nil || len(entries) > 0 {
				t.Fatal(entries, err)
			}
			if err := p.open(t).Put(t.Context(), "prod", seed); err != nil {
				t.Fatal(err)
			}
			if n := p.revisions(t, "prod"); n != 1 {
				t.Errorf("the seed has %d revisions", n)
			}
		})
	}
}

// Three servers: one is killed while keys are stored, and nothing is lost or doubled.
// Two are killed, and it is said in time. What is read is never old, whichever server
// is asked.
func TestServersKilled(t *testing.T) {
	t.Parallel()
	servers := natstest.Cluster(t, 3)
	p := newTeam(t, "team", servers...)
	stored := map[string]keys.PublicKey{}
	put := func(name string) {
		t.Helper()
		seed := keystoretest.NewSeed(t, keys.Cluster)
		if err := p.open(t).Put(t.Context(), name, seed); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		stored[name] = seed.PublicKey()
		for _, s := range servers {
			if !s.Running() {
				continue
			}
			one := p
			one.uri = s.URL() + "/team"
			if got := keystoretest.Public(t, one.open(t), name); got != stored[name] {
				t.Fatalf("%s is %q as %s tells it", name, got, s.Name())
			}
		}
	}
	for i := range 12 {
		if i == 4 {
			leader(t, servers).Stop()
		}
		put(fmt.Sprintf("key-%02d", i))
	}
	checked, findings, err := keystore.Check(t.Context(), p.open(t))
	if err != nil || len(checked) != len(stored) || len(findings) > 0 {
		t.Fatal(len(checked), findings, err)
	}
	for _, c := range checked {
		if c.Err != nil || c.PublicKey != stored[c.Name] || p.revisions(t, c.Name) != 1 {
			t.Errorf("%v, %d revisions", c, p.revisions(t, c.Name))
		}
	}
	leader(t, servers).Stop()
	p.patience = 2 * time.Second
	err = p.open(t).Put(t.Context(), "late", keystoretest.NewSeed(t, keys.Cluster))
	if !fault.Is(err, fault.Unavailable) || fault.HintOf(err) == "" {
		t.Fatalf("two of three are gone: %v", err)
	}
}

// leader is the running server that leads the bucket, or any.
func leader(t *testing.T, servers []*natstest.Server) *natstest.Server {
	t.Helper()
	var running *natstest.Server
	for _, s := range servers {
		if s.Running() {
			running = s
			if s.JetStreamIsStreamLeader("$G", "KV_team") {
				return s
			}
		}
	}
	return running
}

// Two maintainers change the same keystore at the same time: both changes are made, or
// one is told of the other.
func TestTwoChangeItAtOnce(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	p := newTeam(t, "team", server)
	seeds := p.put(t, "a", "b")
	other := newPerson(t, "team", server)
	errs := make(chan error, 2)
	go func() {
		_, _, err := p.open(t).Share(t.Context(), []recipientOf{other.recipient(t)})
		errs <- err
	}()
	go func() { errs <- p.open(t).Put(t.Context(), "c", seeds["a"]) }()
	for range 2 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"a", "b", "c"} {
		if _, err := other.open(t).Get(t.Context(), name); err != nil {
			t.Errorf("the new recipient cannot open %s: %v", name, err)
		}
	}
	if _, findings, err := keystore.Check(t.Context(), p.open(t)); err != nil || len(findings) > 0 {
		t.Error(findings, err)
	}
}
