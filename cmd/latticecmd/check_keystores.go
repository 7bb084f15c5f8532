package latticecmd

import (
	"context"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/lattice"
)

// keystoresOf are the keystores that manifests are about; of those that were looked
// into it is said how they stand.
func (a verbs) keystoresOf(ctx context.Context, docs []*lattice.Document, looked bool) []app.KeystoreDocument {
	var all []app.KeystoreDocument
	for _, doc := range docs {
		uri, _, err := a.KeystoreURIOf(doc)
		if err != nil {
			continue // the settings cannot be read, as was said before
		}
		about := app.KeystoreDocument{Keystore: uri}
		if looked {
			if store, err := a.KeystoreOf(doc); err == nil {
				about = app.DescribeKeystore(ctx, store)
			}
		}
		about.Manifest = doc.Path()
		all = append(all, about)
		if about.Revision > 0 {
			a.Say("%s: its keystore %s is at revision %d.", doc.Path(), about.Keystore, about.Revision)
		}
		a.warnOfPublished(doc, about)
	}
	return all
}

// warnOfPublished says where another generation of a manifest was published.
func (a verbs) warnOfPublished(doc *lattice.Document, in app.KeystoreDocument) {
	for _, m := range in.Manifests {
		own := doc.Manifest()
		switch {
		case m.Lattice != own.Lattice:
		case m.Generation > own.Generation:
			a.Warn("%s is generation %d, and generation %d was published: latch lattice fetch %s", doc.Path(), own.Generation, m.Generation, m.Lattice)
		case m.Generation < own.Generation:
			a.Warn("%s is generation %d, and the last one published is %d: latch lattice publish", doc.Path(), own.Generation, m.Generation)
		}
	}
}
