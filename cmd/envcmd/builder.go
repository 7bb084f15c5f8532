package envcmd

import (
	"context"

	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
)

// builder makes environments with the seeds of a store.
type builder struct {
	env      *env.Builder
	resolver *credentials.Resolver
}

// newBuilder gets ready for the hosts of a manifest, with the files that it names.
func (a verbs) newBuilder(m lattice.Manifest, files credentials.Files, store keystore.Store) builder {
	return builder{env.NewBuilder(m), credentials.NewResolver(m, files, a.SeedsOf(store))}
}

// environment is that of one host. Its seeds end with wipe.
func (b builder) environment(ctx context.Context, host string) (env.Environment, error) {
	h, known := b.env.Host(host)
	if !known {
		return b.env.For(host, keys.Seed{}, nil) // says so, and names the hosts there are
	}
	logins, err := b.resolver.Logins(ctx, h)
	if err != nil {
		return env.Environment{}, err
	}
	seed, err := b.resolver.ClusterSeed(ctx, h)
	if err != nil {
		return env.Environment{}, err
	}
	return b.env.For(host, seed, logins)
}

// wipe ends the seeds of all environments that were made.
func (b builder) wipe() { b.resolver.Wipe() }
