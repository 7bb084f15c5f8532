package bucket

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// session is a change that is being made of one root.
type session struct {
	*medium
	stream   stream
	was      snapshot
	giveBack func()
}

func (s *session) Release() { s.giveBack() }

func (s *session) Names(context.Context) ([]string, error) {
	names := make([]string, len(s.was.Seeds))
	for i, e := range s.was.Seeds {
		names[i] = e.Name
	}
	return names, nil
}

func (s *session) PublicKey(_ context.Context, name string) (keys.PublicKey, error) {
	at, there := s.was.find(name)
	if !there {
		return keys.PublicKey{}, store.ErrNoKey
	}
	return s.was.Seeds[at].PublicKey, nil
}

var _ store.Together = (*session)(nil)

// Write stores a seed under a name that is free.
func (s *session) Write(ctx context.Context, name string, seed keys.Seed) error {
	return s.WriteAll(ctx, []store.Named{{Name: name, Seed: seed}})
}

// writers is how many revisions are on their way to the servers at the same time.
const writers = 16

// WriteAll stores seeds under names that are free. What it writes of them counts for
// nothing until the list of keys follows; a run that is cut short is gone on with by the
// next.
func (s *session) WriteAll(ctx context.Context, all []store.Named) error {
	return s.signed(ctx, func(signer keys.Seed) (root, error) {
		also, err := s.was.named(s.also, s.at.String())
		if err != nil {
			return root{}, err
		}
		created := s.now().UTC().Truncate(time.Second)
		staged, errs := make([]entry, len(all)), make([]error, len(all))
		within, stop := context.WithCancel(ctx)
		defer stop()
		keys.Each(len(all), min(writers, len(all)), func(i int) {
			to := s.was.alsoOf(also, all[i].InPlaceOf)
			e := entry{Name: all[i].Name, PublicKey: all[i].Seed.PublicKey(), Created: created, To: to}
			staged[i], errs[i] = s.stage(within, signer, e, s.was.openers(to), func(to []recipient) (string, error) { return sealTo(all[i].Seed, to) })
			if errs[i] != nil {
				stop() // the others are not needed any more
			}
		})
		return s.was.withAll(staged), firstOf(ctx, errs)
	})
}

// firstOf is the first error that is none of having stopped for another.
func firstOf(ctx context.Context, errs []error) error {
	for _, err := range errs {
		if err != nil && (ctx.Err() != nil || !errors.Is(err, context.Canceled)) {
			return err
		}
	}
	return nil
}

// Rename gives the encrypted seed to its new name, unopened.
func (s *session) Rename(ctx context.Context, from, to string) error {
	return s.signed(ctx, func(signer keys.Seed) (root, error) {
		at, there := s.was.find(from)
		if !there {
			return root{}, store.ErrNoKey
		}
		e := s.was.Seeds[at]
		r, err := s.record(ctx, s.stream, s.was, e)
		if err != nil {
			return root{}, err
		}
		e.Name = to
		e, err = s.stageAs(ctx, signer, e, r.To, func() (string, error) { return r.Sealed, nil })
		return s.was.without(from).with(e), err
	})
}

// Remove takes a seed off the list. Its revisions stay until they are purged.
func (s *session) Remove(ctx context.Context, name string) error {
	return s.signed(ctx, func(keys.Seed) (root, error) {
		if _, there := s.was.find(name); !there {
			return root{}, store.ErrNoKey
		}
		return s.was.without(name), nil
	})
}

// signed makes a change that a maintainer vouches for.
func (s *session) signed(ctx context.Context, change func(signer keys.Seed) (root, error)) error {
	signer, err := s.signer(ctx, s.was.root)
	if err != nil {
		return err
	}
	defer signer.Wipe()
	next, err := change(signer)
	if err != nil {
		return err
	}
	return s.commit(ctx, signer, next)
}

// commit writes the root that is to follow: with it the change is made, at once.
func (s *session) commit(ctx context.Context, signer keys.Seed, next root) error {
	next.Generation = s.was.Generation + 1
	next.Trail = trail(s.was.digest, s.was.Trail)
	return s.writeRoot(ctx, s.stream, signer, next, s.was.seq)
}

// writeRoot writes a root over another, zero for none.
func (m *medium) writeRoot(ctx context.Context, s stream, signer keys.Seed, next root, over uint64) error {
	next.Written = m.now().UTC().Truncate(time.Second)
	var err error
	if next.Change, err = m.randomName(); err != nil {
		return err
	}
	body, err := pack(next)
	if err != nil {
		return err
	}
	data, err := sign(signedRoot, signer, body)
	if err != nil {
		return err
	}
	seq, err := s.write(ctx, rootKey, data, over)
	if errors.Is(err, errChanged) {
		return m.followed(ctx, s, digest(data), err)
	}
	if err != nil {
		return err
	}
	now := snapshot{root: next, seq: seq, digest: digest(data), by: signer.PublicKey()}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.known = &now
	m.remember(context.WithoutCancel(ctx), now, false)
	return nil
}

// followed is nil where a root was written all the same, whose answer was lost: the one
// that somebody else has written since knows it among those before it.
func (m *medium) followed(ctx context.Context, s stream, written string, changed error) error {
	m.release() // what was read last is from before
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.patience)
	defer cancel()
	now, err := m.root(within, s)
	if err == nil && !slices.Contains(now.Trail, written) {
		err = changed
	}
	return err
}

// stage writes a seed's revision, for a root to mean.
func (s *session) stage(ctx context.Context, signer keys.Seed, e entry, to []recipient, seal func(to []recipient) (string, error)) (entry, error) {
	if len(to) == 0 {
		return e, fault.New(fault.Unavailable, "there is nobody in %s for whom %s could be encrypted", s.at, e.Name).
			WithHint("add a recipient who opens every seed: latch keystore recipients add RECIPIENT")
	}
	return s.stageAs(ctx, signer, e, ids(to), func() (string, error) { return seal(to) })
}

// stageAs takes what an earlier run has written of the same, where that was cut short
// before its root was, or else writes it.
func (s *session) stageAs(ctx context.Context, signer keys.Seed, e entry, to []string, seal func() (string, error)) (entry, error) {
	if err := ctx.Err(); err != nil {
		return e, err
	}
	newest, err := s.stream.last(ctx, keyOf(e.Name))
	if err != nil && !errors.Is(err, errNone) {
		return e, err
	}
	if err == nil && s.same(newest, e, to) {
		e.Revision, e.Digest = newest.Seq, digest(newest.Data)
		return e, nil
	}
	if err := s.keepsLive(ctx, e.Name, newest.Seq); err != nil {
		return e, err
	}
	sealed, err := seal()
	if err != nil {
		return e, err
	}
	data, err := record{s.was.Store, e.Name, e.PublicKey, e.Created, to, sealed}.encode(signer)
	if err != nil {
		return e, err
	}
	if e.Revision, err = s.stream.write(ctx, keyOf(e.Name), data, newest.Seq); err != nil {
		return e, fmt.Errorf("failed to store %s: %w", e.Name, err)
	}
	e.Digest = digest(data)
	return e, nil
}

// same tells whether a revision is what would be written: a maintainer vouches that it
// holds the seed of that key, for these recipients.
func (s *session) same(m message, e entry, to []string) bool {
	r, by, err := decodeRecord(m.Data, s.was.Store, e.Name)
	return err == nil && s.was.maintains(by) && r.PublicKey == e.PublicKey && slices.Equal(r.To, to)
}

// keepsLive makes sure that another revision of a seed does not push the one out that
// is in use: a key has room for 64.
func (s *session) keepsLive(ctx context.Context, name string, newest uint64) error {
	at, there := s.was.find(name)
	if !there || s.was.Seeds[at].Revision == newest {
		return nil
	}
	return fault.Hint(s.hasRoom(ctx, keyOf(name), name), "find out why, then remove them: latch keystore purge %s", name)
}

// hasRoom makes sure that a key's next revision pushes none out.
func (s *session) hasRoom(ctx context.Context, key, name string) error {
	count, err := s.stream.count(ctx, key)
	if err == nil && count >= history {
		err = fault.New(fault.Refused, "%s in %s has %d revisions, most of changes that were never finished", name, s.at, count)
	}
	return err
}
