package keystore

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"strings"
)

// backupManifest is a published manifest in a backup.
type backupManifest struct {
	Lattice    string `json:"lattice"`
	Generation uint64 `json:"generation"`
	Text       string `json:"text"`
}

// Published are the manifests that are published in a store, by lattice, with their
// texts: none where it is no bucket.
func Published(ctx context.Context, in Store) ([]Manifest, error) {
	bucket, is := in.(*Bucket)
	if !is {
		return nil, nil
	}
	now, err := bucket.State(ctx)
	if err != nil {
		return nil, err
	}
	for i, m := range now.Manifests {
		if now.Manifests[i], err = bucket.Fetch(ctx, m.Lattice); err != nil {
			return nil, err
		}
	}
	return now.Manifests, nil
}

// RestoredManifest is one of a backup, and what RestoreManifests has made of it.
type RestoredManifest struct {
	Manifest

	New   bool   // it is published now: there was none of its lattice
	There uint64 // the generation of another one that is published, and stays
}

// RestoreManifests publishes each manifest of the backup whose lattice has none in the
// bucket, signed by a maintainer at hand. fault.Refused: a newer one was there before.
func (b *Backup) RestoreManifests(ctx context.Context, to *Bucket) ([]RestoredManifest, error) {
	there, err := Published(ctx, to)
	if err != nil {
		return nil, err
	}
	var done []RestoredManifest
	for _, m := range b.Manifests {
		r := RestoredManifest{Manifest: m}
		at := slices.IndexFunc(there, func(other Manifest) bool { return other.Lattice == m.Lattice })
		switch {
		case at < 0:
			_, r.New, err = to.Publish(ctx, m, func([]byte) string { return "a backup does not replace it" })
		case !same(there[at], m):
			r.There = there[at].Generation
		}
		if err != nil {
			return done, err
		}
		done = append(done, r)
	}
	return done, nil
}

func same(a, b Manifest) bool { return a.Generation == b.Generation && bytes.Equal(a.Text, b.Text) }

// ManifestDifference is a lattice of which a backup and a store do not have the same
// manifest.
type ManifestDifference struct {
	Lattice string
	Backup  uint64 // its generation there; 0: not in the backup
	Store   uint64 // 0: not published in the store
}

// CompareManifests says where the backup and what is published in a store differ, by
// lattice.
func (b *Backup) CompareManifests(published []Manifest) []ManifestDifference {
	differ := map[string]ManifestDifference{}
	for _, m := range published {
		differ[m.Lattice] = ManifestDifference{Lattice: m.Lattice, Store: m.Generation}
	}
	for _, m := range b.Manifests {
		d := differ[m.Lattice]
		d.Lattice, d.Backup = m.Lattice, m.Generation
		differ[m.Lattice] = d
		if slices.ContainsFunc(published, func(other Manifest) bool { return other.Lattice == m.Lattice && same(other, m) }) {
			delete(differ, m.Lattice)
		}
	}
	return slices.SortedFunc(maps.Values(differ), func(a, b ManifestDifference) int { return strings.Compare(a.Lattice, b.Lattice) })
}
