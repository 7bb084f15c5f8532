package cmd

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/safefile"
)

type keysExportOptions struct {
	sealOptions
	name  string
	out   string
	plain bool
}

func newKeysExport(a *app) *cobra.Command {
	var o keysExportOptions
	c := &cobra.Command{
		Use:   "export NAME",
		Short: "A seed for somewhere else, encrypted unless --plain",
		Long: `Writes a seed for somewhere else to stdout or into a new file: encrypted with age
to recipients or with a passphrase, or in clear with --plain. The stock age opens
it, and latch keys import takes what comes out.`,
		Example: "  latch keys export prod-cluster --to age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p --out prod.age\n" +
			"  age -d -i identity.txt prod.age | latch keys import - --name prod-cluster",
		Args:              exactly("NAME"),
		ValidArgsFunction: a.completeKeyNames,
		RunE: func(c *cobra.Command, args []string) error {
			o.name = args[0]
			return a.keysExport(c, &o)
		},
	}
	o.register(c)
	c.Flags().BoolVar(&o.plain, "plain", false, "in clear: it is a secret")
	c.Flags().StringVar(&o.out, "out", "", "a new file to write to, for your eyes only (default: stdout)")
	return c
}

func (a *app) keysExport(c *cobra.Command, o *keysExportOptions) error {
	if err := keys.CheckName(o.name); err != nil {
		return err
	}
	to, err := o.audience(c)
	if err != nil {
		return err
	}
	store, err := a.keystore()
	if err != nil {
		return err
	}
	seed, err := store.Get(c.Context(), o.name)
	if err != nil {
		return withNames(err, store.URI())
	}
	defer seed.Wipe()
	text := seed.Reveal()
	defer clear(text)
	if !o.plain {
		if text, err = a.seal(c.Context(), &o.sealOptions, to, o.name, text); err != nil {
			return err
		}
	}
	return a.showExport(o, seed.PublicKey(), text)
}

// audience is for whom the seed is to be encrypted.
func (o *keysExportOptions) audience(c *cobra.Command) ([]agefile.Recipient, error) {
	switch {
	case o.plain && o.given():
		return nil, usageIn(c, "--plain is not encrypted, for nobody in particular")
	case o.plain:
		return nil, nil
	case !o.given():
		return nil, usageIn(c, "for whom? --to RECIPIENT, --recipients-file FILE, --passphrase or --plain is missing")
	}
	return o.recipients(c)
}

// exportDocument is an exported key as JSON output gives it.
type exportDocument struct {
	keyDocument
	Encrypted string `json:"encrypted,omitempty"` // an armored age file
	File      string `json:"file,omitempty"`
}

func (a *app) showExport(o *keysExportOptions, public keys.PublicKey, text []byte) error {
	doc := exportDocument{keyDocument: describe(keystore.Entry{Name: o.name, PublicKey: public}), File: o.out}
	if o.out != "" {
		access := safefile.Owned
		if o.plain {
			access = safefile.Private
		}
		if err := writeNew(o.out, text, access); err != nil {
			return err
		}
		return a.show(doc, func(w io.Writer) { fmt.Fprintf(w, "%s: %s\n", o.out, public) })
	}
	if !o.plain {
		doc.Encrypted = string(text)
		return a.show(doc, func(w io.Writer) { _, _ = w.Write(text) })
	}
	doc.Seed = string(text)
	if err := a.show(doc, func(w io.Writer) { fmt.Fprintf(w, "%s\n", text) }); err != nil {
		return err
	}
	a.warnIfReadable()
	return nil
}
