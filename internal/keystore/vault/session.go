package vault

import (
	"context"
	"errors"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// session is a change that is being made.
type session struct {
	secrets

	medium *medium
	seen   map[string]int // the versions that were judged, by name
}

func (*session) Release() {}

func (s *session) Names(ctx context.Context) ([]string, error) {
	all, err := s.lookAll(ctx)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, each := range all {
		if each.taken {
			names = append(names, each.Name)
		} else if each.err != nil {
			return nil, each.err
		}
	}
	return names, nil
}

func (s *session) PublicKey(ctx context.Context, name string) (keys.PublicKey, error) {
	v, err := s.current(ctx, name)
	defer v.clear()
	if err != nil {
		return keys.PublicKey{}, err
	}
	if !v.live {
		return keys.PublicKey{}, store.ErrNoKey
	}
	s.seen[name] = v.number
	e, err := v.entry(s.where(name))
	return store.KnownKey(e.PublicKey, err)
}

// Write stores a seed under a name that is free.
func (s *session) Write(ctx context.Context, name string, seed keys.Seed) error {
	v, err := s.current(ctx, name)
	v.clear()
	switch {
	case err != nil:
		return err
	case v.live:
		return errChanged
	case v.moved || v.content.Deleted: // what a run that was cut short has left would stay below
		if err := s.destroy(ctx, name, v.number); err != nil {
			return err
		}
	}
	c := content{Seed: seed.Reveal(), PublicKey: seed.PublicKey().String(), Created: s.medium.now().UTC().Truncate(time.Second).Format(time.RFC3339)}
	defer clear(c.Seed)
	n, err := s.write(ctx, name, c, v.number)
	if err == nil {
		_ = s.annotate(ctx, name, c, n) // where it fails, the list reads the seed
	}
	return err
}

// judged is the version that was judged, for the caller to clear.
func (s *session) judged(ctx context.Context, name string) (version, error) {
	v, err := s.current(ctx, name)
	switch {
	case err != nil:
		return v, err
	case v.number != s.seen[name]:
		v.clear()
		return v, errChanged
	case !v.live:
		return v, store.ErrNoKey
	}
	if err := s.settleBehind(ctx, v); err != nil {
		return v, err
	}
	return v, s.settleAhead(ctx, v)
}

// settleAhead ends the rename that a secret is marked for. It may still be under way: its
// seed would arrive under the new name after what is done here.
func (s *session) settleAhead(ctx context.Context, v version) error {
	if !v.marked() {
		return nil
	}
	to, err := s.secrets.read(ctx, v.content.MovingTo, 0)
	to.clear()
	switch {
	case err != nil:
		return err
	case to.holds(v):
		return errChanged // it has arrived just now
	case to.live:
		return nil // the name is taken: it cannot arrive
	}
	return s.bury(ctx, v.content.MovingTo, to.number)
}

// Rename moves a seed, in the steps that content tells of.
func (s *session) Rename(ctx context.Context, from, to string) error {
	old, err := s.judged(ctx, from)
	defer old.clear()
	if err != nil {
		return err
	}
	there, err := s.current(ctx, to)
	there.clear()
	switch {
	case err != nil:
		return err
	case there.live:
		return errChanged
	}
	c := old.content
	if e, err := old.entry(s.where(from)); err == nil {
		c.PublicKey, c.Created = e.PublicKey.String(), e.Created.Format(time.RFC3339)
	}
	leaving, arriving := c, c
	leaving.MovingTo, leaving.MovedFrom = to, ""
	marked, err := s.write(ctx, from, leaving, old.number)
	if err != nil {
		return err
	}
	arriving.MovingTo, arriving.MovedFrom = "", reference(from, marked)
	n, err := s.write(ctx, to, arriving, there.number)
	if errors.Is(err, errChanged) {
		_ = s.stays(ctx, from, c, marked)
	}
	if err != nil {
		return err
	}
	_ = s.annotate(ctx, to, arriving, n) // where it fails, the list reads the seed
	if err := s.bury(ctx, from, marked); !errors.Is(err, errChanged) {
		return err
	}
	return s.destroy(ctx, from, marked) // another has given the old name away, or finished this
}

// stays takes the mark off a secret that does not move after all.
func (s *session) stays(ctx context.Context, name string, c content, marked int) error {
	c.MovingTo, c.MovedFrom = "", ""
	n, err := s.write(ctx, name, c, marked)
	if err == nil {
		_ = s.annotate(ctx, name, c, n) // where it fails, the list reads the seed
	}
	return err
}

// Remove removes a seed for good: a version over it says so, and what the versions up to
// that one hold is destroyed. What somebody stores under the name meanwhile stays.
func (s *session) Remove(ctx context.Context, name string) error {
	v, err := s.judged(ctx, name)
	v.clear()
	if err != nil {
		return err
	}
	return s.bury(ctx, name, v.number)
}

func (s *session) bury(ctx context.Context, name string, number int) error {
	n, err := s.write(ctx, name, content{Deleted: true}, number)
	if err != nil {
		return err
	}
	if err := s.destroy(ctx, name, n); err != nil {
		return fault.New(fault.Failed, "%s is deleted, but its earlier versions still hold the seed", s.where(name)).Because(err).
			WithHint("destroy them: latch keys list --repair, or vault kv metadata delete %s", s.where(name))
	}
	return nil
}

// settleBehind finishes the rename that gave a secret its name: were the secret changed
// first, the old name would hold the seed again.
func (s *session) settleBehind(ctx context.Context, v version) error {
	if v.content.MovedFrom == "" {
		return nil
	}
	name, number, ok := parseReference(v.content.MovedFrom)
	if !ok {
		return nil
	}
	before, err := s.secrets.read(ctx, name, 0)
	before.clear()
	if err != nil || !before.live || before.number != number {
		return err
	}
	return s.bury(ctx, name, number)
}
