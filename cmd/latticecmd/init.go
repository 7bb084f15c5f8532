package latticecmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

type initOptions struct {
	prefix  string
	hosts   []string
	perHost bool
	target  string
}

func newInit(a verbs) *cobra.Command {
	var o initOptions
	c := &cobra.Command{
		Use:   "init",
		Short: "Make the keys and the manifest of a new lattice",
		Long: `Makes the cluster keys of a new lattice, stores their seeds and writes the manifest:
all of it or nothing. By default all hosts sign with one key; with --per-host, each
host gets its own.

Where the keyring cannot be used and no other keystore is named, latch offers one of
encrypted files on a terminal; elsewhere it says what to type.

If the keystore already has a key of that name, latch asks before it uses it: another
lattice may sign with it.`,
		Example: "  latch lattice init --prefix prod --host web-1 --host web-2\n" +
			"  latch lattice init --prefix edge --host a --host b --per-host --keystore dir:keys",
		Args: app.Exactly(),
		RunE: func(c *cobra.Command, _ []string) error { return a.init(c, o) },
	}
	flags := c.Flags()
	flags.StringVar(&o.prefix, "prefix", "default", "prefix of the lattice: one NATS token")
	flags.StringArrayVar(&o.hosts, "host", nil, "name of a host (repeatable)")
	flags.BoolVar(&o.perHost, "per-host", false, "make a key for each host instead of one for all")
	flags.StringVar(&o.target, "target", app.NewestTarget(), "target of the hosts: "+app.TargetNames())
	_ = c.RegisterFlagCompletionFunc("target", app.CompleteTargets)
	return c
}

func (a verbs) init(c *cobra.Command, o initOptions) error {
	ctx := c.Context()
	s, err := a.Settings()
	if err != nil {
		return err
	}
	plan, err := o.plan()
	if err != nil {
		return fault.Hint(fault.As(fault.Usage, err), "latch lattice init --help")
	}
	if err := vacant(s.Manifest); err != nil {
		return err
	}
	uri, err := a.keystoreToUse(c)
	if err != nil {
		return err
	}
	store, err := a.OpenKeystore(uri, ".")
	if err != nil {
		return err
	}
	plan.Keystore = keystore.SeenFrom(filepath.Dir(s.Manifest), uri)
	fresh, err := a.fillKeys(ctx, store, &plan)
	defer fresh.Wipe()
	if err != nil {
		return err
	}
	file, err := lattice.New(s.Manifest, plan)
	if err != nil {
		return err
	}
	if err := a.Change(func() error { return fresh.Commit(ctx, store, file) }); err != nil {
		return err
	}
	return a.showNewLattice(s.Manifest, plan)
}

// vacant refuses to make a manifest where there is one, sound or not, and where there
// is no folder for it.
func vacant(path string) error {
	_, err := lattice.Load(path)
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(filepath.Dir(path)); errors.Is(err, fs.ErrNotExist) {
			return fault.New(fault.NotFound, "there is no folder for %s", path).WithHint("mkdir -p %s", app.Word(filepath.Dir(path)))
		}
		return nil
	}
	return fault.New(fault.Refused, "%s already exists", path).WithHint("latch lattice show; or choose another file with --manifest FILE")
}

// plan is the manifest less its public keys, which are not made yet.
func (o initOptions) plan() (lattice.Manifest, error) {
	var m lattice.Manifest
	target, err := wasmcloud.ParseTarget(o.target)
	if err != nil {
		return m, err
	}
	if err := errors.Join(lattice.CheckPrefix(o.prefix), checkHosts(o.hosts)); err != nil {
		return m, err
	}
	if o.perHost && len(o.hosts) == 0 {
		return m, errors.New("--per-host needs at least one --host")
	}
	m = lattice.Manifest{Lattice: o.prefix, Target: target, Generation: 1}
	shared := o.prefix + "-cluster"
	if !o.perHost {
		m.Issuers = []lattice.Issuer{{Name: shared}}
	}
	for _, name := range o.hosts {
		host := lattice.Host{Name: name, SignsWith: shared}
		if o.perHost {
			host.SignsWith = o.prefix + "-" + name
			m.Issuers = append(m.Issuers, lattice.Issuer{Name: host.SignsWith})
		}
		m.Hosts = append(m.Hosts, host)
	}
	return m, nil
}

// checkHosts judges the names of hosts, and that none is given twice.
func checkHosts(names []string) error {
	seen := map[string]bool{}
	for _, name := range names {
		if err := lattice.CheckName(name); err != nil {
			return err
		}
		folded := strings.ToLower(name)
		if seen[folded] {
			return fmt.Errorf("the host %s is named twice", name)
		}
		seen[folded] = true
	}
	return nil
}

// fillKeys gives every issuer of the plan its public key: that of the seed which
// the store holds under its name, or of a fresh one.
func (a verbs) fillKeys(ctx context.Context, store keystore.Store, plan *lattice.Manifest) (app.FreshKeys, error) {
	var fresh app.FreshKeys
	there, err := store.List(ctx)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // a folder that is not there yet will be made
		return fresh, err
	}
	if err := a.askForShared(ctx, store, there, plan.Issuers); err != nil {
		return fresh, err
	}
	var lacking []string
	for _, issuer := range plan.Issuers {
		if _, found := app.EntryNamed(there, issuer.Name); !found {
			lacking = append(lacking, issuer.Name)
		}
	}
	if err := app.CheckStores(store, lacking); err != nil {
		return fresh, err
	}
	for i := range plan.Issuers {
		issuer := &plan.Issuers[i]
		known, found := app.EntryNamed(there, issuer.Name)
		switch {
		case !found:
			if *issuer, err = a.FreshIssuer(&fresh, issuer.Name); err != nil {
				return fresh, err
			}
		case known.PublicKey.Kind() != keys.Cluster:
			return fresh, fault.New(fault.Refused, "%s in %s is a %s key, not a cluster key", issuer.Name, store.URI(), known.PublicKey.Kind())
		default:
			a.Say("Using the key %s that is already in %s.", issuer.Name, store.URI())
			issuer.PublicKey, issuer.Created = known.PublicKey, known.Created
		}
	}
	return fresh, nil
}

// askForShared asks before keys are used that are there already: another lattice
// may sign with them, of the same prefix or of one that makes the same name of key,
// as prod and eu-web do with prod-eu and web. Each would accept what the other signs.
func (a verbs) askForShared(ctx context.Context, store keystore.Store, there []keystore.Entry, wanted []lattice.Issuer) error {
	var shared []string
	for _, issuer := range wanted {
		if known, found := app.EntryNamed(there, issuer.Name); found && known.PublicKey.Kind() == keys.Cluster {
			shared = append(shared, issuer.Name)
		}
	}
	if len(shared) == 0 {
		return nil
	}
	are := "is"
	if len(shared) > 1 {
		are = "are"
	}
	found := fmt.Sprintf("%s %s already in %s, where another lattice may use the same", strings.Join(shared, ", "), are, store.URI())
	if err := a.Confirm(ctx, found+". Use in this lattice too?"); err != nil {
		return fault.New(fault.Refused, "%s", found).Because(err).WithHint("add --yes to use what is there, or choose another --prefix or --keystore")
	}
	return nil
}

func (a verbs) showNewLattice(path string, m lattice.Manifest) error {
	doc := app.DescribeManifest(path, m)
	err := a.ShowDone(doc, func(w io.Writer) {
		fmt.Fprintf(w, "%s: lattice %s, %d host%s\n", path, m.Lattice, len(m.Hosts), app.Plural(len(m.Hosts)))
		for _, issuer := range m.Issuers {
			fmt.Fprintf(w, "%s %s\n", issuer.Name, issuer.PublicKey)
		}
	})
	if err == nil {
		a.KeystoreIsNamed()
		a.Say("Next: latch env write")
	}
	return err
}
