package keystorecmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/terminal"
)

func newMaintainers(a verbs) *cobra.Command {
	c := &cobra.Command{
		Use:   "maintainers",
		Short: "Manage who can change a nats: keystore",
		Long: `Manages the maintainers of a nats: keystore: every change is signed by one of them,
so that whoever runs the servers cannot make one. A maintainer's signing key follows
from their age identity or ssh key; there is no second secret to keep.

Recipients can open seeds, maintainers can change the keystore. People are mostly
both, hosts are recipients only.`,
	}
	app.AsGroup(c)
	c.AddCommand(newMaintainersList(a), newMaintainersAdd(a), newMaintainersRemove(a))
	return c
}

func newMaintainersList(a verbs) *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the maintainers of the keystore, and your signing keys",
		Long: `Lists the maintainers of a nats: keystore. Your own signing keys are shown on stderr:
give one to a maintainer to be added.`,
		Example: "  latch keystore maintainers list --keystore nats://nats.example.org:4222/team",
		Args:    app.Exactly(),
		RunE:    func(c *cobra.Command, _ []string) error { return a.maintainersList(c.Context()) },
	}
}

// maintainerDocument is a maintainer as JSON output gives it.
type maintainerDocument struct {
	PublicKey    keys.PublicKey `json:"public_key"`
	Name         string         `json:"name,omitempty"`
	IntroducedBy keys.PublicKey `json:"introduced_by"`
	You          bool           `json:"you"`
}

func (a verbs) maintainersList(ctx context.Context) error {
	store, err := a.bucketInUse()
	if err != nil {
		return err
	}
	all, err := store.Maintainers(ctx)
	if err != nil {
		return err
	}
	docs := make([]maintainerDocument, len(all))
	rows := make([][]string, len(all))
	yours := false
	for i, m := range all {
		docs[i] = maintainerDocument{m.Key, m.Name, m.By, m.You}
		who := printable.Line(m.Name)
		if m.You {
			yours, who = true, "(you) "+who
		}
		rows[i] = []string{m.Key.String(), who}
	}
	err = a.Show(struct {
		Keystore    string               `json:"keystore"`
		Maintainers []maintainerDocument `json:"maintainers"`
	}{store.URI(), docs}, func(w io.Writer) { terminal.Table(w, a.Width(), []string{"SIGNING KEY", "WHO"}, rows) })
	if err == nil && !yours {
		for _, key := range store.SigningKeys(ctx) {
			a.Say("You are no maintainer. Your signing key is %s", key)
		}
	}
	return err
}

func newMaintainersAdd(a verbs) *cobra.Command {
	var name string
	c := &cobra.Command{
		Use:   "add KEY",
		Short: "Let somebody change the keystore",
		Long: `Adds a maintainer of a nats: keystore by their signing key, U..., which latch keystore
maintainers list shows them. Be sure that it is theirs.`,
		Example: "  latch keystore maintainers add UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4 --name bob",
		Args:    app.Exactly("KEY"),
		RunE:    func(c *cobra.Command, args []string) error { return a.maintainersAdd(c, args[0], name) },
	}
	c.Flags().StringVar(&name, "name", "", "what to call them in lists")
	return c
}

func (a verbs) maintainersAdd(c *cobra.Command, text, name string) error {
	key, err := keys.ParsePublicKey(text, keys.User)
	if err != nil {
		return app.UsageOf(c, err)
	}
	store, err := a.bucketInUse()
	if err != nil {
		return err
	}
	done := "added"
	err = a.Change(func() error {
		added, err := store.Introduce(c.Context(), key, name)
		if !added {
			done = "unchanged"
		}
		return err
	})
	if err != nil {
		return err
	}
	return a.showMaintainer(store.URI(), done, key)
}

func newMaintainersRemove(a verbs) *cobra.Command {
	return &cobra.Command{
		Use:   "remove KEY|NAME",
		Short: "No longer let somebody change the keystore",
		Long: `Removes a maintainer of a nats: keystore. Those whom they added stay. They may still
be a recipient: latch keystore recipients remove takes that too.

A URI that trusts the removed key by ?maintainer= has to be changed where it stands.`,
		Example: "  latch keystore maintainers remove bob",
		Args:    app.Exactly("KEY"),
		RunE:    func(c *cobra.Command, args []string) error { return a.maintainersRemove(c.Context(), args[0]) },
	}
}

func (a verbs) maintainersRemove(ctx context.Context, which string) error {
	store, err := a.bucketInUse()
	if err != nil {
		return err
	}
	var gone keys.PublicKey
	err = a.Change(func() (err error) {
		gone, err = store.Dismiss(ctx, which)
		return err
	})
	if err != nil {
		return err
	}
	return a.showMaintainer(store.URI(), "removed", gone)
}

func (a verbs) showMaintainer(uri, done string, key keys.PublicKey) error {
	return a.ShowDone(struct {
		Keystore  string         `json:"keystore"`
		PublicKey keys.PublicKey `json:"public_key"`
		State     string         `json:"state"`
	}{uri, key, done}, func(w io.Writer) { fmt.Fprintln(w, done, key) })
}
