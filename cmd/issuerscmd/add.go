package issuerscmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

type addOptions struct {
	name, publicKey string
	dryRun          bool
}

func newAdd(a verbs) *cobra.Command {
	var o addOptions
	c := &cobra.Command{
		Use:   "add NAME [PUBLIC-KEY]",
		Short: "Add a key that every host accepts",
		Long: `Adds a cluster key to the issuers: a partner's key, given by its public key, or a key
from the keystore, given by its name alone. It does not change what any host signs
with; to replace a key, rotate it.`,
		Example: "  latch issuers add partner CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMYMD\n" +
			"  latch keys gen cluster --name tools && latch issuers add tools",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 2 {
				return nil
			}
			return app.Exactly("NAME")(c, args)
		},
		RunE: func(c *cobra.Command, args []string) error {
			o.name = args[0]
			if len(args) == 2 {
				o.publicKey = args[1]
			}
			return a.add(c.Context(), o)
		},
		ValidArgsFunction: a.CompleteKeyNames,
	}
	addDryRunFlag(c, &o.dryRun)
	return c
}

func addDryRunFlag(c *cobra.Command, into *bool) {
	c.Flags().BoolVar(into, "dry-run", false, "show what would change, but change nothing")
}

func (a verbs) add(ctx context.Context, o addOptions) error {
	file, err := published.ToChange(ctx, a.App)
	if err != nil {
		return err
	}
	issuer, err := a.issuerToAdd(ctx, o)
	if err != nil {
		return err
	}
	if err := a.checkPublished(issuer); err != nil {
		return err
	}
	next, err := file.Manifest().WithIssuers(issuer)
	if err != nil {
		return err
	}
	if file, err = file.Update(next); err != nil {
		return err
	}
	return a.saveIssuers(ctx, file, o.dryRun, fmt.Sprintf("added %s %s", issuer.Name, issuer.PublicKey))
}

// checkPublished refuses a key whose seed anybody can read, and warns of one
// whose seed somebody may have.
func (a verbs) checkPublished(issuer lattice.Issuer) error {
	if err := wasmcloud.RefusePublished(issuer.PublicKey); err != nil {
		return err
	}
	if published, known := wasmcloud.Published(issuer.PublicKey); known {
		a.Warn("%s is an example published in %s: whoever made it can sign with it", issuer.PublicKey, published.Repository)
	}
	return nil
}

// issuerToAdd is that of the given public key, or of the key in the keystore.
func (a verbs) issuerToAdd(ctx context.Context, o addOptions) (lattice.Issuer, error) {
	if err := lattice.CheckName(o.name); err != nil {
		return lattice.Issuer{}, fault.Hint(fault.As(fault.Usage, err), "latch issuers add --help")
	}
	if o.publicKey != "" {
		key, err := keys.ParsePublicKey(o.publicKey, keys.Cluster)
		if err != nil {
			return lattice.Issuer{}, fault.New(fault.Usage, "hosts do not accept this public key").Because(err).WithHint("latch keys validate %s", o.publicKey)
		}
		return lattice.Issuer{Name: o.name, PublicKey: key}, nil
	}
	store, err := a.Keystore()
	if err != nil {
		return lattice.Issuer{}, err
	}
	entry, err := app.FindKey(ctx, store, o.name)
	if err != nil {
		return lattice.Issuer{}, err
	}
	if entry.PublicKey.Kind() != keys.Cluster {
		return lattice.Issuer{}, fault.New(fault.Refused, "%s in %s is a %s key, not a cluster key", o.name, store.URI(), entry.PublicKey.Kind())
	}
	return lattice.Issuer{Name: o.name, PublicKey: entry.PublicKey, Created: entry.Created}, nil
}

// saveIssuers saves a change of the issuers, and says what to do with it.
func (a verbs) saveIssuers(ctx context.Context, file *lattice.Document, dryRun bool, done string) error {
	if !dryRun {
		if err := a.Change(func() error { return file.Save(ctx) }); err != nil {
			return err
		}
	}
	m := file.Manifest()
	doc := struct {
		app.ManifestDocument
		DryRun bool `json:"dry_run"`
	}{app.DescribeManifest(file.Path(), m), dryRun}
	err := a.shower(!dryRun)(doc, func(w io.Writer) { fmt.Fprintln(w, dry(dryRun)+done) })
	if err == nil && len(m.Hosts) > 0 && !dryRun {
		a.Say("Next: %s\ncopy the files to the hosts, and restart the hosts and their providers, in any order", a.guide("", seenOptions{}).Command("latch env write"))
	}
	if !dryRun {
		published.SayHowToShare(a.App, file)
	}
	return err
}

// dry marks what was only rehearsed.
func dry(dryRun bool) string {
	if dryRun {
		return "dry run: "
	}
	return ""
}

// shower shows what was done, or what was only looked at.
func (a verbs) shower(done bool) func(doc any, text func(w io.Writer)) error {
	if done {
		return a.ShowDone
	}
	return a.Show
}
