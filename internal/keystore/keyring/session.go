package keyring

import (
	"context"
	"errors"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// Lock locks the index, and settles what a killed run left half done.
func (m *medium) Lock(ctx context.Context, _ bool) (store.Session, error) {
	if err := m.ready(ctx, true); err != nil {
		return nil, err
	}
	release, err := m.index.lock(ctx)
	if err != nil {
		return nil, err
	}
	s := &session{medium: m, release: release}
	if err := s.settleAll(ctx); err != nil {
		release()
		return nil, err
	}
	return s, nil
}

// session is the medium with its index locked.
type session struct {
	*medium
	release func()
}

func (s *session) Release() { s.release() }

func (s *session) Names(ctx context.Context) ([]string, error) {
	records, err := s.records(ctx)
	return records.names(), err
}

// PublicKey is what the index says: items are found by it.
func (s *session) PublicKey(ctx context.Context, name string) (keys.PublicKey, error) {
	records, err := s.records(ctx)
	if err != nil {
		return keys.PublicKey{}, err
	}
	at := records.find(name)
	if at < 0 {
		return keys.PublicKey{}, store.ErrNoKey
	}
	return records[at].PublicKey, nil
}

// Write notes the intent, stores the secret, reads it back, and only then
// lists it.
func (s *session) Write(ctx context.Context, name string, seed keys.Seed) error {
	public := seed.PublicKey()
	records, err := s.index.load()
	if err != nil {
		return err
	}
	if at := records.find(name); at >= 0 && records[at].PublicKey != public {
		return store.Taken(name, records[at].PublicKey)
	}
	records = records.with(record{Name: name, PublicKey: public, Created: s.now().UTC().Truncate(time.Second), State: stateStoring})
	if err := s.index.save(records); err != nil {
		return err
	}
	if err := s.keep(ctx, seed); err != nil {
		return err
	}
	return s.index.save(records.settled(name))
}

// keep makes the item of a seed.
func (s *session) keep(ctx context.Context, seed keys.Seed) error {
	public := seed.PublicKey()
	old, err := s.fetch(ctx, public)
	if err == nil {
		old.Wipe()
		return nil // under another name, or from before the index was lost
	}
	if !errors.Is(err, ErrNoItem) {
		return err
	}
	text := seed.Reveal()
	defer clear(text)
	_, err = patiently(ctx, &s.patience, s.service.Limit, func(context.Context) (struct{}, error) {
		return struct{}{}, s.service.Ring.Set(service, public.String(), string(text))
	})
	if err != nil {
		return explained("write", err)
	}
	got, err := s.fetch(ctx, public)
	return store.Confirm(itemOf(public), got, err, public)
}

// Rename touches the index alone: items are found by public key.
func (s *session) Rename(_ context.Context, from, to string) error {
	records, err := s.index.load()
	if err != nil {
		return err
	}
	at := records.find(from)
	if at < 0 {
		return store.ErrNoKey
	}
	records[at].Name = to
	return s.index.save(records)
}

// Remove notes the intent, which takes the name off the list, removes the
// secret, and then forgets.
func (s *session) Remove(ctx context.Context, name string) error {
	records, err := s.index.load()
	if err != nil {
		return err
	}
	at := records.find(name)
	if at < 0 {
		return store.ErrNoKey
	}
	records[at].State = stateRemoving
	if err := s.index.save(records); err != nil {
		return err
	}
	return s.settleAll(ctx)
}

// erase removes an item, and makes sure that it is gone.
func (s *session) erase(ctx context.Context, public keys.PublicKey) error {
	_, err := patiently(ctx, &s.patience, s.service.Limit, func(context.Context) (struct{}, error) {
		return struct{}{}, s.service.Ring.Delete(service, public.String())
	})
	if errors.Is(err, ErrNoItem) {
		return nil
	}
	if err != nil {
		return explained("remove", err)
	}
	seed, err := s.fetch(ctx, public)
	seed.Wipe()
	switch {
	case errors.Is(err, ErrNoItem):
		return nil
	case err == nil || errors.Is(err, store.ErrCorrupt):
		return fault.New(fault.Failed, "%s is still there after it was removed", itemOf(public)).
			WithHint("another item may have the same name; look, and remove it by hand: secret-tool search --all service latch")
	}
	return err
}
