package latticecmd

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/terminal"
)

func newHistory(a verbs) *cobra.Command {
	return &cobra.Command{
		Use:   "history [LATTICE]",
		Short: "Show the manifests that a nats: keystore keeps",
		Long: `Lists the revisions that a nats: keystore still has of the manifest of a lattice, or of
all of them, the newest first, and who signed each: those of a lattice that is not
published any more too, until they are purged. It keeps 64 of a lattice at most.

latch lattice fetch LATTICE --revision N gives one of them.`,
		Example: "  latch lattice history\n  latch lattice history prod -o json",
		Args:    app.AtMostOne,

		ValidArgsFunction: a.CompleteLattice,
		RunE: func(c *cobra.Command, args []string) error {
			return a.history(c.Context(), strings.Join(args, ""))
		},
	}
}

// revisionDocument is a revision of a manifest as JSON output gives it.
type revisionDocument struct {
	Lattice    string         `json:"lattice"`
	Generation uint64         `json:"generation"`
	Revision   uint64         `json:"revision"`
	Published  time.Time      `json:"published_at"`
	SignedBy   keys.PublicKey `json:"signed_by"`
	Current    bool           `json:"current"`
}

func (a verbs) history(ctx context.Context, name string) error {
	bucket, err := a.bucket("have any")
	if err != nil {
		return err
	}
	all, err := bucket.Manifests(ctx, name)
	if err != nil {
		return err
	}
	docs := make([]revisionDocument, len(all))
	rows := make([][]string, len(all))
	for i, r := range all {
		docs[i] = revisionDocument{printable.Line(r.Lattice), r.Generation, r.Revision, r.Written, r.Signer, r.Current}
		rows[i] = revisionRow(r)
	}
	err = a.Show(struct {
		Keystore  string             `json:"keystore"`
		Revisions []revisionDocument `json:"revisions"`
	}{bucket.Place(), docs}, func(w io.Writer) {
		if len(rows) > 0 {
			terminal.Table(w, a.Width(), []string{"LATTICE", "GENERATION", "REVISION", "PUBLISHED", "SIGNED BY", "STATE"}, rows)
		}
	})
	if err == nil && len(rows) == 0 {
		a.Say("No manifest was ever published in %s.", bucket.Place())
	}
	return err
}

func revisionRow(r keystore.ManifestRevision) []string {
	lattice, generation, signer, state := printable.Line(r.Lattice), strconv.FormatUint(r.Generation, 10), r.Signer.String(), ""
	switch {
	case r.Lattice == "":
		lattice, generation, signer, state = "-", "-", "-", "not readable"
	case r.Current:
		state = "published"
	}
	return []string{lattice, generation, strconv.FormatUint(r.Revision, 10), r.Written.Format(time.RFC3339), signer, state}
}
