package bucket

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// ManifestRevision is a revision that a bucket still has of a manifest.
type ManifestRevision struct {
	Lattice    string // "" where it cannot be read
	Generation uint64
	Written    time.Time
	Revision   uint64
	Signer     keys.PublicKey
	Current    bool // it is the published one
}

// Published is the manifest of a lattice that is published at the moment, without its
// text; not there: none is.
func (s *Store) Published(ctx context.Context, lattice string) (now Manifest, there bool, err error) {
	err = s.medium.reading(ctx, func(_ stream, root snapshot) error {
		p, is := root.manifest(lattice)
		now, there = p.known(), is
		return nil
	})
	return now, there, err
}

// Manifests gives the revisions of the manifest of a lattice, or of all lattices, the
// newest first.
func (s *Store) Manifests(ctx context.Context, lattice string) ([]ManifestRevision, error) {
	pattern := manifestKeys + ">"
	if lattice != "" {
		pattern = manifestKey(lattice)
	}
	var all []ManifestRevision
	err := s.medium.reading(ctx, func(on stream, root snapshot) error {
		return on.each(ctx, pattern, func(m message) { all = append(all, root.manifestRevision(on, m)) })
	})
	if err == nil && lattice != "" && len(all) == 0 {
		err = fault.New(fault.NotFound, "%s keeps no manifest of lattice %s", s.medium.at, lattice).WithHint("see of which it does: latch lattice history")
	}
	slices.Reverse(all)
	return all, err
}

func (r root) manifestRevision(on stream, m message) ManifestRevision {
	v := ManifestRevision{Revision: m.Seq, Written: m.Time.UTC()}
	found, by, err := r.readManifest(on, m)
	if err != nil {
		return v
	}
	v.Lattice, v.Generation, v.Signer = found.Lattice, found.Generation, by
	p, there := r.manifest(found.Lattice)
	v.Current = there && p.Revision == m.Seq && p.Digest == digest(m.Data)
	return v
}

// readManifest reads a revision of a manifest, which was made for this bucket and that
// lattice; by whom it is signed is the caller's to judge.
func (r root) readManifest(on stream, m message) (manifestRecord, keys.PublicKey, error) {
	var found manifestRecord
	body, by, err := verify(signedManifest, m.Data)
	if err == nil {
		err = unpack(body, &found)
	}
	if err == nil && (found.Store != r.Store || on.key(m) != manifestKey(found.Lattice)) {
		err = errors.New("it was made for something else")
	}
	return found, by, err
}

// FetchRevision gives the manifest of a lattice as a maintainer has signed it in one of
// the revisions that the bucket still has.
func (s *Store) FetchRevision(ctx context.Context, lattice string, revision uint64) (found Manifest, err error) {
	err = s.medium.reading(ctx, func(on stream, root snapshot) error {
		key := manifestKey(lattice)
		m, err := on.revision(ctx, key, revision)
		switch {
		case errors.Is(err, errNone):
			return fault.New(fault.NotFound, "there is no revision %d of the manifest of lattice %s in %s", revision, lattice, s.medium.at).
				WithHint("see which there are: latch lattice history %s", lattice)
		case err != nil:
			return err
		}
		r, by, err := root.readManifest(on, m)
		if err == nil {
			err = root.signedBy(by)
		}
		if err != nil {
			return store.Damaged(fault.New(fault.Failed, "revision %d of %s in %s is no manifest that can be trusted", revision, key, s.medium.at).Because(err).
				WithHint("take another: latch lattice history %s", lattice))
		}
		found = Manifest{Lattice: r.Lattice, Generation: r.Generation, Published: m.Time.UTC(), Revision: m.Seq, Text: r.Text, Signer: by}
		return nil
	})
	return found, err
}

// WasPublished tells whether the bucket still has a revision of that very manifest. What
// follows on the published one was cut short, and is none.
func (s *Store) WasPublished(ctx context.Context, lattice string, text []byte) (was bool, err error) {
	err = s.medium.reading(ctx, func(on stream, root snapshot) error {
		last, there := root.manifest(lattice)
		return on.each(ctx, manifestKey(lattice), func(m message) {
			if there && m.Seq > last.Revision {
				return
			}
			found, by, err := root.readManifest(on, m)
			was = was || err == nil && root.maintains(by) && digest(found.Text) == digest(text)
		})
	})
	return was, err
}
