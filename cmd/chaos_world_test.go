package cmd_test

import (
	crand "crypto/rand"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus/wasmbustest"
)

// chaos is a lattice of hosts of several versions, each on a machine of its own, and
// a NATS server.
type chaos struct {
	t       *testing.T
	dir     string
	random  *rand.Rand
	server  *natstest.Server
	conn    *natsconn.Conn
	fleet   *wasmbustest.Fleet
	hosts   []string
	version map[string]string
	brought map[string]string           // the env file on each host's machine
	running map[string]wasmbustest.Host // as they started
	seeds   map[string]bool             // all that there ever were
	took    map[string]time.Duration    // how long each command takes
	counts  map[string]int
}

func newChaos(t *testing.T) *chaos {
	t.Helper()
	w := &chaos{
		t: t, dir: t.TempDir(), random: newChaosRandom(t), server: natstest.Start(t), fleet: wasmbustest.NewFleet(),
		version: map[string]string{"a": "0.82.0", "b": "0.82.0", "c": "0.78.0", "d": "0.63.2"},
		hosts:   []string{"a", "b", "c", "d"},
		seeds:   map[string]bool{}, brought: map[string]string{}, running: map[string]wasmbustest.Host{}, took: map[string]time.Duration{}, counts: map[string]int{},
	}
	o := w.server.Options(natsconn.Login{})
	o.Reconnect = true
	var err error
	if w.conn, err = natsconn.Connect(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.fleet.Close(); w.conn.Close() })
	for _, args := range []string{
		"lattice init --prefix p --host a --host b", "hosts add c --target rust-0.78", "hosts add d --target otp", "env write --dir " + w.path("env"),
	} {
		inFolder(t, w.dir, 0, args)
	}
	for _, name := range w.hosts {
		w.bring(name)
		w.boot(name)
	}
	return w
}

func (w *chaos) path(name string) string { return filepath.Join(w.dir, name) }

func (w *chaos) manifest() lattice.Manifest { return loadManifest(w.t, w.dir) }

// bring copies a host's env file to its machine.
func (w *chaos) bring(name string) {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.dir, "env", name+".env"))
	if os.IsNotExist(err) {
		return // env write was killed while it renamed the set, and the next one mends it
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.brought[name] = string(text)
}

// boot starts a host, or starts it again, with the file on its machine.
func (w *chaos) boot(name string) {
	w.t.Helper()
	h, err := wasmbustest.Boot(name, w.version[name], wasmbustest.ReadEnv(w.brought[name]), crand.Reader)
	if err == nil {
		err = w.fleet.Start(w.conn.Conn, h)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	w.running[name] = h
	w.judge()
}

// kill ends a host; it comes back some time.
func (w *chaos) kill(name string) {
	w.counts["host killed"]++
	w.fleet.Stop(name)
	delete(w.running, name)
}

// stored are the public keys of the seeds in the keystore by name; the seeds are
// kept, to look for them in what latch says.
func (w *chaos) stored() map[string]keys.PublicKey {
	w.t.Helper()
	paths, err := filepath.Glob(w.path("k/*.nk"))
	if err != nil {
		w.t.Fatal(err)
	}
	found := map[string]keys.PublicKey{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			w.t.Fatal(err)
		}
		seed, err := keys.ParseSeed(text, keys.Cluster)
		if err != nil {
			w.t.Fatalf("%s: %v", path, err)
		}
		found[strings.TrimSuffix(filepath.Base(path), ".nk")] = seed.PublicKey()
		w.seeds[string(text)] = true
	}
	return found
}

// usual is how long a command takes, to kill something within that.
func (w *chaos) usual(args string) time.Duration {
	verb := strings.Join(strings.Fields(args)[:2], " ")
	if took, known := w.took[verb]; known {
		return took
	}
	return 100 * time.Millisecond
}

// learn notes how long a command has taken.
func (w *chaos) learn(args string, begun time.Time) {
	w.took[strings.Join(strings.Fields(args)[:2], " ")] = time.Since(begun)
}
