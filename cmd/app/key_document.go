package app

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
)

// KeyDocument is a stored key as JSON output gives it.
type KeyDocument struct {
	Name      string         `json:"name"`
	Kind      string         `json:"kind"`
	PublicKey keys.PublicKey `json:"public_key"`
	Keystore  string         `json:"keystore,omitempty"`
	Created   *time.Time     `json:"created,omitempty"`
	Seed      string         `json:"seed,omitempty"`
}

// DescribeKey is the document of a stored key.
func DescribeKey(e keystore.Entry) KeyDocument {
	doc := KeyDocument{Name: e.Name, Kind: e.PublicKey.Kind().String(), PublicKey: e.PublicKey}
	if !e.Created.IsZero() {
		doc.Created = &e.Created
	}
	return doc
}

// CreatedText is when the key was made, "-" where that is not known.
func (d KeyDocument) CreatedText() string {
	if d.Created == nil {
		return "-"
	}
	return d.Created.UTC().Format(time.RFC3339)
}

// FindingDocument is something not as it should be, as JSON output gives it.
type FindingDocument struct {
	Name    string `json:"name,omitempty"`
	Message string `json:"message"`
	Remedy  string `json:"remedy,omitempty"`
	Mended  bool   `json:"mended"`
}

// DescribeFindings are the documents of findings.
func DescribeFindings(findings []keystore.Finding) []FindingDocument {
	docs := make([]FindingDocument, len(findings))
	for i, f := range findings {
		docs[i] = FindingDocument(f)
	}
	return docs
}

// PrintFindings writes findings for a person.
func PrintFindings(w io.Writer, findings []keystore.Finding) {
	for _, f := range findings {
		if f.Name != "" {
			fmt.Fprintf(w, "%s: ", f.Name)
		}
		fmt.Fprintln(w, f.Message)
		switch {
		case f.Mended:
			fmt.Fprintf(w, "  mended: %s\n", f.Remedy)
		case f.Remedy != "":
			fmt.Fprintf(w, "  --repair would: %s\n", f.Remedy)
		}
	}
}

// KeystoreDocument is a keystore as JSON output gives it, and the newest state of one in
// a bucket.
type KeystoreDocument struct {
	Manifest  string              `json:"manifest,omitempty"` // that names it
	Keystore  string              `json:"keystore"`
	Revision  uint64              `json:"revision,omitempty"`
	Written   time.Time           `json:"written_at,omitzero"`
	Signer    keys.PublicKey      `json:"signer,omitzero"`
	Manifests []PublishedManifest `json:"manifests,omitempty"`
	Problem   string              `json:"problem,omitempty"` // why that cannot be told
}

// PublishedManifest is a manifest in a bucket.
type PublishedManifest struct {
	Lattice    string    `json:"lattice"`
	Generation uint64    `json:"generation"`
	Revision   uint64    `json:"revision"`
	Published  time.Time `json:"published_at"`
}

// DescribePublished is the document of a published manifest.
func DescribePublished(m keystore.Manifest) PublishedManifest {
	return PublishedManifest{m.Lattice, m.Generation, m.Revision, m.Published}
}

// DescribeKeystore is the document of a keystore.
func DescribeKeystore(ctx context.Context, store keystore.Store) KeystoreDocument {
	doc := KeystoreDocument{Keystore: store.URI()}
	bucket, is := store.(*keystore.Bucket)
	if !is {
		return doc
	}
	now, err := bucket.State(ctx)
	if err != nil {
		doc.Problem = err.Error()
		return doc
	}
	doc.Revision, doc.Written, doc.Signer = now.Revision, now.Written, now.Signer
	for _, m := range now.Manifests {
		doc.Manifests = append(doc.Manifests, DescribePublished(m))
	}
	return doc
}

// Print writes the state of a keystore in a bucket for a person, nothing of any other.
func (d KeystoreDocument) Print(w io.Writer) {
	switch {
	case d.Problem != "":
		fmt.Fprintf(w, "Its revision is not known: %s\n", d.Problem)
	case d.Revision > 0:
		fmt.Fprintf(w, "It is at revision %d, written at %s and signed by %s.\n", d.Revision, d.Written.Format(time.RFC3339), d.Signer)
	}
	for _, m := range d.Manifests {
		fmt.Fprintf(w, "It has generation %d of lattice %s, published at %s.\n", m.Generation, m.Lattice, m.Published.Format(time.RFC3339))
	}
}
