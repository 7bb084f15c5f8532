package latticecmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
)

func newUnpublish(a verbs) *cobra.Command {
	var purge bool
	c := &cobra.Command{
		Use:   "unpublish LATTICE",
		Short: "Take a published manifest off the nats: keystore",
		Long: `Takes the manifest of a lattice off the bucket of the nats: keystore, signed by you as
one of its maintainers. A host that starts from it then finds none; one that runs is
left alone. The keys stay.

What was published is kept, latch lattice history lists it, and can be published
again. Its generation stays taken: another manifest needs a higher one. --purge removes
all its revisions for good.`,
		Example: "  latch lattice unpublish staging\n  latch lattice unpublish staging --purge --yes",
		Args:    app.Exactly("LATTICE"),

		ValidArgsFunction: a.CompleteLattice,
		RunE: func(c *cobra.Command, args []string) error {
			return a.unpublish(c.Context(), args[0], purge)
		},
	}
	c.Flags().BoolVar(&purge, "purge", false, "remove every revision of it for good, too")
	return c
}

// unpublishedDocument is what became of a published manifest, as JSON output gives it.
type unpublishedDocument struct {
	publishedDocument
	Changed bool `json:"changed"`
	Purged  *int `json:"purged,omitempty"`
}

func (a verbs) unpublish(ctx context.Context, lattice string, purge bool) error {
	bucket, err := a.bucket("take one off")
	if err != nil {
		return err
	}
	question := "Take the manifest of lattice %s off %s? No host starts from it then."
	if purge {
		question = "Take the manifest of lattice %s off %s, and remove all its revisions for good? No host starts from it then."
	}
	if err := a.Confirm(ctx, fmt.Sprintf(question, lattice, bucket.Place())); err != nil {
		return err
	}
	var doc unpublishedDocument
	err = a.Change(func() error {
		was, changed, err := bucket.Unpublish(ctx, lattice)
		doc = unpublishedDocument{publishedDocument: describePublished(was, bucket), Changed: changed}
		if err != nil || !purge {
			return err
		}
		purged, err := bucket.PurgeManifests(ctx, lattice)
		doc.Purged = &purged
		return err
	})
	if err != nil {
		return err
	}
	return a.ShowDone(doc, func(w io.Writer) { doc.print(w) })
}

func (d unpublishedDocument) print(w io.Writer) {
	says := "lattice %[2]s is not published in %[3]s; its last generation was %[1]d\n"
	if d.Changed {
		says = "took generation %d of lattice %s off %s\n"
	}
	fmt.Fprintf(w, says, d.Generation, d.Lattice, d.Keystore)
	if d.Purged != nil {
		fmt.Fprintf(w, "removed %d revision%s of it\n", *d.Purged, app.Plural(*d.Purged))
	}
}
