package cmd_test

import (
	"bytes"
	"errors"
	"flag"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/oracle"
)

var chaosTime = flag.Duration("chaos", 5*time.Second, "how long the test of killed rotations goes on")

// TestChaos rotates the key of a lattice, three deploys each time, while latch, hosts
// and the NATS server are killed at random. No two running hosts ever refuse each
// other, by the lists that they really hold; no seed is lost or printed. It goes on
// until one rotation at least is done.
func TestChaos(t *testing.T) {
	t.Parallel()
	w := newChaos(t)
	begun := time.Now()
	for w.counts["rotations"] == 0 || w.counts["latch killed"] == 0 || time.Since(begun) < *chaosTime {
		w.turn()
	}
	oracle.Figure(t, "%d rotations, %d commands; killed: latch %d, hosts %d, the server %d times; %d mixes of running hosts",
		w.counts["rotations"], w.counts["commands"], w.counts["latch killed"], w.counts["host killed"], w.counts["server killed"], w.counts["mixes"])
}

// turn is one step of whoever rotates, or of the deploy.
func (w *chaos) turn() {
	switch m, dice := w.manifest(), w.random.IntN(9); {
	case dice < 3:
		w.command("env write --dir " + w.path("env"))
	case dice < 6:
		w.deploy()
	case m.Rotation == nil:
		w.command("issuers rotate start")
	case dice == 6:
		w.command("issuers rotate status --live --timeout 300ms --nats " + w.server.URL())
	default:
		w.command("issuers rotate next --live --timeout 300ms --nats " + w.server.URL())
		if after := w.manifest(); m.Rotation != nil && after.Rotation == nil {
			w.counts["rotations"]++
			w.deleteUnneeded()
		}
	}
	for _, name := range w.hosts {
		if _, runs := w.running[name]; !runs && w.random.IntN(3) == 0 {
			w.boot(name)
		}
	}
}

// deploy brings the env files to some hosts, which restart with them.
func (w *chaos) deploy() {
	for _, name := range w.hosts {
		if w.random.IntN(4) == 0 {
			continue
		}
		w.bring(name)
		if w.random.IntN(8) == 0 {
			w.kill(name) // before it has restarted
			continue
		}
		w.boot(name)
	}
}

// deleteUnneeded deletes the keys that no issuer is.
func (w *chaos) deleteUnneeded() {
	m := w.manifest()
	for name, key := range w.stored() {
		if !slices.ContainsFunc(m.Issuers, func(is lattice.Issuer) bool { return is.PublicKey == key }) {
			w.command("keys delete " + name + " --yes")
		}
	}
}

// command runs latch, and meanwhile something may be killed.
func (w *chaos) command(args string) {
	w.t.Helper()
	c := exec.Command(os.Args[0])
	c.Args = append([]string{"latch"}, arguments(w.dir, args)...)
	c.Dir, c.Env = w.dir, []string{"HOME=" + w.dir}
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		w.t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	killed := false
	if w.random.IntN(2) == 0 {
		select {
		case err := <-ended:
			ended <- err
		case <-time.After(time.Duration(w.random.Int64N(int64(w.usual(args))))):
			killed = w.disturb(c)
		}
	} else {
		defer w.learn(args, time.Now())
	}
	err := <-ended
	w.counts["commands"]++
	w.judgeEnd(args, err, killed, said.Bytes())
	w.judge()
}

// disturb kills one of what runs; killed tells whether it was latch.
func (w *chaos) disturb(c *exec.Cmd) (killed bool) {
	switch w.random.IntN(4) {
	case 0:
		w.counts["server killed"]++
		w.server.Restart(w.t)
	case 1:
		w.kill(w.hosts[w.random.IntN(len(w.hosts))])
	default:
		w.counts["latch killed"]++
		return c.Process.Kill() == nil
	}
	return false
}

// judgeEnd holds a command to its exit code, and to its silence about seeds.
func (w *chaos) judgeEnd(args string, err error, killed bool, said []byte) {
	w.t.Helper()
	var exit *exec.ExitError
	code := 0
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	}
	if !killed && !slices.Contains([]int{0, 3, 4, 5}, code) {
		w.t.Errorf("%s: exit code %d, %v\n%s", args, code, err, keys.Mask(string(said)))
	}
	for seed := range w.seeds {
		if bytes.Contains(said, []byte(seed)) {
			w.t.Errorf("%s printed a seed", args)
		}
	}
}

// judge finds hosts that refuse each other, and seeds that are lost.
func (w *chaos) judge() {
	w.t.Helper()
	for _, caller := range w.running {
		for _, callee := range w.running {
			w.counts["mixes"]++
			if !slices.Contains(strings.Split(callee.Accepts, ","), caller.Signs) {
				w.t.Fatalf("%s refuses the calls of %s: it accepts %s, and not %s", callee.Name, caller.Name, callee.Accepts, caller.Signs)
			}
		}
	}
	stored := map[string]bool{}
	for _, key := range w.stored() {
		stored[key.String()] = true
	}
	for _, is := range w.manifest().Issuers {
		if !stored[is.PublicKey.String()] {
			w.t.Fatalf("the seed of issuer %s is lost", is.Name)
		}
	}
	for _, h := range w.running {
		if !stored[h.Signs] {
			w.t.Fatalf("the seed that %s signs with is lost", h.Name)
		}
	}
}

func newChaosRandom(t *testing.T) *rand.Rand {
	seed := uint64(time.Now().UnixNano())
	t.Logf("chaos by %d", seed)
	return rand.New(rand.NewPCG(seed, 0))
}
