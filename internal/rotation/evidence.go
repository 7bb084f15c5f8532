package rotation

import (
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
)

// Evidence is all that one command has to say of hosts.
type Evidence struct {
	Seen   []lattice.Observation
	Word   *Attestation // nil for none
	Ignore []string     // hosts that were seen and have stopped
}

// Weigh takes the evidence down. What was seen counts for more than a word. A
// manifest older than what hosts run is refused, and so are two sources that tell
// one host different things.
func Weigh(m lattice.Manifest, e Evidence, at time.Time) (lattice.Manifest, error) {
	if err := CheckCurrent(m, e.Seen); err != nil {
		return m, err
	}
	seen, err := oneOfEach(e.Seen)
	if err != nil {
		return m, err
	}
	known := Ignore(m, e.Ignore)
	if e.Word != nil {
		if known, err = Attest(known, *e.Word, at); err != nil {
			return m, err
		}
	}
	return Observe(known, seen), nil
}

// CheckCurrent refuses a manifest that is older than what a host was told.
func CheckCurrent(m lattice.Manifest, seen []lattice.Observation) error {
	var newest lattice.Observation
	for _, o := range seen {
		if o.Generation > newest.Generation {
			newest = o
		}
	}
	return m.CheckCurrent(newest.Host, newest.Generation)
}

// oneOfEach takes of each host what counts most: a running host says more than its
// file. It refuses two files that tell one host different things; of two that agree
// the first counts.
func oneOfEach(seen []lattice.Observation) ([]lattice.Observation, error) {
	var kept []lattice.Observation
	place := map[string]int{}
	for _, o := range seen {
		i, twice := place[o.Host]
		if !twice {
			place[o.Host] = len(kept)
			kept = append(kept, o)
			continue
		}
		switch before, now := strength(kept[i]), strength(o); {
		case now > before:
			kept[i] = o
		case now < before:
		case !kept[i].Same(o.Standing):
			return nil, fault.New(fault.Failed, "%s and %s tell the host %s different things", kept[i].Source, o.Source, o.Host).
				WithHint("take away the one that the host does not start from")
		case kept[i].Certain() && !o.Certain():
			kept[i] = o
		}
	}
	return kept, nil
}
