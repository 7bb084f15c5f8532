package store

import "context"

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

// Reconcile compares the seeds with what the medium keeps about them, both
// ways, and mends what can be mended if mend is set. What it cannot even look at
// is the error.
func (g *Guarded) Reconcile(ctx context.Context, mend bool) ([]Finding, error) {
	inspector, keeps := g.medium.(Inspector)
	if !keeps || !mend {
		if !keeps {
			return nil, nil
		}
		return inspector.Inspect(ctx)
	}
	session, err := g.medium.Lock(ctx, false)
	if err != nil {
		return nil, err
	}
	defer session.Release()
	mender, mends := session.(Mender)
	if !mends {
		return inspector.Inspect(ctx)
	}
	return mender.Mend(ctx)
}
