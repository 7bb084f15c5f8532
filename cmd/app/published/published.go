// Package published is about manifests that are kept in the bucket of a nats:
// keystore, where the maintainers of the keystore publish them.
package published

import (
	"bytes"
	"context"
	"slices"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
)

// In is the keystore as the bucket that it must be. doing is what it is needed for.
func In(store keystore.Store, doing string) (*keystore.Bucket, error) {
	bucket, is := store.(*keystore.Bucket)
	if !is {
		return nil, fault.New(fault.Usage, "only a nats: keystore holds manifests: %s cannot %s", store.URI(), doing).
			WithHint("name one: --keystore nats://HOST:PORT/BUCKET")
	}
	return bucket, nil
}

// Fetch gives the manifest of a lattice, or of the only one where none is named, once
// it is known to be what a maintainer has published last.
func Fetch(ctx context.Context, bucket *keystore.Bucket, name string) (*lattice.Document, keystore.Manifest, error) {
	found, err := bucket.Fetch(ctx, name)
	return decoded(bucket, found, err)
}

// FetchRevision gives the manifest of a lattice as a maintainer has once published it.
func FetchRevision(ctx context.Context, bucket *keystore.Bucket, name string, revision uint64) (*lattice.Document, keystore.Manifest, error) {
	found, err := bucket.FetchRevision(ctx, name, revision)
	return decoded(bucket, found, err)
}

// Besides gives the manifests that are published in a keystore and are none of the files:
// whoever takes them from there needs its keys too. None where it is no bucket.
func Besides(ctx context.Context, files []*lattice.Document, store keystore.Store) ([]*lattice.Document, error) {
	bucket, is := store.(*keystore.Bucket)
	if !is {
		return nil, nil
	}
	now, err := bucket.State(ctx)
	if err != nil {
		return nil, err
	}
	var others []*lattice.Document
	for _, m := range now.Manifests {
		doc, _, err := Fetch(ctx, bucket, m.Lattice)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(files, func(file *lattice.Document) bool { return says(file, doc) }) {
			others = append(others, doc)
		}
	}
	return others, nil
}

// says reports whether a file is what was published.
func says(file, published *lattice.Document) bool {
	text, err := file.Whole()
	return err == nil && bytes.Equal(text, published.Bytes())
}

// decoded reads a manifest that was found, or hands on why none was.
func decoded(bucket *keystore.Bucket, found keystore.Manifest, err error) (*lattice.Document, keystore.Manifest, error) {
	if err != nil {
		return nil, found, err
	}
	doc, err := lattice.Decode("the manifest of "+found.Lattice+" in "+bucket.Place(), found.Text)
	if err != nil {
		return nil, found, fault.Hint(err, "latch of another version may have published it; publish it anew: latch lattice publish")
	}
	if m := doc.Manifest(); m.Lattice != found.Lattice || m.Generation != found.Generation {
		return nil, found, fault.New(fault.Refused, "%s says that it is generation %d of %s, and was published as generation %d", doc.Path(), m.Generation, m.Lattice, found.Generation).
			WithHint("find out how it was published; publish it anew: latch lattice publish")
	}
	return doc, found, nil
}
