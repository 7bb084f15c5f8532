package hostscmd

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/terminal"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

type addOptions struct {
	names     []string
	count     int
	template  string
	from      int
	numbered  bool // from is given
	signsWith string
	newKey    bool
	target    string
}

func newAdd(a verbs) *cobra.Command {
	var o addOptions
	c := &cobra.Command{
		Use:   "add HOST...",
		Short: "Add hosts to the manifest",
		Long: `Adds hosts to the manifest: all of them or none. They sign with the key that all
other hosts sign with, with the one that --signs-with names, or, with --new-key,
each with a new key. Every other host must accept a new key before it is used.

Hosts that are alike are added by a template: {n} stands for a number, {n:3} for one
of three digits. Numbers go on after the highest that is in use, or start at --from.`,
		Example: "  latch hosts add web-3\n  latch hosts add edge-1 edge-2 --new-key --target otp\n" +
			"  latch hosts add --count 200 --template 'web-{n}'",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			o.names, o.numbered = args, c.Flags().Changed("from")
			if err := o.check(c); err != nil {
				return err
			}
			return a.add(c.Context(), o)
		},
	}
	flags := c.Flags()
	flags.IntVar(&o.count, "count", 0, "how many hosts to add, named by --template")
	flags.StringVar(&o.template, "template", "", "the names of the hosts, with {n} for a number")
	flags.IntVar(&o.from, "from", 0, "the number of the first host (default: the one after the highest in use)")
	flags.StringVar(&o.signsWith, "signs-with", "", "name of the issuer that the hosts sign with")
	flags.BoolVar(&o.newKey, "new-key", false, "make a new key for each host")
	flags.StringVar(&o.target, "target", "", "target of the hosts, if it is not that of the manifest: "+app.AllTargetNames())
	_ = c.RegisterFlagCompletionFunc("target", app.CompleteAllTargets)
	return c
}

func (a verbs) add(ctx context.Context, o addOptions) error {
	file, err := published.ToChange(ctx, a.App)
	if err != nil {
		return err
	}
	if o.count > 0 {
		if o.names, err = numberedNames(file.Manifest(), o); err != nil {
			return fault.Hint(fault.As(fault.Usage, err), "latch hosts add --help")
		}
	}
	hosts, err := o.hosts(file.Manifest())
	if err != nil {
		return fault.Hint(fault.As(fault.Usage, err), "latch hosts add --help")
	}
	if o.newKey && file.Manifest().Rotation != nil {
		return fault.New(fault.Refused, "no key can be added now").Because(errors.New("a rotation is under way")).WithHint("latch issuers rotate status")
	}
	if o.newKey {
		if err := a.checkStores(ctx, file.Manifest(), hosts, o.target); err != nil {
			return err
		}
	}
	var fresh app.FreshKeys
	defer func() { fresh.Wipe() }()
	var issuers []lattice.Issuer
	for _, host := range hosts {
		if o.newKey {
			issuer, err := a.FreshIssuer(&fresh, host.SignsWith)
			if err != nil {
				return err
			}
			issuers = append(issuers, issuer)
		}
	}
	next, err := file.Manifest().WithIssuers(issuers...)
	if err != nil {
		return err
	}
	if next, err = next.WithHosts(hosts...); err != nil {
		return err
	}
	before := file
	if file, err = before.Update(next); err != nil {
		return err
	}
	if err := lattice.CheckChange(before, file); err != nil {
		return err
	}
	if !o.newKey {
		if err := a.checkSeeds(ctx, hosts, next); err != nil {
			return err
		}
	}
	if err := a.SaveWithKeys(ctx, file, fresh); err != nil {
		return err
	}
	err = a.showAddedHosts(before.Manifest(), file, o)
	published.SayHowToShare(a.App, file)
	return err
}

// checkStores refuses new keys where they cannot be stored, and says how to go about
// it.
func (a verbs) checkStores(ctx context.Context, m lattice.Manifest, hosts []lattice.Host, target string) error {
	store, err := a.Keystore()
	if err != nil {
		return err
	}
	flags := ""
	for _, word := range a.FlagsInUse() {
		flags += " " + app.Word(word)
	}
	targeted := flags
	if target != "" {
		targeted = " --target " + target + flags
	}
	var names, commands []string
	for _, h := range hosts {
		names = append(names, h.SignsWith)
		commands = append(commands, "latch issuers add "+h.SignsWith+" PUBLIC-KEY"+flags, "latch hosts add "+h.Name+" --signs-with "+h.SignsWith+targeted)
	}
	if err := app.CheckStores(store, names, commands...); err != nil {
		return err
	}
	_, err = a.KeysOf(ctx, store, m)
	return err
}

// hosts are those to add.
func (o addOptions) hosts(m lattice.Manifest) ([]lattice.Host, error) {
	if o.newKey && o.signsWith != "" {
		return nil, errors.New("use either --signs-with or --new-key, not both")
	}
	var target wasmcloud.Target
	if o.target != "" {
		var err error
		if target, err = wasmcloud.ParseTarget(o.target); err != nil {
			return nil, err
		}
	}
	hosts := make([]lattice.Host, len(o.names))
	for i, name := range o.names {
		if err := lattice.CheckName(name); err != nil {
			return nil, err
		}
		hosts[i] = lattice.Host{Name: name, Target: target, SignsWith: o.signsWith}
		if o.newKey {
			hosts[i].SignsWith = m.Lattice + "-" + name
		}
	}
	if o.newKey || o.signsWith != "" {
		return hosts, nil
	}
	common, ok := m.CommonIssuer()
	if !ok {
		return nil, errors.New("the hosts of this lattice do not share one key: add --signs-with ISSUER or --new-key")
	}
	for i := range hosts {
		hosts[i].SignsWith = common
	}
	return hosts, nil
}

// checkSeeds refuses hosts that sign with a key whose seed the keystore does not
// hold, as with a partner's: no environment could be written for them.
func (a verbs) checkSeeds(ctx context.Context, hosts []lattice.Host, m lattice.Manifest) error {
	entries, err := a.keysAtHand(ctx)
	if err != nil {
		a.Warn("whether the keystore has the seeds that the hosts sign with is not known: %v", err)
		return nil
	}
	held := map[keys.PublicKey]bool{}
	for _, e := range entries {
		held[e.PublicKey] = true
	}
	for _, h := range hosts {
		issuer, _ := m.Issuer(h.SignsWith)
		if !m.TargetOf(h).IgnoresClusterKeys() && !held[issuer.PublicKey] {
			return fault.New(fault.Refused, "the keystore has no seed of %s: no environment could be written for %s", issuer.Name, h.Name).
				WithHint("import the seed: latch keys import FILE --name %s; or let the host sign with another key: --signs-with, --new-key", issuer.Name)
		}
	}
	return nil
}

func (a verbs) keysAtHand(ctx context.Context) ([]keystore.Entry, error) {
	store, err := a.Keystore()
	if err != nil {
		return nil, err
	}
	return store.List(ctx)
}

func (a verbs) showAddedHosts(before lattice.Manifest, file *lattice.Document, o addOptions) error {
	m := file.Manifest()
	doc := app.DescribeManifest(file.Path(), m)
	err := a.ShowDone(doc, func(w io.Writer) {
		var rows [][]string
		for _, h := range doc.Hosts[len(before.Hosts):] {
			rows = append(rows, []string{h.Name, h.SignsWith})
		}
		rows, of := terminal.Fold(rows, app.MostRows)
		for i, row := range rows {
			if of[i] > 1 {
				fmt.Fprintf(w, "added %d hosts, %s, which sign with %s\n", of[i], row[0], row[1])
			} else {
				fmt.Fprintf(w, "added %s, which signs with %s\n", row[0], row[1])
			}
		}
	})
	if err != nil || len(before.Hosts) == 0 {
		return err
	}
	if o.newKey {
		a.Warn("the other hosts refuse the new keys until they restart with the new issuers: restart them before you start the new hosts")
	} else if len(before.SignersOf(o.signsWith)) == 0 && o.signsWith != "" {
		a.Warn("no other host signs with %s, and those that were started before it became an issuer refuse it: restart them before you start the new hosts", o.signsWith)
	}
	return nil
}
