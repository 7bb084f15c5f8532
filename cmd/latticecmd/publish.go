package latticecmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
)

func newPublish(a verbs) *cobra.Command {
	return &cobra.Command{
		Use:   "publish",
		Short: "Publish the manifest in the nats: keystore",
		Long: `Puts the manifest into the bucket of the nats: keystore, signed by you as one of its
maintainers. Hosts that have no manifest of their own start with it: latch env exec.
A bucket holds the manifests of as many lattices as use it.

Its generation may only grow: an older manifest is refused. Of the same generation
another one is taken if hosts get the same from it, such as after a revocation; but
no earlier edition, and none that lacks a denied key, a revocation or an issued user
of the last one. A manifest with errors is refused.`,
		Example: "  latch lattice publish\n  latch lattice publish -m prod.yaml -o json",
		Args:    app.Exactly(),
		RunE:    func(c *cobra.Command, _ []string) error { return a.publish(c.Context()) },
	}
}

// bucket is the keystore in use as the bucket that holds manifests. doing is what one is
// needed for.
func (a verbs) bucket(doing string) (*keystore.Bucket, error) {
	store, err := a.Keystore()
	if err != nil {
		return nil, err
	}
	return published.In(store, doing)
}

// publishedDocument is a manifest in a bucket, as JSON output gives it.
type publishedDocument struct {
	app.PublishedManifest
	Keystore string `json:"keystore"`
}

func describePublished(m keystore.Manifest, in *keystore.Bucket) publishedDocument {
	return publishedDocument{app.DescribePublished(m), in.Place()}
}

func (a verbs) publish(ctx context.Context) error {
	file, err := a.Manifest()
	if err != nil {
		return err
	}
	bucket, err := a.bucket("take one")
	if err != nil {
		return err
	}
	if err := a.fitToPublish(ctx, file, bucket); err != nil {
		return err
	}
	text, err := file.Whole() // hosts have no other file
	if err != nil {
		return err
	}
	m := file.Manifest()
	var done publishedDocument
	var changed bool
	err = a.Change(func() error {
		now, isNew, err := bucket.Publish(ctx, keystore.Manifest{Lattice: m.Lattice, Generation: m.Generation, Text: text}, func(before []byte) string {
			last, err := lattice.Decode("what was published", before)
			if err != nil {
				return "it cannot be read"
			}
			return published.Unlike(last.Manifest(), m, a.Sys.Now())
		})
		done, changed = describePublished(now, bucket), isNew
		return err
	})
	if err != nil {
		return err
	}
	return a.ShowDone(struct {
		publishedDocument
		Changed bool `json:"changed"`
	}{done, changed}, func(w io.Writer) {
		if !changed {
			fmt.Fprintf(w, "generation %d of lattice %s is what %s has\n", done.Generation, done.Lattice, done.Keystore)
			return
		}
		fmt.Fprintf(w, "published generation %d of lattice %s in %s, revision %d\n", done.Generation, done.Lattice, done.Keystore, done.Revision)
	})
}

// warnOfLost tells what a manifest of a newer generation lacks of the last one: it may
// be meant, or come of an older copy.
func (a verbs) warnOfLost(ctx context.Context, file *lattice.Document, bucket *keystore.Bucket) {
	own := file.Manifest()
	last, as, err := published.Fetch(ctx, bucket, own.Lattice)
	if err != nil { // there is none, or it cannot be read any more
		return
	}
	if lost := own.Lost(last.Manifest(), a.Sys.Now()); lost != "" {
		a.Warn("%s lacks %s, which generation %d had as it was published", file.Path(), lost, as.Generation)
	}
}

// fitToPublish refuses a manifest with errors, and one that may not follow on the last.
// It tells of seeds that hosts would look for in vain.
func (a verbs) fitToPublish(ctx context.Context, file *lattice.Document, bucket *keystore.Bucket) error {
	for _, f := range lattice.Check(file) {
		if f.Severity == finding.Error {
			return fault.New(fault.Refused, "a manifest with errors is not published: %s", f).WithHint("latch lattice check %s", app.Word(file.Path()))
		}
	}
	if err := published.CheckFollows(ctx, file, bucket, a.Sys.Now()); err != nil {
		return err
	}
	a.warnOfLost(ctx, file, bucket)
	entries, err := bucket.List(ctx)
	if err != nil {
		return err
	}
	for _, f := range lattice.CheckSeeds(file, bucket.Place(), app.PublicKeys(entries)) {
		a.Warn("%s", f)
	}
	return nil
}
