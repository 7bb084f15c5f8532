package keyring

import (
	"context"
	"errors"

	"github.com/latch-keys/latch/internal/keystore/store"
)

// settleAll finishes what the index says was begun: a seed whose storing was cut
// short is listed if the keyring has it and forgotten if not; one whose removal
// was cut short is removed.
func (s *session) settleAll(ctx context.Context) error {
	records, err := s.index.load()
	if err != nil || !records.unsettled() {
		return err
	}
	kept := records[:0:0]
	for _, r := range records {
		keep, err := s.settle(ctx, r, records)
		if err != nil {
			return err
		}
		if keep {
			r.State = ""
			kept = append(kept, r)
		}
	}
	return s.index.save(kept)
}

// settle reports whether the record stays.
func (s *session) settle(ctx context.Context, r record, all records) (bool, error) {
	switch r.State {
	case stateStoring:
		seed, err := s.fetch(ctx, r.PublicKey)
		if errors.Is(err, ErrNoItem) || errors.Is(err, store.ErrCorrupt) {
			return false, nil // the run that began it has not stored it, and said so
		}
		seed.Wipe()
		return err == nil, err
	case stateRemoving:
		if all.shared(r) {
			return false, nil
		}
		return false, s.erase(ctx, r.PublicKey)
	}
	return true, nil
}
