package cmd_test

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/oracle"
)

// act is one thing that somebody does, as often as its weight says.
type act struct {
	name   string
	weight int
	do     func(*machine)
}

func acts() []act {
	return []act{
		{"deploy", 12, (*machine).deploy},
		{"next", 12, func(k *machine) { k.command("issuers rotate next --deployed " + k.hostsDir()) }},
		{"attest", 4, (*machine).attest},
		{"start", 4, func(k *machine) {
			k.command(k.pick("issuers rotate start", "issuers rotate start --per-host", "issuers rotate start --shared"))
		}},
		{"abort", 3, func(k *machine) {
			k.command(k.pick("issuers rotate abort --deployed "+k.hostsDir(), "issuers rotate abort --undo --deployed "+k.hostsDir()))
		}},
		{"emergency", 1, func(k *machine) { k.command("issuers rotate emergency --compromised " + k.anyIssuer()) }},
		{"delete", 4, func(k *machine) { k.command("keys delete " + k.anyKey()) }},
		{"tidy up", 4, (*machine).tidyUp},
		{"rename", 2, func(k *machine) { k.command(fmt.Sprintf("keys rename %s renamed-%d", k.anyKey(), k.fresh())) }},
		{"join", 2, func(k *machine) { k.command(k.join()) }},
		{"leave", 1, (*machine).leave},
		{"stop", 3, (*machine).stopUnlisted},
		{"stale", 3, (*machine).stale},
	}
}

// join adds a host that signs with any of the issuers, or with one that is none.
func (k *machine) join() string {
	return fmt.Sprintf("hosts add host-%d --signs-with %s", k.fresh(), k.anyIssuer())
}

// second is what somebody else does meanwhile.
func (k *machine) second() string {
	return k.pick("issuers rotate start", "issuers rotate abort --deployed "+k.hostsDir(), "issuers rotate abort",
		"issuers rotate next --deployed "+k.hostsDir(), "keys delete "+k.anyKey()+" --yes",
		k.join(), fmt.Sprintf("keys rename %s renamed-%d", k.anyKey(), k.fresh()))
}

// Whole commands against a store, a manifest, env files and running hosts, with a
// second command between any question and its answer, and with manifests that are
// out of date: no call is refused outside an emergency, no seed that a manifest
// needs is ever lost, and no older manifest takes a host back.
func TestWholeCommandsKeepEveryPromise(t *testing.T) {
	t.Parallel()
	total := map[string]int{}
	rapid.Check(t, func(rt *rapid.T) {
		k := newMachine(t, rt)
		var weighted []act
		for _, a := range acts() {
			for range a.weight {
				weighted = append(weighted, a)
			}
		}
		for range rapid.IntRange(5, 19).Draw(rt, "steps") {
			weighted[rapid.IntRange(0, len(weighted)-1).Draw(rt, "act")].do(k)
			k.judge()
		}
		for name, n := range k.counts {
			total[name] += n
		}
	})
	oracle.Figure(t, "%d commands, %d of them beside a second one, %d phases begun, %d keys deleted, %d times an older manifest was refused, %d mixes of running hosts",
		total["commands"], total["beside"], total["phases"], total["deleted"], total["older"], total["mixes"])
	for name, least := range map[string]int{"commands": 500, "beside": 30, "phases": 25, "deleted": 5, "older": 10, "refused deletes": 10} {
		if total[name] < least && !t.Failed() && !testing.Short() {
			t.Errorf("%s: only %d, this test would guard little", name, total[name])
		}
	}
}

// deploy writes the env files and brings some of them to their hosts, which
// restart.
func (k *machine) deploy() {
	if code, out := k.run("env write", nil); code != 0 {
		k.fatalf("env write: exit code %d\n%s", code, out)
	}
	for _, h := range k.manifest().Hosts {
		if rapid.IntRange(0, 3).Draw(k.rt, "restarts") > 0 {
			k.restart(h.Name)
		}
	}
}

// attest says that all hosts have restarted, where that is so; then somebody else
// may be quicker.
func (k *machine) attest() {
	m := k.manifest()
	for _, h := range m.Hosts {
		if o, runs := k.running[h.Name]; !runs || o.Generation != m.Generation {
			return
		}
	}
	if len(k.running) > len(m.Hosts) {
		return
	}
	if rapid.Bool().Draw(k.rt, "bound") {
		if rapid.Bool().Draw(k.rt, "overtaken") {
			k.command(k.second())
		}
		k.command(fmt.Sprintf("issuers rotate next --attest all@%d", m.Generation))
		return
	}
	began := time.Now()
	if rapid.Bool().Draw(k.rt, "overtaken") {
		k.run(k.second(), nil)
	}
	k.began = began
	k.command("issuers rotate next --attest all")
}

// tidyUp deletes a key that nothing needs, if there is one; somebody may come to need
// it meanwhile.
func (k *machine) tidyUp() {
	m := k.manifest()
	for name, key := range k.stored() {
		if len(m.NeedsOf(name, key)) == 0 {
			k.command("keys delete " + name)
			return
		}
	}
}

func (k *machine) leave() {
	m := k.manifest()
	if len(m.Hosts) > 1 {
		k.command("hosts remove " + m.Hosts[rapid.IntRange(0, len(m.Hosts)-1).Draw(k.rt, "host")].Name)
	}
}

// stopUnlisted stops the hosts that are in the manifest no more, and says so.
func (k *machine) stopUnlisted() {
	m := k.manifest()
	for name := range k.running {
		if _, listed := m.Host(name); !listed {
			k.stop(name)
			k.command("issuers rotate next --deployed " + k.hostsDir() + " --ignore " + name)
		}
	}
}

// stale runs commands on a manifest that was current once, as in a clone that
// nobody has pulled: they refuse wherever a host runs with a newer one.
func (k *machine) stale() {
	if len(k.older) == 0 {
		return
	}
	now, then := k.text(), k.older[rapid.IntRange(0, len(k.older)-1).Draw(k.rt, "older")]
	doc, err := lattice.Decode(k.path("lattice.yaml"), then)
	if err != nil {
		k.fatalf("%v", err)
	}
	k.write("lattice.yaml", then)
	defer k.write("lattice.yaml", now)
	generation := doc.Manifest().Generation
	if k.newestIn(k.hostsDir()) > generation {
		for _, args := range []string{"issuers rotate next --attest all --deployed ", "issuers rotate status --deployed ", "issuers rotate abort --deployed ", "lattice show --against "} {
			k.mustRefuse(args + k.hostsDir())
		}
	}
	if k.newestIn(filepath.Join(k.dir, "env")) > generation {
		for _, args := range []string{"env write", "issuers rotate next", "issuers rotate status", "lattice show"} {
			k.mustRefuse(args)
		}
	}
}

func (k *machine) mustRefuse(args string) {
	before := k.text()
	code, out := k.run(args, nil)
	if code != 5 || !strings.Contains(string(out), "fetch the newer one") || !bytes.Equal(before, k.text()) {
		k.fatalf("%s with an older manifest: exit code %d\n%s", args, code, out)
	}
	k.counts["older"]++
}
