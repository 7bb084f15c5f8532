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

func (a verbs) newBuilder(file *lattice.Document, store keystore.Store) builder {
	m := file.Manifest()
	return builder{env.NewBuilder(m), credentials.NewResolver(m, a.FilesOf(file), a.SeedsOf(store))}
}

// environment is that of one host. Its seeds are the resolver's to wipe.
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
