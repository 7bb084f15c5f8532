package keystore

import (
	"context"
	"errors"
	"fmt"

	"github.com/latch-keys/latch/internal/keystore/agefile"
)

// reseal encrypts all seeds to the recipients in the list. The store must be
// locked.
func (d *aged) reseal(ctx context.Context, list agefile.List, passphrase, forced bool) (int, error) {
	names, err := d.names(ctx)
	if err != nil {
		return 0, err
	}
	to := list.Recipients()
	if err := d.staysOpen(ctx, to, forced); err != nil {
		return 0, err
	}
	changes := make([]rewriting, 0, len(names)+2)
	for _, name := range names {
		sealed, err := d.resealed(ctx, name, to)
		if err != nil {
			return 0, fmt.Errorf("nothing was changed: %w", err)
		}
		changes = append(changes, rewriting{File: name + agedSuffix, Data: sealed})
	}
	changes = append(changes, rewriting{File: recipientsFile, Data: list.Bytes()})
	if passphrase {
		changes = append(changes, rewriting{File: proofFile, Remove: true})
	}
	return len(names), d.commit(changes)
}

func (d *aged) resealed(ctx context.Context, name string, to []agefile.Recipient) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := d.fits(name); err != nil {
		return nil, err
	}
	seed, err := d.decrypt(ctx, name, d.unlock.Open)
	if err != nil {
		return nil, err
	}
	defer seed.Wipe()
	return seal(seed, to)
}

// staysOpen makes sure that what is at hand opens what is sealed to the
// recipients.
func (d *aged) staysOpen(ctx context.Context, to []agefile.Recipient, forced bool) error {
	if forced {
		return nil
	}
	sealed, err := agefile.Seal([]byte(proof), to...)
	if err != nil {
		return err
	}
	_, err = d.unlock.Open(ctx, "what is encrypted to the others", sealed)
	var closed *agefile.LockedError
	if errors.As(err, &closed) {
		return &fault{
			kind: ErrLockout, message: "without this recipient you could no longer open the keystore", cause: err,
			hint: "if that is meant, add --force",
		}
	}
	return err
}
