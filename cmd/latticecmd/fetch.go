package latticecmd

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
)

func newFetch(a verbs) *cobra.Command {
	var out string
	c := &cobra.Command{
		Use:   "fetch [LATTICE]",
		Short: "Fetch the published manifest from the nats: keystore",
		Long: `Prints the manifest that was published in the bucket of the nats: keystore, or
writes it to a file. LATTICE may be left out where there is only one.

It is refused unless a maintainer has signed it, and where this machine has seen a
newer one before, or another of the same generation. A file is replaced only by a
newer manifest of the same lattice.`,
		Example: "  latch lattice fetch --keystore \"$URI\"\n  latch lattice fetch prod --out lattice.yaml",
		Args:    app.AtMostOne,

		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, args []string) error {
			return a.fetch(c.Context(), args, out)
		},
	}
	c.Flags().StringVar(&out, "out", "", "write it to this file (default: stdout)")
	return c
}

func (a verbs) fetch(ctx context.Context, args []string, out string) error {
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	bucket, err := published.In(store, "give one")
	if err != nil {
		return err
	}
	name := ""
	if len(args) > 0 {
		name = args[0]
	}
	doc, found, err := published.Fetch(ctx, bucket, name)
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
	if out == "" {
		shown.Text = string(text)
		return a.Show(shown, func(w io.Writer) { _, _ = w.Write(text) })
	}
	changed, err := replaceManifest(out, doc)
	if err != nil {
		return err
	}
	shown.File, shown.Changed = out, &changed
	return a.ShowDone(shown, func(w io.Writer) {
		says := map[bool]string{true: "%s: generation %d of lattice %s, from %s\n", false: "%s is generation %d of lattice %s already, as in %s\n"}[changed]
		fmt.Fprintf(w, says, out, found.Generation, found.Lattice, bucket.Place())
	})
}

// replaceManifest writes a manifest to a file, and reports false where that holds it
// already. It replaces no newer one, none with changes of its own, and none of another
// lattice.
func replaceManifest(path string, doc *lattice.Document) (changed bool, err error) {
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
		return false, fault.New(fault.Refused, "%s differs from what was published, and is of the same generation", path).
			WithHint("see how: latch lattice fetch %s | diff %s -; then publish it if it is the newer one, or fetch to another file", next.Lattice, app.Word(path))
	}
	return safefile.Write(path, doc.Bytes(), safefile.Shared)
}
