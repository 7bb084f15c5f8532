package keyscmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/safefile"
)

type exportOptions struct {
	app.SealOptions
	name  string
	out   string
	plain bool

	reveal bool
}

func newExport(a verbs) *cobra.Command {
	var o exportOptions
	c := &cobra.Command{
		Use:   "export NAME",
		Short: "Export a seed, encrypted unless --plain",
		Long: `Writes a seed to stdout or to a new file, encrypted with age to recipients or with
a passphrase, or unencrypted with --plain. The age tool decrypts it, and latch keys
import reads the result.`,
		Example: "  latch keys export prod-cluster --to age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p --out prod.age\n" +
			"  age -d -i identity.txt prod.age | latch keys import - --name prod-cluster",
		Args:              app.Exactly("NAME"),
		ValidArgsFunction: a.CompleteKeyNames,
		RunE: func(c *cobra.Command, args []string) error {
			o.name = args[0]
			return a.export(c, &o)
		},
	}
	o.Register(c)
	c.Flags().BoolVar(&o.plain, "plain", false, "do not encrypt the seed, which is a secret")
	c.Flags().BoolVar(&o.reveal, "reveal", false, "show an unencrypted seed on a terminal")
	app.OutFlag(c, &o.out, "write to this new file, readable only by you")
	return c
}

func (a verbs) export(c *cobra.Command, o *exportOptions) error {
	if err := keystore.CheckName(o.name); err != nil {
		return err
	}
	to, err := a.audience(c, o)
	if err != nil {
		return err
	}
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	seed, err := a.Seed(c.Context(), store, o.name)
	if err != nil {
		return app.WithNames(c.Context(), err, store, o.name)
	}
	defer seed.Wipe()
	text := seed.Reveal()
	defer clear(text)
	if !o.plain {
		if text, err = a.Seal(c.Context(), &o.SealOptions, to, o.name, text); err != nil {
			return err
		}
	}
	return a.showExport(c.Context(), o, seed.PublicKey(), text)
}

// audience is for whom the seed is to be encrypted.
func (a verbs) audience(c *cobra.Command, o *exportOptions) ([]agefile.Recipient, error) {
	switch {
	case o.plain && o.Given():
		return nil, app.UsageIn(c, "--plain does not encrypt: it takes no recipients and no passphrase")
	case o.plain:
		return nil, nil
	case !o.Given():
		return nil, app.UsageIn(c, "say who can open it: --to RECIPIENT, --recipients-file FILE, --passphrase or --plain")
	}
	return a.SealRecipients(c, &o.SealOptions)
}

// exportDocument is an exported key as JSON output gives it.
type exportDocument struct {
	app.KeyDocument
	Encrypted string `json:"encrypted,omitempty"` // an armored age file
	File      string `json:"file,omitempty"`
}

func (a verbs) showExport(ctx context.Context, o *exportOptions, public keys.PublicKey, text []byte) error {
	doc := exportDocument{KeyDocument: app.DescribeKey(keystore.Entry{Name: o.name, PublicKey: public}), File: o.out}
	if o.out != "" {
		access := safefile.Owned
		if o.plain {
			access = safefile.Private
		}
		if err := app.WriteNew(o.out, text, access); err != nil {
			return err
		}
		if o.plain {
			a.WarnIfGitSees(ctx, o.out)
		}
		return a.ShowDone(doc, func(w io.Writer) { fmt.Fprintf(w, "%s: %s\n", o.out, public) })
	}
	if !o.plain {
		doc.Encrypted = string(text)
		return a.Reveal(doc, func(w io.Writer) { _, _ = w.Write(text) })
	}
	doc.Seed = string(text)
	return a.giveSeed(doc, text, o.reveal)
}
