package bucket

import (
	"cmp"
	"context"
	"errors"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// Purge removes for good the revisions of a name that are not in use, and gives how
// many there were.
func (s *Store) Purge(ctx context.Context, name string) (purged int, err error) {
	if err := store.CheckName(name); err != nil {
		return 0, err
	}
	var before uint64
	if err := s.changing(ctx, func(open *session, _ keys.Seed) (root, error) {
		if at, there := open.was.find(name); there {
			return open.freshened(ctx, at)
		}
		return open.ended(ctx, keyOf(name), &before)
	}); err != nil {
		return 0, err
	}
	own := 1 // the end
	err = s.medium.reading(ctx, func(on stream, root snapshot) error {
		if at, there := root.find(name); there {
			before, own = root.Seeds[at].Revision, 0
		}
		purged, err = on.purge(ctx, keyOf(name), before)
		return err
	})
	return max(0, purged-own), err
}

// PurgeManifests removes for good every revision of the manifest of a lattice that is
// published no more, and gives how many there were. fault.Refused: it is published.
func (s *Store) PurgeManifests(ctx context.Context, lattice string) (purged int, err error) {
	var before uint64
	if err := s.changing(ctx, func(open *session, _ keys.Seed) (root, error) {
		if _, there := open.was.manifest(lattice); there {
			return root{}, fault.New(fault.Refused, "the manifest of lattice %s is published in %s", lattice, open.at).WithHint("latch lattice unpublish %s", lattice)
		}
		return open.ended(ctx, manifestKey(lattice), &before)
	}); err != nil {
		return 0, err
	}
	err = s.medium.using(ctx, func(on stream) error {
		purged, err = on.purge(ctx, manifestKey(lattice), before)
		return err
	})
	return max(0, purged-1), err // but for the end
}

// end is a revision that says nothing but that those before it are over.
const end = "{}"

// ended writes an end behind all revisions of a key that the list does not have, and has
// the list written anew: what is before the end is to be purged. A change that is under
// way may have written a revision that its list is still to mean. That list cannot follow
// now, and a second attempt does not find that revision to be the newest: it writes
// another, behind the end.
func (s *session) ended(ctx context.Context, key string, before *uint64) (root, error) {
	newest, err := s.stream.last(ctx, key)
	if errors.Is(err, errNone) {
		return root{}, errNothing
	}
	if err != nil {
		return root{}, err
	}
	seq := newest.Seq
	if string(newest.Data) != end { // else an earlier purge went no further
		if seq, err = s.stream.write(ctx, key, []byte(end), seq); err != nil {
			return root{}, err
		}
	}
	*before = seq + 1
	return s.was.root, nil
}

// purge removes for good the revisions of a key before one, none before 0.
func (s stream) purge(ctx context.Context, key string, before uint64) (purged int, err error) {
	if before == 0 {
		return 0, nil
	}
	what := map[string]any{"filter": s.subject(key), "seq": before}
	var answer struct {
		Purged int `json:"purged"`
	}
	err = s.ask(ctx, "STREAM.PURGE.KV_"+s.bucket, what, &answer)
	return answer.Purged, err
}

// freshened is the root with what is in use of a name as its newest revision: only
// what is older than some revision can be purged.
func (s *session) freshened(ctx context.Context, at int) (root, error) {
	e := s.was.Seeds[at]
	newest, err := s.stream.last(ctx, keyOf(e.Name))
	if err != nil || newest.Seq == e.Revision {
		return s.was.root, cmp.Or(err, error(errNothing))
	}
	data := newest.Data
	if digest(data) != e.Digest {
		live, err := s.stream.at(ctx, e.Revision)
		if err == nil && digest(live.Data) != e.Digest {
			err = store.Corrupt(s.where(e), errors.New("it is not the revision that the list of keys means"))
		}
		if err != nil {
			return s.was.root, err
		}
		data = live.Data
		if newest.Seq, err = s.stream.write(ctx, keyOf(e.Name), data, newest.Seq); err != nil {
			return s.was.root, err
		}
	}
	e.Revision = newest.Seq
	return s.was.with(e), nil
}
