package natscmd

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/listflag"
	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// configOptions say whose users go into a server's configuration.
type configOptions struct {
	hosts   []string
	beside  [3][]string // names of keys: operators, observers, latch itself
	with    []string
	account string
	out     string
}

// besides are the roles of those beside the hosts, in the order of configOptions.
func besides() [3]wasmcloud.Role {
	return [3]wasmcloud.Role{wasmcloud.OperatorUser, wasmcloud.ObserverUser, wasmcloud.LatchUser}
}

func newUsersConfig(a verbs) *cobra.Command {
	var o configOptions
	c := &cobra.Command{
		Use:   "config [HOST...]",
		Short: "Print the users for the configuration of a NATS server",
		Long: `Prints the lattice's users for the configuration of a NATS server that is not in
operator mode: one account, and in it each user by its public key (nkey) with the
least permissions. The output holds no secret.

It belongs inside the accounts block that the server has already, by a path from the
folder of the server's configuration on:

  accounts {
    include "prod.conf"
  }

A second accounts block would replace the first one without a word, and so would a
second account of the same name. Check the configuration with nats-server -t -c
FILE; it takes effect when the server is reloaded: nats-server --signal reload.

Only OTP hosts log in by an nkey alone. Hosts in Rust demand a JWT: for them see
latch nats users issue.`,
		Example: `  latch nats users config --out prod.conf
  latch nats users config --operator ann --observer grafana --latch ci`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: a.CompleteHosts,
		RunE: func(c *cobra.Command, args []string) error {
			o.hosts = args
			return a.usersConfig(c, o)
		},
	}
	flags := c.Flags()
	for i, role := range besides() {
		listflag.Add(flags, &o.beside[i], role.String(), "names, in the keystore, of keys for: "+role.About())
		_ = c.RegisterFlagCompletionFunc(role.String(), a.CompleteKeyNames)
	}
	listflag.Add(flags, &o.with, "with", "what else is in use: "+strings.Join(switchNames(), ", "))
	flags.StringVar(&o.account, "account", "", "name of the account (default the lattice's)")
	app.OutFlag(c, &o.out, "write to this file, atomically")
	_ = c.RegisterFlagCompletionFunc("with", cobra.FixedCompletions(describedSwitches(), cobra.ShellCompDirectiveNoFileComp))
	_ = c.RegisterFlagCompletionFunc("account", cobra.NoFileCompletions)
	return c
}

func (a verbs) usersConfig(c *cobra.Command, o configOptions) error {
	extra := permissionsOptions{with: o.with}
	switches, err := extra.switches()
	if err != nil {
		return app.UsageOf(c, err)
	}
	file, err := a.Manifest()
	if err != nil {
		return err
	}
	m := file.Manifest()
	if o.account == "" {
		o.account = m.Lattice
	}
	if err := lattice.CheckPrefix(o.account); err != nil {
		return app.UsageOf(c, fault.New(fault.Failed, "--account").Because(err))
	}
	found, err := a.nkeyUsers(c.Context(), m, o, permissions.Setup{Switches: switches})
	if err != nil {
		return err
	}
	for _, left := range found.LeftOut {
		a.Warn("%s (%s) is left out: %s", left.Host, left.Purpose, left.Reason)
	}
	if len(found.Users) == 0 {
		return fault.New(fault.Refused, "nobody of the lattice %s can log in by an nkey alone", m.Lattice).
			WithHint("name the seeds of OTP hosts in the manifest, add --operator, or use a server in operator mode: latch nats users issue")
	}
	return a.showConfig(file, o, found)
}

// nkeyUsers are the users of the hosts that were named, of all if none was, and of
// those beside them.
func (a verbs) nkeyUsers(ctx context.Context, m lattice.Manifest, o configOptions, extra permissions.Setup) (*credentials.NkeyUsers, error) {
	names, err := a.publicKeys(ctx)
	if err != nil {
		return nil, err
	}
	found := credentials.NewNkeyUsers(names)
	hosts, err := hostsNamed(m, o.hosts)
	if err != nil {
		return nil, err
	}
	for _, h := range hosts {
		if err := found.AddHost(m, h, extra); err != nil {
			return nil, err
		}
	}
	setups := setupsIn(m, wasmcloud.Target{})
	for i, role := range besides() {
		var needs permissions.Set
		for _, alike := range setups {
			set, err := alike.setup.Over(extra).Needs(role)
			if err != nil {
				return nil, err
			}
			needs = permissions.Union(needs, set)
		}
		for _, name := range o.beside[i] {
			if err := found.AddRole(name, role, needs); err != nil {
				return nil, err
			}
		}
	}
	return found, nil
}

// hostsNamed are the manifest's hosts of those names, all of them for none.
func hostsNamed(m lattice.Manifest, names []string) ([]lattice.Host, error) {
	if len(names) == 0 {
		return m.Hosts, nil
	}
	var hosts []lattice.Host
	for _, name := range names {
		h, known := m.Host(name)
		if !known {
			return nil, m.NoHost(name)
		}
		hosts = append(hosts, h)
	}
	return hosts, nil
}

// publicKeys looks the keystore up by name. No seed is opened.
func (a verbs) publicKeys(ctx context.Context) (func(name string) (keys.PublicKey, error), error) {
	store, err := a.Keystore()
	if err != nil {
		return nil, err
	}
	entries, err := store.List(ctx)
	if err != nil {
		return nil, err
	}
	byName := map[string]keys.PublicKey{}
	for _, e := range entries {
		byName[e.Name] = e.PublicKey
	}
	return func(name string) (keys.PublicKey, error) {
		key, held := byName[name]
		if !held {
			return key, fault.New(fault.NotFound, "the keystore has no key named %q", name).WithHint("latch keys gen user --name %s", app.Word(name))
		}
		return key, nil
	}, nil
}

func (a verbs) showConfig(file *lattice.Document, o configOptions, found *credentials.NkeyUsers) error {
	m := file.Manifest()
	doc := describeConfig(m.Lattice, o.account, found)
	var fragment bytes.Buffer
	writeFragment(&fragment, m, o, found.Users)
	if o.out == "" {
		return a.Show(doc, func(w io.Writer) { _, _ = fragment.WriteTo(w) })
	}
	if _, err := safefile.Write(o.out, fragment.Bytes(), safefile.Shared); err != nil {
		return err
	}
	doc.File = o.out
	err := a.ShowDone(doc, func(w io.Writer) {
		fmt.Fprintf(w, "wrote %d user%s to %s\n", len(found.Users), app.Plural(len(found.Users)), o.out)
	})
	a.Say("Include it inside the accounts block, check with nats-server -t, and reload the server: nats-server --signal reload.")
	return err
}
