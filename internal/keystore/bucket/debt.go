package bucket

import (
	"context"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/keys"
)

// Debt is a key that somebody could open who may no longer: until it is rotated, they
// may use what they have kept.
type Debt struct {
	Recipient string         `json:"recipient"` // name or key
	Name      string         `json:"name"`      // of the seed
	PublicKey keys.PublicKey `json:"public_key"`
	Revisions []uint64       `json:"revisions"` // that they could open
	Since     time.Time      `json:"since"`
}

// Debts are the keys that still have to be rotated.
func (s *Store) Debts(ctx context.Context) (all []Debt, err error) {
	err = s.medium.reading(ctx, func(_ stream, root snapshot) error {
		all = root.unpaid()
		return nil
	})
	return all, err
}

// unpaid are the debts whose keys are still among the seeds.
func (r root) unpaid() []Debt {
	return slices.DeleteFunc(slices.Clone(r.Debts), func(d Debt) bool {
		return !slices.ContainsFunc(r.Seeds, func(e entry) bool { return e.PublicKey == d.PublicKey })
	})
}
