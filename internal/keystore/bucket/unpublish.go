package bucket

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/keys"
)

// unpublished is the last manifest of a lattice that is published no more. It stays on
// the list, so that no older one can follow on it.
type unpublished struct {
	published

	Since time.Time `json:"since"`
}

// Unpublish takes the manifest of a lattice off the list, signed by a maintainer at hand,
// and gives which it was; changed is false where it was off it already. Its revisions
// stay until they are purged, and its generation stays taken.
// fault.NotFound: none was ever published.
func (s *Store) Unpublish(ctx context.Context, lattice string) (was Manifest, changed bool, err error) {
	err = s.changing(ctx, func(open *session, _ keys.Seed) (root, error) {
		next := open.was.root
		p, there := next.manifest(lattice)
		was, changed = p.known(), there
		if there {
			return next.withoutManifest(p, open.now().UTC().Truncate(time.Second)), nil
		}
		gone, there := next.noLonger(lattice)
		if !there {
			_, err := next.chosen(lattice, open.at.String())
			return next, err
		}
		was = gone.known()
		return next, errNothing
	})
	return was, changed, err
}

// noLonger finds what was published last of a lattice whose manifest is not any more.
func (r root) noLonger(lattice string) (unpublished, bool) {
	at := slices.IndexFunc(r.Unpublished, func(u unpublished) bool { return u.Lattice == lattice })
	if at < 0 {
		return unpublished{}, false
	}
	return r.Unpublished[at], true
}

// withoutManifest is the root with a manifest of its list among those that are not
// published any more.
func (r root) withoutManifest(p published, now time.Time) root {
	r.Manifests = slices.DeleteFunc(slices.Clone(r.Manifests), func(each published) bool { return each.Lattice == p.Lattice })
	r.Unpublished = append(slices.Clone(r.Unpublished), unpublished{p, now})
	slices.SortFunc(r.Unpublished, func(a, b unpublished) int { return strings.Compare(a.Lattice, b.Lattice) })
	return r
}
