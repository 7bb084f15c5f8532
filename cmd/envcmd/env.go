package envcmd

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
)

// verbs are the commands of the noun: each is a method.
type verbs struct{ *app.App }

// New builds `latch env`.
func New(shared *app.App) *cobra.Command {
	a := verbs{shared}
	c := &cobra.Command{Use: "env", Short: "Write, print and check the environment of hosts"}
	app.AsGroup(c)
	c.AddCommand(newWrite(a), newCheck(a), newPrint(a), newExec(a), newVars(a))
	return c
}

// addDialectFlag adds --dialect.
func addDialectFlag(c *cobra.Command, into *string) {
	var names, described []string
	for _, d := range env.Dialects() {
		names, described = append(names, d.Name()), append(described, d.Name()+"\t"+d.About())
	}
	c.Flags().StringVar(into, "dialect", names[0], "format of the environment: "+strings.Join(names, ", "))
	_ = c.RegisterFlagCompletionFunc("dialect", cobra.FixedCompletions(described, cobra.ShellCompDirectiveNoFileComp))
}

// environments are those of the named hosts, of all hosts if none is named.
// Their seeds are the caller's to wipe.
func (a verbs) environments(ctx context.Context, file *lattice.Document, store keystore.Store, hosts []string) ([]env.Environment, func(), error) {
	m := file.Manifest()
	if len(hosts) == 0 {
		for _, h := range m.Hosts {
			hosts = append(hosts, h.Name)
		}
	}
	b := a.newBuilder(m, a.FilesOf(file), store)
	environments := make([]env.Environment, 0, len(hosts))
	for _, name := range hosts {
		e, err := b.environment(ctx, name)
		if err != nil {
			b.wipe()
			return nil, func() {}, err
		}
		environments = append(environments, e)
	}
	a.warnOfIgnoredKeys(environments)
	return environments, b.wipe, nil
}

// warnOfIgnoredKeys says which hosts cluster keys do nothing for.
func (a verbs) warnOfIgnoredKeys(environments []env.Environment) {
	var hosts []string
	for _, e := range environments {
		if e.Target.IgnoresClusterKeys() {
			hosts = append(hosts, e.Host)
		}
	}
	if len(hosts) > 0 {
		a.Warn("wasmCloud 1.0 and later ignores cluster keys, so %s get none: nothing proves there who sent an invocation", strings.Join(hosts, ", "))
	}
}
