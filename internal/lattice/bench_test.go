package lattice

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/yamledit"
)

// fleet is a manifest of so many hosts, each with a key of its own or all with
// one, and in phase switch of a rotation if it is to be.
func fleet(tb testing.TB, hosts int, perHost, rotating bool) Manifest {
	tb.Helper()
	target, _ := wasmcloud.ParseTarget("rust-0.82")
	m := Manifest{Lattice: "fleet", Target: target, Keystore: "dir:k", Generation: 7}
	if !perHost {
		m.Issuers = []Issuer{{Name: "fleet-cluster", PublicKey: testKey(0), Created: testTime}}
	}
	var own []keys.PublicKey
	if perHost {
		own = testKeys(tb, hosts)
	}
	for i := range hosts {
		h := Host{Name: fmt.Sprintf("edge-%05d", i), SignsWith: "fleet-cluster"}
		if perHost {
			h.SignsWith = "fleet-" + h.Name
			m.Issuers = append(m.Issuers, Issuer{Name: h.SignsWith, PublicKey: own[i], Created: testTime})
		}
		m.Hosts = append(m.Hosts, h)
	}
	if rotating {
		m.Issuers = append(m.Issuers, Issuer{Name: "fleet-new", PublicKey: testKey(1 << 20), Created: testTime})
		m.Rotation = &Rotation{
			Phase: PhaseSwitch, Started: testTime, Entered: testTime, Generation: 7, Switched: true,
			Keys: []Succession{{Old: m.Issuers[0].Name, New: "fleet-new"}},
		}
		for _, s := range m.Standings() {
			m.Rotation.Observed = append(m.Rotation.Observed, Observation{Standing: s, Generation: 7, Evidence: Read, At: testTime})
		}
		for i := range m.Hosts {
			if m.Hosts[i].SignsWith == m.Issuers[0].Name {
				m.Hosts[i].SignsWith = "fleet-new"
			}
		}
	}
	return m
}

func newFleet(tb testing.TB, hosts int, perHost, rotating bool) *Document {
	tb.Helper()
	// Not by New, which refuses more keys than hosts can be told of.
	text := yamledit.Render(manifestRecord().write(fleet(tb, hosts, perHost, rotating)))
	d, err := Decode("lattice.yaml", []byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

// works are what is done to manifests of many hosts, each in one call.
func works() map[string]func(tb testing.TB, hosts int) func() {
	return map[string]func(tb testing.TB, hosts int) func(){
		"decode":             func(tb testing.TB, n int) func() { return decodeWork(tb, newFleet(tb, n, false, false)) },
		"decode in rotation": func(tb testing.TB, n int) func() { return decodeWork(tb, newFleet(tb, n, false, true)) },
		"check": func(tb testing.TB, n int) func() {
			d := newFleet(tb, n, false, true)
			return func() { Check(d); CheckTimes(testTime.Add(time.Hour), inlineUser, d) }
		},
		"check keys of their own": func(tb testing.TB, n int) func() {
			d := newFleet(tb, n/10, true, false)
			return func() { Check(d, d) }
		},
		"add a third": func(tb testing.TB, n int) func() {
			d := newFleet(tb, n, false, false)
			var added []Host
			for i := range n / 3 {
				added = append(added, Host{Name: fmt.Sprintf("new-%05d", i), SignsWith: "fleet-cluster"})
			}
			return updateWork(tb, d, func(m Manifest) (Manifest, error) { return m.WithHosts(added...) })
		},
		"remove a third": func(tb testing.TB, n int) func() {
			return removeWork(tb, newFleet(tb, n, false, true), n)
		},
		"remove a third, in brackets": func(tb testing.TB, n int) func() {
			var b strings.Builder
			b.WriteString(fill("version: 1\nlattice: p\ntarget: otp\nissuers: [{name: fleet-cluster, public_key: KEY0}]\ngeneration: 1\nhosts: ["))
			for i := range n {
				fmt.Fprintf(&b, "{name: edge-%05d, signs_with: fleet-cluster}, ", i)
			}
			d, err := Decode("m.yaml", []byte(b.String()+"]\n"))
			if err != nil {
				tb.Fatal(err)
			}
			return removeWork(tb, d, n)
		},
		"switch all": func(tb testing.TB, n int) func() {
			d := newFleet(tb, n, false, true)
			return updateWork(tb, d, func(m Manifest) (Manifest, error) {
				m.Rotation.Observed = nil
				for i := range m.Hosts {
					m.Hosts[i].SignsWith = "fleet-cluster"
				}
				return m, nil
			})
		},
		"refuse hosts of no issuer": func(tb testing.TB, n int) func() {
			text := strings.ReplaceAll(string(newFleet(tb, n, true, false).Bytes()), "signs_with: fleet-", "signs_with: flete-")
			return func() {
				if _, err := Decode("m.yaml", []byte(text)); faults(err) != n {
					tb.Fatal("unknown issuers are accepted")
				}
			}
		},
		"refuse keys that are none": func(tb testing.TB, n int) func() {
			text, some := "version: 1\nlattice: p\ntarget: otp\nissuers:\n", testKeys(tb, 500)
			for i, bad := 0, 0; bad < n; i++ {
				key := []byte(some[i%len(some)].String())
				if key[30] = '1'; keys.MayHoldSeed(key) { // looks like a damaged seed, and is refused as one
					continue
				}
				bad++
				text += fmt.Sprintf("  - {name: a%d, public_key: %s}\n", bad, key)
			}
			return func() {
				if _, err := Decode("m.yaml", []byte(text)); faults(err) != n || err.Error() == "" {
					tb.Fatal("bad keys are accepted")
				}
			}
		},
		"refuse fields that are none": func(tb testing.TB, n int) func() {
			text := fill(sample)
			for i := range n {
				text += fmt.Sprintf("keystor%d: x\n", i)
			}
			return func() {
				if _, err := Decode("m.yaml", []byte(text)); faults(err) != n {
					tb.Fatal("unknown fields are accepted")
				}
			}
		},
		"one long line": func(tb testing.TB, n int) func() {
			text := fill(sample) + "keystor: [" + strings.Repeat("[a, é],", n) + "]\n"
			return func() {
				if _, err := Decode("m.yaml", []byte(text)); err == nil {
					tb.Fatal("an unknown field is accepted")
				}
			}
		},
		"what looks like seeds": func(tb testing.TB, n int) func() {
			return decodeWork(tb, mustDecodeText(tb, fill(sample)+"# "+strings.Repeat("SC", 4*n)+"\n"))
		},
		"groups": func(tb testing.TB, n int) func() {
			standings := fleet(tb, n, true, false).Standings()
			return func() {
				if len(NewMatrix(standings).Groups()) != 1 {
					tb.Fatal("hosts that all accept each other do not stand alike")
				}
			}
		},
		"refusals": func(tb testing.TB, n int) func() {
			standings := fleet(tb, n, true, false).Standings()
			return func() {
				if NewMatrix(standings).Refusals() != nil {
					tb.Fatal("a lattice that works refuses")
				}
			}
		},
	}
}

func mustDecodeText(tb testing.TB, text string) *Document {
	tb.Helper()
	d, err := Decode("m.yaml", []byte(text))
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func decodeWork(tb testing.TB, d *Document) func() {
	text := d.Bytes()
	return func() {
		if _, err := Decode("m.yaml", text); err != nil {
			tb.Fatal(err)
		}
	}
}

func updateWork(tb testing.TB, d *Document, change func(Manifest) (Manifest, error)) func() {
	return func() {
		if _, err := updated(d, change); err != nil {
			tb.Fatal(err)
		}
	}
}

func removeWork(tb testing.TB, d *Document, n int) func() {
	var names []string
	for i := range n / 3 {
		names = append(names, fmt.Sprintf("edge-%05d", 3*i))
	}
	return updateWork(tb, d, func(m Manifest) (Manifest, error) { return m.WithoutHosts(names...) })
}

func BenchmarkFleet(b *testing.B) {
	for name, work := range works() {
		for _, hosts := range []int{1000, 10000} {
			b.Run(fmt.Sprintf("%s/%d", strings.ReplaceAll(name, " ", "-"), hosts), func(b *testing.B) {
				do := work(b, hosts)
				b.ReportAllocs()
				for b.Loop() {
					do()
				}
			})
		}
	}
}

// faults counts what is wrong with a text.
func faults(err error) int {
	var all Errors
	errors.As(err, &all)
	return len(all)
}
