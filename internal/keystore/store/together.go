package store

import (
	"context"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
)

// Together is a session that stores many seeds by one change: all of them or none.
type Together interface {
	// WriteAll is Write of seeds under different names, all of them free.
	WriteAll(ctx context.Context, all []Named) error
}

// putTogether stores seeds by one change: those before one that cannot be stored.
func (g *Guarded) putTogether(ctx context.Context, at Together, taken taking, all []Named, stored func()) error {
	var fresh []Named
	var refused error
	named := map[string]keys.PublicKey{} // among those
	sound := 0
	for _, n := range all {
		if public, twice := named[n.Name]; twice && public == n.Seed.PublicKey() {
			sound++
			continue
		} else if twice {
			refused = Taken(n.Name, public)
			break
		}
		isNew, err := g.isNew(ctx, taken, n)
		if refused = err; err != nil {
			break
		}
		if isNew {
			fresh = append(fresh, n)
			named[n.Name] = n.Seed.PublicKey()
			taken[strings.ToLower(n.Name)] = []string{n.Name}
		} else {
			n.had()
		}
		sound++
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if len(fresh) > 0 {
		if err := at.WriteAll(ctx, fresh); err != nil {
			return err
		}
	}
	for range sound {
		stored()
	}
	return refused
}
