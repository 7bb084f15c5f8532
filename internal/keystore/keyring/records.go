package keyring

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// The states of a record whose change is under way.
const (
	stateStoring  = "storing"  // the keyring may have the seed already
	stateRemoving = "removing" // the keyring may still have it
)

// record is one name in the index.
type record struct {
	Name      string         `json:"name"`
	PublicKey keys.PublicKey `json:"public_key"`
	Created   time.Time      `json:"created"`
	State     string         `json:"state,omitempty"` // empty: settled
}

type records []record

func (rs records) check() error {
	for i, r := range rs {
		if err := store.CheckName(r.Name); err != nil {
			return fmt.Errorf("key %d: %w", i+1, err)
		}
		if r.PublicKey.IsZero() {
			return fmt.Errorf("key %d, %s: it has no public key", i+1, r.Name)
		}
		if r.State != "" && r.State != stateStoring && r.State != stateRemoving {
			return fmt.Errorf("key %d, %s: its state is unknown", i+1, r.Name)
		}
		for _, other := range rs[:i] {
			if strings.EqualFold(other.Name, r.Name) {
				return fmt.Errorf("key %d: the name %s is there twice", i+1, r.Name)
			}
		}
	}
	return nil
}

// find is the place of a name, -1 where it is not.
func (rs records) find(name string) int {
	return slices.IndexFunc(rs, func(r record) bool { return r.Name == name })
}

func (rs records) names() []string {
	var names []string
	for _, r := range rs {
		names = append(names, r.Name)
	}
	return names
}

// entries are the settled ones.
func (rs records) entries() []store.Entry {
	var entries []store.Entry
	for _, r := range rs {
		if r.State == "" {
			entries = append(entries, store.Entry{Name: r.Name, PublicKey: r.PublicKey, Created: r.Created})
		}
	}
	return entries
}

func (rs records) unsettled() bool {
	return slices.ContainsFunc(rs, func(r record) bool { return r.State != "" })
}

// shared reports whether another name keeps the same seed.
func (rs records) shared(with record) bool {
	return slices.ContainsFunc(rs, func(r record) bool {
		return r.Name != with.Name && r.PublicKey == with.PublicKey && r.State != stateRemoving
	})
}

// with is a copy in which r is new, or takes the place of its namesake but
// keeps the time that one was created.
func (rs records) with(r record) records {
	out := slices.Clone(rs)
	if at := out.find(r.Name); at >= 0 {
		out[at].State = r.State
		return out
	}
	return append(out, r)
}

// settled is a copy in which the name's change is done.
func (rs records) settled(name string) records {
	out := slices.Clone(rs)
	out[out.find(name)].State = ""
	return out
}

func (rs records) sorted() records {
	out := append(records{}, rs...)
	slices.SortFunc(out, func(a, b record) int { return strings.Compare(a.Name, b.Name) })
	return out
}
