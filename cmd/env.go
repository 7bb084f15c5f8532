package cmd

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
)

func newEnv(a *app) *cobra.Command {
	c := &cobra.Command{Use: "env", Short: "What each host is told: files, output, processes"}
	asGroup(c)
	c.AddCommand(newEnvWrite(a), newEnvPrint(a), newEnvExec(a))
	return c
}

// addDialectFlag adds --dialect.
func addDialectFlag(c *cobra.Command, into *string) {
	var names []string
	for _, d := range env.Dialects() {
		names = append(names, d.Name())
	}
	c.Flags().StringVar(into, "dialect", names[0], "form of the environment: "+strings.Join(names, ", "))
	_ = c.RegisterFlagCompletionFunc("dialect", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}

// environments are those of the named hosts, of all hosts if none is named.
// Their seeds are the caller's to wipe.
func (a *app) environments(ctx context.Context, file *lattice.Document, hosts []string) ([]env.Environment, func(), error) {
	m := file.Manifest()
	if len(hosts) == 0 {
		for _, h := range m.Hosts {
			hosts = append(hosts, h.Name)
		}
	}
	store, err := a.keystore()
	if err != nil {
		return nil, func() {}, err
	}
	ring := keyring{store: store, seeds: map[string]keys.Seed{}}
	environments := make([]env.Environment, 0, len(hosts))
	for _, name := range hosts {
		e, err := ring.environment(ctx, m, name)
		if err != nil {
			ring.wipe()
			return nil, func() {}, err
		}
		environments = append(environments, e)
	}
	return environments, ring.wipe, nil
}

// keyring fetches each seed once, however many hosts share it.
type keyring struct {
	store keystore.Store
	seeds map[string]keys.Seed
}

func (k keyring) environment(ctx context.Context, m lattice.Manifest, host string) (env.Environment, error) {
	h, known := m.Host(host)
	if !known {
		return env.For(m, host, keys.Seed{}) // says so, and names the hosts there are
	}
	seed, fetched := k.seeds[h.SignsWith]
	if !fetched {
		var err error
		if seed, err = k.store.Get(ctx, h.SignsWith); err != nil {
			return env.Environment{}, fmt.Errorf("failed to get the seed that host %s signs with: %w", host, withNames(err, k.store.URI()))
		}
		k.seeds[h.SignsWith] = seed
	}
	return env.For(m, host, seed)
}

func (k keyring) wipe() {
	for _, seed := range k.seeds {
		seed.Wipe()
	}
}
