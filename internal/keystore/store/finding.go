package store

import (
	"context"
	"slices"
)

// Finding is something in a store that is not as it should be.
type Finding struct {
	Name    string // of a key or, where there is none, of a file or an item
	Message string
	Remedy  string // what mending it does; empty where only a person can
	Mended  bool
}

// Inspector is a medium that keeps an account beside the seeds. Inspect compares
// the two, both ways, and changes nothing.
type Inspector interface {
	Inspect(ctx context.Context) ([]Finding, error)
}

// Mender is the session of an Inspector. Mend finds the same, and puts in order
// what it can.
type Mender interface {
	Mend(ctx context.Context) ([]Finding, error)
}

// LeftoverLister is a medium in which runs that are cut short leave something. Locking
// it settles that.
type LeftoverLister interface {
	Leftovers(ctx context.Context) ([]Finding, error)
}

// Reconcile compares the seeds with what the medium keeps about them, both
// ways, looks for what was left of runs that were cut short, and mends what can be
// mended if mend is set. What it cannot even look at is the error.
func (g *Guarded) Reconcile(ctx context.Context, mend bool) ([]Finding, error) {
	left, err := g.leftovers(ctx)
	if err != nil {
		return nil, err
	}
	if !mend {
		return g.inspect(ctx, left)
	}
	session, err := g.medium.Lock(ctx, false)
	if err != nil {
		return left, err
	}
	defer session.Release()
	still, err := g.leftovers(ctx)
	if err != nil {
		return left, err
	}
	for i := range left {
		left[i].Mended = !slices.Contains(still, left[i])
	}
	mender, mends := session.(Mender)
	if !mends {
		return g.inspect(ctx, left)
	}
	found, err := mender.Mend(ctx)
	return append(left, found...), err
}

// inspect adds to what was left of runs that were cut short what the medium finds.
func (g *Guarded) inspect(ctx context.Context, left []Finding) ([]Finding, error) {
	inspector, keeps := g.medium.(Inspector)
	if !keeps {
		return left, nil
	}
	found, err := inspector.Inspect(ctx)
	return append(left, found...), err
}

func (g *Guarded) leftovers(ctx context.Context) ([]Finding, error) {
	lister, leaves := g.medium.(LeftoverLister)
	if !leaves {
		return nil, nil
	}
	return lister.Leftovers(ctx)
}
