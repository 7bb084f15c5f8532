package rotation

import (
	"fmt"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/lattice"
)

// large is a lattice of so many hosts that share one key.
func large(hosts int) lattice.Manifest {
	return shaped(make([]int, hosts))
}

// operation is one thing that commands do, over a lattice that was made for it.
type operation struct {
	name    string
	prepare func(hosts int) lattice.Manifest
	do      func(lattice.Manifest) error
}

func operations() []operation {
	begin := func(hosts int) lattice.Manifest {
		m, err := started(standard(), large(hosts), Selection{}, 100, testStart())
		if err != nil {
			panic(err)
		}
		return m
	}
	seen := func(hosts int) lattice.Manifest {
		m := begin(hosts)
		return Observe(m, seenAs(m.Standings(), testStart()))
	}
	return []operation{
		{"start", large, func(m lattice.Manifest) error {
			_, err := started(standard(), m, Selection{}, 100, testStart())
			return err
		}},
		{"observe", begin, func(m lattice.Manifest) error {
			Observe(m, seenAs(m.Standings(), testStart()))
			return nil
		}},
		{"next", seen, func(m lattice.Manifest) error {
			next, err := Next(m, testStart())
			StepBetween(m, next, Guide{})
			return err
		}},
		{"status", seen, func(m lattice.Manifest) error {
			_, err := StatusOf(m, nil, testStart())
			return err
		}},
		{"emergency", large, func(m lattice.Manifest) error {
			next, err := Emergency(m, m.Issuers[0].PublicKey, testIssuer("key-0.2", 50), testStart())
			StepBetween(m, next, Guide{})
			return err
		}},
	}
}

// BenchmarkHosts gives the time per host, and by how much it grows from a tenth of
// the hosts on: 1 is linear, 10 is quadratic.
func BenchmarkHosts(b *testing.B) {
	const most = 10_000
	for _, o := range operations() {
		b.Run(fmt.Sprintf("%s/%d", o.name, most), func(b *testing.B) {
			few, many := o.prepare(most/10), o.prepare(most)
			var onFew, onMany time.Duration
			for b.Loop() {
				for range 10 { // in turns, and as many hosts either way
					onFew += timed(b, o, few)
				}
				onMany += timed(b, o, many)
			}
			b.ReportMetric(float64(onMany.Nanoseconds())/float64(b.N)/most, "ns/host")
			b.ReportMetric(float64(onMany)/float64(onFew), "x-growth")
		})
	}
}

func timed(b *testing.B, o operation, m lattice.Manifest) time.Duration {
	b.Helper()
	from := time.Now()
	if err := o.do(m); err != nil {
		b.Fatal(err)
	}
	return time.Since(from)
}

// Thirty thousand hosts are no matter: where pairs of hosts are looked at, that
// is nine hundred million of them, and the test would not end within its time.
func TestThirtyThousandHosts(t *testing.T) {
	t.Parallel()
	many := 30_000
	if testing.Short() {
		many /= 10
	}
	for _, o := range operations() {
		if err := o.do(o.prepare(many)); err != nil {
			t.Errorf("%s: %v", o.name, err)
		}
	}
}
