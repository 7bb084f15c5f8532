package sealed

import (
	"context"
	"fmt"

	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// reseal encrypts all seeds to the recipients in the list. before is how they
// are protected until then.
func (s *session) reseal(ctx context.Context, list agefile.List, before protection, forced bool) (int, error) {
	names, err := s.Names(ctx)
	if err != nil {
		return 0, err
	}
	to := list.Recipients()
	if err := s.staysOpen(ctx, to, forced); err != nil {
		return 0, err
	}
	changes := make([]store.Change, 0, len(names)+3)
	for _, name := range names {
		sealed, err := s.resealed(ctx, name, to)
		if err != nil {
			return 0, fmt.Errorf("nothing was changed: %w", err)
		}
		changes = append(changes, store.Change{Name: name + s.Suffix, Data: sealed})
	}
	changes = append(changes,
		store.Change{Name: recipientsFile, Data: list.Bytes()},
		store.Change{Name: kindFile, Data: forRecipients.encode()})
	if before.passphrase {
		changes = append(changes, store.Change{Name: ProofFile})
	}
	return len(names), s.held.Apply(ctx, changes)
}

func (s *session) resealed(ctx context.Context, name string, to []agefile.Recipient) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := s.CheckName(name); err != nil {
		return nil, err
	}
	seed, err := s.open(ctx, name, s.unlock.Open)
	if err != nil {
		return nil, err
	}
	defer seed.Wipe()
	return seal(seed, to)
}

// staysOpen makes sure that what is at hand opens what is sealed to the
// recipients.
func (s *session) staysOpen(ctx context.Context, to []agefile.Recipient, forced bool) error {
	if forced {
		return nil
	}
	return s.unlock.StaysOpen(ctx, to)
}
