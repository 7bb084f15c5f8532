package cmd_test

import (
	"bytes"
	"crypto/rand"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/env/envfile/judge"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/process"
)

// machine is a folder with a manifest, a keystore and env files, and the hosts that
// run with what was brought to them.
type machine struct {
	rt        *rapid.T
	t         *testing.T
	dir       string
	began     time.Time // when the next command was typed; zero: not heeded
	running   map[string]lattice.Observation
	older     [][]byte // what the manifest said before
	emergency bool     // calls may be refused until it is over
	numbers   int
	history   []string
	counts    map[string]int
}

func newMachine(t *testing.T, rt *rapid.T) *machine {
	dir, err := os.MkdirTemp("", "latch-machine") //nolint:usetesting // one for each run of rapid, gone at its end
	if err != nil {
		t.Fatal(err)
	}
	rt.Cleanup(func() { _ = os.RemoveAll(dir) })
	k := &machine{rt: rt, t: t, dir: dir, running: map[string]lattice.Observation{}, counts: map[string]int{}}
	for _, folder := range []string{"hosts", "home"} {
		if err := os.Mkdir(k.path(folder), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	init := "lattice init --prefix p --host host-1 --host host-2" + k.pick("", " --per-host")
	if code, out := k.run(init, nil); code != 0 {
		k.fatalf("%s: exit code %d\n%s", init, code, out)
	}
	k.numbers = 2
	if code, out := k.run("env write", nil); code != 0 {
		k.fatalf("env write: exit code %d\n%s", code, out)
	}
	if code, out := k.run("keys gen cluster --name spare", nil); code != 0 {
		k.fatalf("keys gen: exit code %d\n%s", code, out)
	}
	k.restart("host-1")
	k.restart("host-2")
	return k
}

func (k *machine) path(name string) string { return filepath.Join(k.dir, name) }
func (k *machine) hostsDir() string        { return k.path("hosts") }

func (k *machine) pick(from ...string) string { return rapid.SampledFrom(from).Draw(k.rt, "which") }

func (k *machine) fresh() int {
	k.numbers++
	return k.numbers
}

func (k *machine) fatalf(format string, args ...any) {
	k.rt.Fatalf(format+"\nafter\n  %s", append(args, strings.Join(k.history, "\n  "))...)
}

func (k *machine) text() []byte {
	text, err := os.ReadFile(k.path("lattice.yaml"))
	if err != nil {
		k.fatalf("%v", err)
	}
	return text
}

func (k *machine) write(name string, text []byte) {
	if err := os.WriteFile(k.path(name), text, 0o600); err != nil {
		k.fatalf("%v", err)
	}
}

func (k *machine) manifest() lattice.Manifest {
	doc, err := lattice.Load(k.path("lattice.yaml"))
	if err != nil {
		k.fatalf("%v", err)
	}
	return doc.Manifest()
}

// anyIssuer is the name of an issuer, or of a key that is retired.
func (k *machine) anyIssuer() string {
	m := k.manifest()
	known := m.Issuers
	if m.Rotation != nil {
		known = slices.Concat(known, m.Rotation.Retired)
	}
	return known[rapid.IntRange(0, len(known)-1).Draw(k.rt, "issuer")].Name
}

// anyKey is the name of a key in the store.
func (k *machine) anyKey() string {
	names := slices.Sorted(keysOf(k.stored()))
	return names[rapid.IntRange(0, len(names)-1).Draw(k.rt, "key")]
}

func keysOf(stored map[string]keys.PublicKey) func(func(string) bool) {
	return func(yield func(string) bool) {
		for name := range stored {
			if !yield(name) {
				return
			}
		}
	}
}

// stored are the public keys of the seeds in the store, by name.
func (k *machine) stored() map[string]keys.PublicKey {
	found := map[string]keys.PublicKey{}
	files, err := filepath.Glob(k.path("k/*.nk"))
	if err != nil {
		k.fatalf("%v", err)
	}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			k.fatalf("%v", err)
		}
		seed, err := keys.ParseSeed(text, keys.Cluster)
		if err != nil {
			k.fatalf("%s: %v", path, err)
		}
		seed.Wipe()
		found[strings.TrimSuffix(filepath.Base(path), ".nk")] = seed.PublicKey()
	}
	return found
}

// restart brings a host's env file to it and lets it run with that.
func (k *machine) restart(host string) {
	text, err := os.ReadFile(k.path("env/" + host + ".env"))
	if err != nil {
		k.fatalf("%v", err)
	}
	k.write("hosts/"+host+".env", text)
	k.running[host] = k.told("hosts/" + host + ".env")
}

func (k *machine) stop(host string) {
	delete(k.running, host)
	if err := os.Remove(k.path("hosts/" + host + ".env")); err != nil {
		k.fatalf("%v", err)
	}
}

// told is what an env file makes of its host.
func (k *machine) told(name string) lattice.Observation {
	text, err := os.ReadFile(k.path(name))
	if err != nil {
		k.fatalf("%v", err)
	}
	hosts, err := envfile.Parse(name, text, envfile.Options{})
	if err != nil || len(hosts) != 1 {
		k.fatalf("%s: %d hosts, %v", name, len(hosts), err)
	}
	defer hosts[0].Wipe()
	return judge.Observe(hosts, time.Time{})[0]
}

func (k *machine) newestIn(folder string) uint64 {
	var newest uint64
	files, _ := filepath.Glob(filepath.Join(folder, "*.env"))
	for _, path := range files {
		name, err := filepath.Rel(k.dir, path)
		if err != nil {
			k.fatalf("%v", err)
		}
		newest = max(newest, k.told(name).Generation)
	}
	return newest
}

// meanwhile runs something once, when a command first asks for what it stands in
// for: an answer, randomness, or the time.
type meanwhile struct {
	do   func()
	from io.Reader
}

func (m *meanwhile) once() {
	if do := m.do; do != nil {
		m.do = nil
		do()
	}
}

// Read is an answer, or randomness, that comes late.
func (m *meanwhile) Read(p []byte) (int, error) {
	m.once()
	return m.from.Read(p)
}

// command runs a command as a person at a terminal would, with a second one while
// it is under way: between its question and the answer, before its keys are made, or
// after it has read the manifest.
func (k *machine) command(args string) {
	before := k.manifest()
	var second func()
	if rapid.IntRange(0, 2).Draw(k.rt, "beside") == 0 {
		other := k.second()
		second = func() {
			k.counts["beside"]++
			k.run(other, nil)
		}
	}
	text := k.text()
	code, out := k.run(args, second)
	if !slices.Contains([]int{0, 4, 5}, code) {
		k.fatalf("%s: exit code %d\n%s", args, code, out)
	}
	after := k.manifest()
	if !bytes.Equal(text, k.text()) {
		k.older = append(k.older, text)
	}
	if after.Rotation != nil && (before.Rotation == nil || before.Rotation.Phase != after.Rotation.Phase) {
		k.counts["phases"]++
	}
	if strings.HasPrefix(args, "keys delete") {
		k.counts[map[bool]string{true: "deleted", false: "refused deletes"}[code == 0]]++
	}
}

func (k *machine) run(args string, second func()) (code int, out []byte) {
	k.counts["commands"]++
	k.history = append(k.history, args)
	var stdout, stderr bytes.Buffer
	answers := map[string]string{"issuers rotate emergency": "p\n", "keys delete": "y\n"}
	answer := ""
	for start, text := range answers {
		if strings.HasPrefix(args, start) {
			answer = text
		}
	}
	other := &meanwhile{do: second}
	sys := process.System{
		Args:    append([]string{"latch"}, arguments(k.dir, args)...),
		Environ: []string{"HOME=" + k.path("home")},
		Stdin:   &meanwhile{do: other.once, from: strings.NewReader(answer)},
		Stdout:  &stdout, Stderr: &stderr,
		Terminal: process.Terminal{Stdin: answer != "", Stderr: answer != ""},
		Started:  k.began, Now: time.Now,
		Random: randomness{},
	}
	switch {
	case strings.HasPrefix(args, "issuers rotate start"):
		sys.Random = &meanwhile{do: other.once, from: randomness{}}
	case answer == "" && strings.HasPrefix(args, "issuers rotate"):
		sys.Now = func() time.Time {
			other.once()
			return time.Now()
		}
	}
	k.began = time.Time{}
	code = cmd.Main(k.t.Context(), sys)
	k.history = append(k.history, "  exit code "+string(rune('0'+code%10)))
	return code, append(stdout.Bytes(), stderr.Bytes()...)
}

// judge holds every promise against what there is now.
func (k *machine) judge() {
	m := k.manifest()
	if refused := lattice.NewMatrix(m.Standings()).Refusals(); len(refused) > 0 {
		k.fatalf("by the manifest there are refused calls: %v", refused)
	}
	stored := k.stored()
	for _, need := range m.NeededSeeds() {
		if stored[need.Name] != need.PublicKey {
			k.fatalf("the seed of %s is lost: %s", need.Name, need.Use)
		}
	}
	k.emergency = m.Rotation != nil && m.Rotation.Emergency || k.emergency && k.refusedNow() != ""
	if refused := k.refusedNow(); refused != "" && !k.emergency {
		k.fatalf("%s", refused)
	}
	k.counts["mixes"]++
}

// refusedNow is the first running host that another refuses.
func (k *machine) refusedNow() string {
	for _, a := range k.running {
		for _, b := range k.running {
			if !b.Accepts.Contains(a.Signs) {
				return b.Host + " refuses " + a.Host
			}
		}
	}
	return ""
}

// randomness is fit for keys.
type randomness struct{}

// Read never fails.
func (randomness) Read(p []byte) (int, error) { return rand.Read(p) }
