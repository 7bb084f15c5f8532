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
}

func newImport(a verbs) *cobra.Command {
	var o importOptions
	c := &cobra.Command{
		Use:   "import [FILE|FOLDER|-]",
		Short: "Bring seeds from elsewhere into the keystore",
		Long: `Brings seeds into the keystore: one from a file, from stdin or, on a terminal,
typed without echo; or all .nk files of a folder, wash's own with --wash. A file
may hold more than the seed: nk's and wash's output, or the log of an OTP host that
made up its own seed. A line end behind a seed is tolerated and not stored.

If one of many is bad, nothing is imported, unless --keep-going is given. The
files stay as they are.`,
		Example: "  latch keys import web.nk\n" +
			"  pass show prod | latch keys import - --name prod-cluster\n" +
			"  latch keys import --wash\n" +
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
	flags.StringVar(&o.name, "name", "", "name of the key (default: the file's)")
	flags.StringVar(&o.kind, "kind", "", "demand seeds of this kind")
	flags.BoolVar(&o.wash, "wash", false, "import wash's keys, from $WASH_KEYS or ~/.wash/keys")
	flags.BoolVar(&o.keepGoing, "keep-going", false, "import what is good even if something is bad")
	_ = c.RegisterFlagCompletionFunc("kind", completeKinds)
	return c
}

func (a verbs) importSeeds(ctx context.Context, o importOptions) error {
	want := keys.AnyKind
	if o.kind != "" {
		var err error
		if want, err = keys.ParseKind(o.kind); err != nil {
			return fault.Hint(fault.As(fault.Usage, err), "latch keys import --help")
		}
	}
	if o.name != "" {
		if err := keys.CheckName(o.name); err != nil {
			return err
		}
	}
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	arrivals, err := a.arrivals(ctx, o, want)
	if err != nil {
		return err
	}
	defer arrivals.wipe()
	if err := arrivals.compare(ctx, store); err != nil {
		return err
	}
	bad := arrivals.bad()
	if len(bad) > 0 && !o.keepGoing {
		return notImported(arrivals, bad)
	}
	if err := arrivals.store(ctx, store); err != nil {
		return err
	}
	return a.showImported(store, arrivals, bad)
}

// notImported says what is bad, one a line, and that nothing was done.
func notImported(all arrivals, bad arrivals) error {
	reasons := make([]error, len(bad))
	for i, b := range bad {
		reasons[i] = fmt.Errorf("%s: %w", b.where, b.problem)
	}
	err := errors.Join(reasons...)
	if len(all) == 1 {
		return fmt.Errorf("cannot import %w", reasons[0])
	}
	return fault.Hint(fmt.Errorf("nothing was imported, %d of %d cannot be:\n%w", len(bad), len(all), err),
		"mend or move them, or import the others with --keep-going")
}

// importedDocument is one arrival as JSON output gives it.
type importedDocument struct {
	Name      string `json:"name,omitempty"`
	From      string `json:"from"`
	Kind      string `json:"kind,omitempty"`
	PublicKey string `json:"public_key,omitempty"`
	State     string `json:"state"`
	Problem   string `json:"problem,omitempty"`
}

func (a verbs) showImported(store keystore.Store, all, bad arrivals) error {
	docs := make([]importedDocument, len(all))
	rows := make([][]string, len(all))
	for i, arrival := range all {
		docs[i] = arrival.describe()
		rows[i] = []string{docs[i].Name, docs[i].Kind, docs[i].PublicKey, docs[i].State}
		if arrival.problem != nil {
			a.Warn("%s: %v", arrival.where, arrival.problem)
			rows[i] = []string{arrival.where, "-", "-", docs[i].State}
		}
	}
	err := a.Show(struct {
		Keystore string             `json:"keystore"`
		Keys     []importedDocument `json:"keys"`
	}{store.URI(), docs}, func(w io.Writer) {
		terminal.Table(w, []string{"NAME", "KIND", "PUBLIC KEY", "STATE"}, rows)
	})
	if err == nil && len(bad) > 0 {
		return fmt.Errorf("%d of %d were not imported", len(bad), len(all))
	}
	return err
}
