package sealed

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// session is the locked medium.
type session struct {
	*medium
	held store.BlobSession
}

func (s *session) Release() { s.held.Release() }

// PublicKey is what the file holds, where it opens without asking, or else what
// lies beside it.
func (s *session) PublicKey(ctx context.Context, name string) (keys.PublicKey, error) {
	seed, err := s.open(ctx, name, s.unlock.OpenUnasked)
	if !locked(err) {
		defer seed.Wipe()
		return store.KnownKey(seed.PublicKey(), err)
	}
	r, err := s.record(ctx, name)
	if store.Absent(err) {
		err = nil
	}
	return store.KnownKey(r.PublicKey, err)
}

// Write announces what is public first: alone it claims nothing, and the sealed
// file is never without it.
func (s *session) Write(ctx context.Context, name string, seed keys.Seed) error {
	if err := s.settleKind(ctx); err != nil {
		return err
	}
	to, err := s.recipients(ctx)
	if err != nil {
		return err
	}
	sealed, err := seal(seed, to)
	if err != nil {
		return err
	}
	r := record{PublicKey: seed.PublicKey(), Created: s.now().UTC().Truncate(time.Second)}
	if err := s.announce(ctx, name, r); err != nil {
		return err
	}
	if err := s.Create(ctx, s.held, name, sealed); err != nil {
		return errors.Join(err, s.mendRecords(ctx))
	}
	if err := s.unchanged(ctx, name, sealed); err != nil {
		return err
	}
	return s.mendRecords(ctx)
}

// unchanged makes sure that the place holds what was sealed, which was opened
// and compared before it was written.
func (s *session) unchanged(ctx context.Context, name string, sealed []byte) error {
	back, err := s.Contents(ctx, name)
	if err != nil {
		return fmt.Errorf("failed to read back the seed just written: %w", err)
	}
	if string(back) != string(sealed) {
		return store.Corrupt(s.File(name), errors.New("it is not what was just written"))
	}
	return nil
}

// Rename moves the sealed file between announcing what is public under the new
// name and settling it, so that neither name is ever without it.
func (s *session) Rename(ctx context.Context, from, to string) error {
	r, err := s.record(ctx, from)
	switch {
	case store.Absent(err):
		return s.Files.Rename(ctx, s.held, from, to)
	case err != nil:
		return err
	}
	if err := s.withdraw(ctx, from); err != nil {
		return err
	}
	if err := s.announce(ctx, to, r); err != nil {
		return errors.Join(err, s.mendRecords(ctx))
	}
	if err := s.Files.Rename(ctx, s.held, from, to); err != nil {
		return errors.Join(err, s.mendRecords(ctx))
	}
	return s.mendRecords(ctx)
}

func (s *session) Remove(ctx context.Context, name string) error {
	if err := s.withdraw(ctx, name); err != nil {
		return err
	}
	return errors.Join(s.Files.Remove(ctx, s.held, name), s.mendRecords(ctx))
}
