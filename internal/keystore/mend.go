package keystore

import (
	"context"
	"errors"

	"github.com/latch-keys/latch/internal/keys"
)

// mend finishes what the index says was begun: a seed whose storing was cut
// short is listed if the keyring has it and forgotten if not; one whose removal
// was cut short is removed. The index must be locked.
func (k *keyring) mend(ctx context.Context) error {
	records, err := k.index.load()
	if err != nil || !records.unsettled() {
		return err
	}
	kept := records[:0:0]
	for _, r := range records {
		keep, err := k.settle(ctx, r, records)
		if err != nil {
			return err
		}
		if keep {
			r.State = ""
			kept = append(kept, r)
		}
	}
	return k.index.save(kept)
}

// settle reports whether the record stays.
func (k *keyring) settle(ctx context.Context, r record, all records) (bool, error) {
	switch r.State {
	case stateStoring:
		seed, err := k.fetch(ctx, r.PublicKey)
		if errors.Is(err, errNoItem) || errors.Is(err, ErrCorrupt) {
			return false, nil // the run that began it has not stored it, and said so
		}
		seed.Wipe()
		return err == nil, err
	case stateRemoving:
		if all.shared(r) {
			return false, nil
		}
		return false, k.erase(ctx, r.PublicKey)
	}
	return true, nil
}

func (k *keyring) erase(ctx context.Context, public keys.PublicKey) error {
	_, err := patiently(ctx, &k.patience, k.limit, func(context.Context) (struct{}, error) {
		return struct{}{}, k.ring.Delete(ringService, public.String())
	})
	if err == nil || errors.Is(err, errNoItem) {
		return nil
	}
	return ringFailure("remove", err)
}
