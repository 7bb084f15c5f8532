package latticecmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
)

func newFetch(a verbs) *cobra.Command {
	var o fetchOptions
	c := &cobra.Command{
		Use:   "fetch [LATTICE]",
		Short: "Fetch the published manifest from the nats: keystore",
		Long: `Prints the manifest that was published in the bucket of the nats: keystore, or
writes it to a file. LATTICE may be left out where there is only one.

It is refused unless a maintainer has signed it, and where this machine has seen a
newer one before, or another of the same generation. A file is replaced only by a
newer manifest of the same lattice, or if it is one that was published before.

--revision gives an earlier one, as latch lattice history lists them. To go back to
it, raise its generation above the last one, and publish it.`,
		Example: "  latch lattice fetch --keystore \"$URI\"\n  latch lattice fetch prod --out lattice.yaml\n" +
			"  latch lattice fetch prod --revision 42 --out earlier.yaml",
		Args: app.AtMostOne,

		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			if o.earlier = c.Flags().Changed("revision"); o.earlier && len(args) == 0 {
				return app.UsageIn(c, "--revision is one of a lattice: name it")
			}
			o.lattice = strings.Join(args, "")
			return a.fetch(c.Context(), o)
		},
	}
	app.OutFlag(c, &o.out, "write it to this file")
	c.Flags().Uint64Var(&o.revision, "revision", 0, "fetch the manifest of this revision")
	return c
}

type fetchOptions struct {
	lattice  string // "" for the only one
	out      string // "" for stdout
	earlier  bool   // revision is given
	revision uint64
}

// from gives the manifest that the options mean.
func (o fetchOptions) from(ctx context.Context, bucket *keystore.Bucket) (*lattice.Document, keystore.Manifest, error) {
	if o.earlier {
		return published.FetchRevision(ctx, bucket, o.lattice, o.revision)
	}
	return published.Fetch(ctx, bucket, o.lattice)
}

func (a verbs) fetch(ctx context.Context, o fetchOptions) error {
	bucket, err := a.bucket("give one")
	if err != nil {
		return err
	}
	doc, found, err := o.from(ctx, bucket)
	if err != nil {
		return err
	}
	text := doc.Bytes()
	shown := struct {
		publishedDocument
		Signer  keys.PublicKey `json:"signer"`
		Text    string         `json:"text,omitempty"`
		File    string         `json:"file,omitempty"`
		Changed *bool          `json:"changed,omitempty"`
	}{publishedDocument: describePublished(found, bucket), Signer: found.Signer}
	if o.out == "" {
		shown.Text = string(text)
		return a.Show(shown, func(w io.Writer) { _, _ = w.Write(text) })
	}
	changed, err := replaceManifest(o.out, doc, func(there []byte) (bool, error) {
		if o.earlier {
			return false, nil // the file may be the later one
		}
		return bucket.WasPublished(ctx, found.Lattice, there)
	})
	if err != nil {
		return err
	}
	shown.File, shown.Changed = o.out, &changed
	return a.ShowDone(shown, func(w io.Writer) {
		says := map[bool]string{true: "%s: generation %d of lattice %s, from %s\n", false: "%s is generation %d of lattice %s already, as in %s\n"}[changed]
		fmt.Fprintf(w, says, o.out, found.Generation, found.Lattice, bucket.Place())
	})
}

// replaceManifest writes a manifest to a file, and reports false where that holds it
// already. It replaces no newer one, none of another lattice, and none of the same
// generation that was not published before: that has changes of its own.
func replaceManifest(path string, doc *lattice.Document, wasPublished func(text []byte) (bool, error)) (changed bool, err error) {
	there, err := lattice.Load(path)
	if errors.Is(err, fs.ErrNotExist) {
		return true, safefile.Create(path, doc.Bytes(), safefile.Shared)
	}
	if err != nil {
		return false, fault.As(fault.Exists, fault.Hint(err, "%s is in the way: give another file", app.Word(path)))
	}
	switch was, next := there.Manifest(), doc.Manifest(); {
	case bytes.Equal(there.Bytes(), doc.Bytes()):
		return false, nil
	case was.Lattice != next.Lattice:
		return false, fault.New(fault.Refused, "%s is the manifest of lattice %s, not of %s", path, was.Lattice, next.Lattice).WithHint("give another file")
	case was.Generation > next.Generation:
		return false, fault.New(fault.Refused, "%s is generation %d, and generation %d was published: it is newer", path, was.Generation, next.Generation).
			WithHint("publish it: latch lattice publish -m %s", app.Word(path))
	case was.Generation == next.Generation:
		if before, err := wasPublished(there.Bytes()); err != nil {
			return false, err
		} else if before {
			break
		}
		return false, fault.New(fault.Refused, "%s differs from what was published, and is of the same generation", path).
			WithHint("see how: latch lattice fetch %s | diff %s -; then publish it if it is the newer one, or fetch to another file", next.Lattice, app.Word(path))
	}
	return safefile.Write(path, doc.Bytes(), safefile.Shared)
}
