package keyscmd

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/terminal"
)

type importOptions struct {
	from      string
	name      string
	kind      string
	wash      bool
	keepGoing bool
	published bool
	mend      mend
	to        []string
}

func newImport(a verbs) *cobra.Command {
	var o importOptions
	c := &cobra.Command{
		Use:   "import [FILE|FOLDER|-]",
		Short: "Import seeds into the keystore",
		Long: `Imports one seed from a file, from stdin or, on a terminal, from a hidden prompt;
or all .nk files of a folder, or those of wash with --wash. A file may contain more
than the seed, such as the output of nk or wash, or the log of an OTP host that
generated a seed for itself, a Kubernetes Secret, YAML or JSON; where it contains
several seeds, --kind chooses. A line end after a seed is not stored. Folders within
a folder are looked into, as nsc keeps its keys.

Two flaws leave no doubt what a seed is, and are put right if you ask for it and
confirm its public key: --complete adds a last character that is missing, --respell
writes the 32 bytes of a seed that hosts run on, although its checksum is wrong,
with the right one.

If one of several seeds is not valid, nothing is imported unless you add
--keep-going. The files are not changed.`,
		Example: "  latch keys import web.nk\n" +
			"  pass show prod | latch keys import - --name prod-cluster\n" +
			"  latch keys import --wash\n" +
			"  latch keys import web.nk --to host-web-1\n" +
			"  latch keys import host.log --name adhoc --kind cluster",
		Args: app.AtMostOne,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				o.from = args[0]
			}
			return a.importSeeds(c.Context(), o)
		},
	}
	flags := c.Flags()
	flags.StringVar(&o.name, "name", "", "name of the key (default: the name of the file)")
	flags.StringVar(&o.kind, "kind", "", "accept only seeds of this kind")
	flags.BoolVar(&o.wash, "wash", false, "import the keys of wash, from $WASH_KEYS or ~/.wash/keys")
	flags.BoolVar(&o.keepGoing, "keep-going", false, "import the valid seeds even if others are not valid")
	flags.BoolVar(&o.mend.complete, "complete", false, "add the missing last character of a seed")
	flags.BoolVar(&o.mend.respell, "respell", false, "correct the checksum of a seed, keeping its 32 bytes")
	flags.BoolVar(&o.published, "published", false, "accept a seed that is published, to try things out: anyone can sign with it")
	flags.StringArrayVar(&o.to, "to", nil, "let this recipient of a nats: keystore open them too, by name (repeatable)")
	_ = c.RegisterFlagCompletionFunc("kind", completeKinds)
	_ = c.RegisterFlagCompletionFunc("to", a.CompleteRecipientNames)
	return c
}

func (a verbs) importSeeds(ctx context.Context, o importOptions) error {
	want := keys.AnyKind
	if o.kind != "" {
		var err error
		if want, err = parseKind(o.kind); err != nil {
			return fault.Hint(fault.As(fault.Usage, err), "latch keys import --help")
		}
	}
	if o.name != "" {
		if err := keystore.CheckName(o.name); err != nil {
			return err
		}
	}
	store, err := a.KeystoreFor(o.to)
	if err != nil {
		return err
	}
	found, err := a.imports(ctx, o, want)
	if err != nil {
		return err
	}
	defer found.wipe()
	if !o.published {
		found.refusePublished()
	}
	if err := found.compare(ctx, store); err != nil {
		return err
	}
	bad := found.bad()
	if len(bad) > 0 && !o.keepGoing {
		return notImported(found, bad)
	}
	if err := a.confirmMended(ctx, found.mended()); err != nil {
		return err
	}
	if err := a.Change(func() error { return found.store(ctx, store) }); err != nil {
		return err
	}
	return a.showImported(store, found, bad)
}

// confirmMended asks whether the seeds that were put right are the ones meant.
func (a verbs) confirmMended(ctx context.Context, mended imports) error {
	for _, one := range mended {
		question := fmt.Sprintf("Import the %s seed of %s as %s (%s)?", one.seed.Kind(), one.seed.PublicKey(), one.name, one.mended)
		if err := a.Confirm(ctx, question); err != nil {
			return err
		}
	}
	return nil
}

// notImported says what is bad, one a line, and that nothing was done.
func notImported(all imports, bad imports) error {
	reasons := make([]error, len(bad))
	for i, b := range bad {
		reasons[i] = fmt.Errorf("%s: %w", b.where, b.problem)
	}
	err := errors.Join(reasons...)
	if len(all) == 1 {
		return fmt.Errorf("cannot import %w", reasons[0])
	}
	return fault.Hint(fmt.Errorf("nothing was imported: %d of %d cannot be imported:\n%w", len(bad), len(all), err),
		"fix or move them, or import the others with --keep-going")
}

// importedDocument is one import as JSON output gives it.
type importedDocument struct {
	Name      string `json:"name,omitempty"`
	From      string `json:"from"`
	Kind      string `json:"kind,omitempty"`
	PublicKey string `json:"public_key,omitempty"`
	State     string `json:"state"`
	Problem   string `json:"problem,omitempty"`
}

func (a verbs) showImported(store keystore.Store, all, bad imports) error {
	docs := make([]importedDocument, len(all))
	rows := make([][]string, len(all))
	for i, one := range all {
		docs[i] = one.describe()
		rows[i] = []string{docs[i].Name, docs[i].Kind, docs[i].PublicKey, docs[i].State}
		if one.problem != nil {
			a.Warn("%s: %v", one.where, one.problem)
			rows[i] = []string{one.where, "-", "-", docs[i].State}
		}
	}
	err := a.ShowDone(struct {
		Keystore string             `json:"keystore"`
		Keys     []importedDocument `json:"keys"`
	}{store.URI(), docs}, func(w io.Writer) {
		terminal.Table(w, a.Width(), []string{"NAME", "KIND", "PUBLIC KEY", "STATE"}, rows)
	})
	if err == nil && len(bad) > 0 {
		return fmt.Errorf("%d of %d were not imported", len(bad), len(all))
	}
	return err
}
