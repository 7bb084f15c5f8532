package latticecmd

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/live"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmbus"
)

type adoptOptions struct {
	live.Flags

	prefix string
	topic  string
	dryRun bool
}

func newAdopt(a verbs) *cobra.Command {
	var o adoptOptions
	c := &cobra.Command{
		Use:   "adopt",
		Short: "Make a manifest of a lattice that is running already",
		Long: `Asks the hosts of a lattice, over NATS, and writes a manifest of those that accept
each other: their names, targets and servers, and who signs with which key. Hosts
are called by latch's label, as --match says, or else as they call themselves. It
says which seeds the keystore lacks and how to import them.

Left out, and named, are hosts that no other accepts (a lattice of one, as an OTP
host makes that is given no seed) and keys that only some hosts accept.

Nothing in an answer is signed: look at the manifest before you write env files by
it. No manifest is replaced.`,
		Example: "  latch lattice adopt --prefix prod --nats nats://10.0.0.5:4222\n" +
			"  latch lattice adopt --prefix prod --match web-1=NDYMRY3AYY7KBDX7G6GHG3GLM2JZPY4D3CKEDAZYKPVJDRUSUTMKMT34\n" +
			"  latch lattice adopt --prefix prod --dry-run",
		Args: app.Exactly(),
		RunE: func(c *cobra.Command, _ []string) error { return a.adopt(c.Context(), o) },
	}
	o.Register(c, a.App)
	flags := c.Flags()
	flags.StringVar(&o.prefix, "prefix", "default", "prefix of the lattice")
	flags.StringVar(&o.topic, "topic", "", "what begins the hosts' control subjects, where they are told WASMCLOUD_CTL_TOPIC_PREFIX")
	flags.BoolVar(&o.dryRun, "dry-run", false, "show the manifest, and write nothing")
	return c
}

// adoptDocument is what was made of the answers, as JSON output gives it.
type adoptDocument struct {
	app.ManifestDocument

	DryRun  bool              `json:"dry_run"`
	LeftOut []leftOutDocument `json:"left_out"`
	Seeds   []adoptSeed       `json:"seeds"`
	Remarks []string          `json:"remarks"`
	text    string            // of the manifest
}

type leftOutDocument struct {
	Host string         `json:"host"`
	Key  keys.PublicKey `json:"host_key"`
	Why  string         `json:"reason"`
}

// adoptSeed is a key that hosts sign with, whose seed env files need.
type adoptSeed struct {
	Name      string         `json:"name"`
	PublicKey keys.PublicKey `json:"public_key"`
	Hosts     []string       `json:"hosts"`
	Stored    *bool          `json:"stored"` // null where the keystore cannot be asked
}

func (a verbs) adopt(ctx context.Context, o adoptOptions) error {
	s, err := a.Settings()
	if err != nil {
		return err
	}
	if err := lattice.CheckPrefix(o.prefix); err != nil {
		return fault.Hint(fault.As(fault.Usage, err), "latch lattice adopt --help")
	}
	if !o.dryRun {
		if err := vacant(s.Manifest); err != nil {
			return err
		}
	}
	stored, asked := a.storedKeys(ctx, s.Keystore)
	found, err := a.askToAdopt(ctx, o, stored)
	a.sayLeftOut(found)
	if err != nil {
		return err
	}
	m := found.Manifest
	m.Keystore = keystore.SeenFrom(filepath.Dir(s.Manifest), s.Keystore)
	file, err := lattice.New(s.Manifest, m)
	if err != nil {
		return err
	}
	if !o.dryRun {
		if err := a.Change(func() error { return file.Save(ctx) }); err != nil {
			return err
		}
	}
	doc := describeAdoption(file, found, o.dryRun)
	for i, seed := range doc.Seeds {
		if asked {
			_, there := stored[seed.PublicKey]
			doc.Seeds[i].Stored = &there
		}
	}
	return a.showAdoption(doc)
}

// askToAdopt asks who is there, and makes a manifest of it.
func (a verbs) askToAdopt(ctx context.Context, o adoptOptions, stored map[keys.PublicKey]string) (wasmbus.Adoption, error) {
	asker, end, err := o.OpenUnlisted(ctx, a.App, o.prefix, o.topic)
	if err != nil {
		return wasmbus.Adoption{}, err
	}
	defer end()
	status, err := asker.See(ctx, a.Warn)
	if err != nil {
		return wasmbus.Adoption{}, err
	}
	names, err := o.Names()
	if err != nil {
		return wasmbus.Adoption{}, err
	}
	return wasmbus.Adopt(wasmbus.Adopting{Lattice: o.prefix, Names: names, KeyName: func(key keys.PublicKey) (string, bool) {
		name, known := stored[key]
		return name, known
	}}, status.Answers)
}

// storedKeys are the names of the keystore's keys. A keystore that cannot be asked is
// no reason not to adopt: false is said then.
func (a verbs) storedKeys(ctx context.Context, uri string) (names map[keys.PublicKey]string, asked bool) {
	names = map[keys.PublicKey]string{}
	store, err := a.OpenKeystore(uri, ".")
	if err != nil {
		return names, false
	}
	entries, err := store.List(ctx)
	for _, e := range entries {
		names[e.PublicKey] = e.Name
	}
	return names, err == nil
}

func (a verbs) sayLeftOut(found wasmbus.Adoption) {
	for _, l := range found.LeftOut {
		a.Warn("%s is left out: %s", l.Host, l.Why)
	}
	for _, remark := range found.Remarks {
		a.Warn("%s", remark)
	}
}

func describeAdoption(file *lattice.Document, found wasmbus.Adoption, dryRun bool) adoptDocument {
	m := file.Manifest()
	doc := adoptDocument{
		ManifestDocument: app.DescribeManifest(file.Path(), m), DryRun: dryRun, LeftOut: []leftOutDocument{}, Seeds: []adoptSeed{},
		Remarks: append([]string{}, found.Remarks...), text: string(file.Bytes()),
	}
	for _, l := range found.LeftOut {
		doc.LeftOut = append(doc.LeftOut, leftOutDocument(l))
	}
	for _, is := range m.Issuers {
		if hosts := m.SignersOf(is.Name); len(hosts) > 0 {
			doc.Seeds = append(doc.Seeds, adoptSeed{Name: is.Name, PublicKey: is.PublicKey, Hosts: hosts})
		}
	}
	return doc
}

// showAdoption shows the manifest, and says what is left to do.
func (a verbs) showAdoption(doc adoptDocument) error {
	show := a.ShowDone
	if doc.DryRun {
		show = a.Show
	}
	err := show(doc, func(w io.Writer) {
		if doc.DryRun {
			fmt.Fprint(w, doc.text)
			return
		}
		fmt.Fprintf(w, "%s: lattice %s, %d host%s\n", doc.Manifest, doc.Lattice, len(doc.Hosts), app.Plural(len(doc.Hosts)))
		for _, issuer := range doc.Issuers {
			fmt.Fprintf(w, "%s %s\n", issuer.Name, issuer.PublicKey)
		}
	})
	if err != nil {
		return err
	}
	a.KeystoreIsNamed()
	missing := false
	for _, seed := range doc.Seeds {
		if seed.Stored == nil || !*seed.Stored {
			missing = true
			a.Say("The seed of %s is needed, which %s sign with: latch keys import FILE --name %s", seed.PublicKey, few(seed.Hosts), seed.Name)
		}
	}
	if missing {
		a.Say("A seed may be in the env file of a host or, where an OTP host made it up, in that host's log; latch keys import reads both.")
	}
	a.Say("Nothing in an answer is signed: check that the hosts and keys are yours.\nThen: latch lattice check --seeds")
	return nil
}
