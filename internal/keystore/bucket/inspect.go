package bucket

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/store"
)

var _ store.Inspector = (*medium)(nil)

// Inspect holds each seed's and each manifest's revision against the list of keys, and tells which keys
// still have to be rotated since somebody left who could open them.
func (m *medium) Inspect(ctx context.Context) (findings []store.Finding, err error) {
	err = m.using(ctx, func(s stream) error {
		root, err := m.root(ctx, s)
		if err != nil {
			return err
		}
		for _, d := range root.unpaid() {
			findings = append(findings, store.Finding{Name: d.Name, Message: d.String()})
		}
		for _, e := range root.Seeds {
			wrong, err := m.amiss(ctx, s, root, e)
			if err != nil {
				return err
			}
			if wrong != "" {
				findings = append(findings, store.Finding{Name: e.Name, Message: wrong})
			}
		}
		for _, p := range root.Manifests {
			_, err := m.manifest(ctx, s, root, p)
			switch {
			case err == nil:
			case fault.Is(err, fault.Unavailable) || ctx.Err() != nil:
				return err
			default:
				findings = append(findings, store.Finding{Name: manifestKey(p.Lattice), Message: err.Error()})
			}
		}
		return nil
	})
	return findings, err
}

// amiss says what is wrong with a seed's revision as far as that can be told without
// opening it.
func (m *medium) amiss(ctx context.Context, s stream, in snapshot, e entry) (string, error) {
	r, err := m.record(ctx, s, in, e)
	switch {
	case err == nil:
	case fault.Is(err, fault.Unavailable) || ctx.Err() != nil:
		return "", err
	default:
		return err.Error(), nil
	}
	n, _, err := agefile.Openers([]byte(r.Sealed))
	switch want := len(in.openers(e.To)); {
	case err != nil:
		return store.Corrupt(m.where(e), err).Error(), nil
	case n != want:
		return fmt.Sprintf("it is encrypted to %d recipients, not to %d", n, want), nil
	}
	return "", nil
}

// Debt is a key that somebody could open who may no longer: until it is rotated, they
// may use what they have kept.
type Debt struct {
	Recipient string         `json:"recipient"` // name or key
	Name      string         `json:"name"`      // of the seed
	PublicKey keys.PublicKey `json:"public_key"`
	Revisions []uint64       `json:"revisions"` // that they could open
	Since     time.Time      `json:"since"`
}

// String says what is owed.
func (d Debt) String() string {
	return fmt.Sprintf("%s could open it until %s: rotate the key %s, and delete the old one", d.Recipient, d.Since.Format("2006-01-02"), d.PublicKey)
}

// Debts are the keys that still have to be rotated.
func (s *Store) Debts(ctx context.Context) (all []Debt, err error) {
	err = s.medium.reading(ctx, func(_ stream, root snapshot) error {
		all = root.unpaid()
		return nil
	})
	return all, err
}

// owed tells whether somebody could open a key who may no longer.
func (r root) owed(who recipient, public keys.PublicKey) bool {
	return slices.ContainsFunc(r.Debts, func(d Debt) bool { return d.PublicKey == public && d.Recipient == who.called() })
}

// unpaid are the debts whose keys are among the seeds, by the names that those have now.
// The others stay in the root: a deleted key may come back.
func (r root) unpaid() []Debt {
	names := make(map[keys.PublicKey]string, len(r.Seeds))
	for _, e := range r.Seeds {
		names[e.PublicKey] = e.Name
	}
	var due []Debt
	for _, d := range r.Debts {
		if name, there := names[d.PublicKey]; there {
			d.Name = name
			due = append(due, d)
		}
	}
	return due
}
