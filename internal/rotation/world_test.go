package rotation

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// testIssuer makes an issuer with the n-th key of the tests.
func testIssuer(name string, n int) lattice.Issuer {
	raw := make([]byte, 32)
	binary.BigEndian.PutUint64(raw, uint64(n))
	seed, err := keys.Generate(keys.Cluster, bytes.NewReader(raw))
	if err != nil {
		panic(err)
	}
	return lattice.Issuer{Name: name, PublicKey: seed.PublicKey()}
}

func testStart() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }

// shaped is a manifest whose i-th host signs with the key of its block.
func shaped(blocks []int) lattice.Manifest {
	m := lattice.Manifest{Lattice: "prod", Target: wasmcloud.Targets()[0]}
	for i, b := range blocks {
		name := fmt.Sprintf("key-%d", b)
		if _, there := m.Issuer(name); !there {
			m.Issuers = append(m.Issuers, testIssuer(name, b))
		}
		m.Hosts = append(m.Hosts, lattice.Host{Name: fmt.Sprintf("host-%d", i), SignsWith: name})
	}
	return m
}

// partitions are all ways to share keys among so many hosts: the i-th host's
// block, in restricted growth form.
func partitions(hosts int) [][]int {
	all := [][]int{{}}
	for range hosts {
		var longer [][]int
		for _, p := range all {
			blocks := 0
			for _, b := range p {
				blocks = max(blocks, b+1)
			}
			for b := range blocks + 1 {
				longer = append(longer, append(slices.Clone(p), b))
			}
		}
		all = longer
	}
	return all
}

// started begins a rotation in m, with keys numbered from fresh.
func started(p plan, m lattice.Manifest, s Selection, fresh int, at time.Time) (lattice.Manifest, error) {
	successions, err := Successions(m, s, func(name string) bool { _, ok := m.Issuer(name); return ok })
	if err != nil {
		return m, err
	}
	var issuers []lattice.Issuer
	for _, next := range successions {
		if !slices.ContainsFunc(issuers, func(is lattice.Issuer) bool { return is.Name == next.New }) {
			issuers = append(issuers, testIssuer(next.New, fresh+len(issuers)))
		}
	}
	return p.begin(m, successions, issuers, at)
}

// seenAs are the hosts as they run, for Observe.
func seenAs(runs []lattice.Standing, at time.Time) []lattice.Observation {
	seen := make([]lattice.Observation, len(runs))
	for i, s := range runs {
		seen[i] = lattice.Observation{Standing: s, Evidence: lattice.Observed, At: at}
	}
	return seen
}

// refusedCall is the promise: it finds a host that another does not accept.
func refusedCall(runs []lattice.Standing) error {
	for _, a := range runs {
		if len(a.Accepts) == 0 {
			return fmt.Errorf("%s accepts nobody", a.Host)
		}
		for _, b := range runs {
			if !b.Accepts.Contains(a.Signs) {
				return fmt.Errorf("%s refuses %s", b.Host, a.Host)
			}
		}
	}
	return nil
}

// leftBehind finds, in a steady lattice, a host that accepts a key which was in
// use and which the manifest no longer knows.
func leftBehind(m lattice.Manifest, runs []lattice.Standing, used map[keys.PublicKey]bool) error {
	if m.Rotation != nil {
		return nil
	}
	for _, s := range runs {
		for _, key := range s.Accepts {
			if used[key] && !m.Accepted().Contains(key) {
				return fmt.Errorf("%s still accepts a key that is said to be retired", s.Host)
			}
		}
	}
	return nil
}
