package keystore

import (
	"context"
	"errors"
)

// Finding is something in a store that is not as it should be.
type Finding struct {
	Name    string // of a key or, where there is none, of a file or an item
	Message string
	Remedy  string // what mending it does; empty where only a person can
	Mended  bool
}

// reconciler is a medium that keeps an account beside the seeds.
type reconciler interface {
	// reconcile compares the two, both ways. The store is locked where mend is
	// set, and what can be mended is.
	reconcile(ctx context.Context, mend bool) ([]Finding, error)
}

// Reconcile compares the seeds of a store with what it keeps about them, both
// ways, and mends what can be mended if mend is set. What it cannot even look at
// is the error.
func Reconcile(ctx context.Context, store Store, mend bool) ([]Finding, error) {
	var findings []Finding
	if s, ok := store.(interface {
		reconcile(ctx context.Context, mend bool) ([]Finding, error)
	}); ok {
		found, err := s.reconcile(ctx, mend)
		if err != nil {
			return found, err
		}
		findings = found
	}
	_, err := store.List(ctx)
	for _, each := range apart(err) {
		if !errors.Is(each, ErrCorrupt) && !errors.Is(each, ErrName) && !errors.Is(each, ErrLocked) {
			return findings, each
		}
		if !told(findings, each) {
			findings = append(findings, Finding{Message: each.Error()})
		}
	}
	return findings, nil
}

// told reports whether a finding that is not mended says the same.
func told(findings []Finding, err error) bool {
	for _, f := range findings {
		if f.Message == err.Error() {
			return true
		}
	}
	return false
}

// apart is what errors.Join has joined.
func apart(err error) []error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	return []error{err}
}

func (g *guarded) reconcile(ctx context.Context, mend bool) ([]Finding, error) {
	r, ok := g.medium.(reconciler)
	if !ok {
		return nil, nil
	}
	if mend {
		release, err := g.medium.lock(ctx, false)
		if err != nil {
			return nil, err
		}
		defer release()
	}
	return r.reconcile(ctx, mend)
}

// Checked is one key of a store and whether its seed is what it should be.
type Checked struct {
	Entry
	Err error // nil: the seed is there and gives the public key
}

// Check opens every seed, derives its public key and compares. The error is one
// that keeps the store from being looked at; findings and failed keys are not.
func Check(ctx context.Context, store Store) ([]Checked, []Finding, error) {
	findings, err := Reconcile(ctx, store, false)
	if err != nil {
		return nil, findings, err
	}
	entries, err := store.List(ctx)
	if err != nil && len(entries) == 0 && len(findings) == 0 {
		return nil, findings, err
	}
	var checked []Checked
	for _, e := range entries {
		err := sound(ctx, store, e)
		if ctx.Err() != nil || errors.Is(err, ErrUnavailable) {
			return checked, findings, err
		}
		checked = append(checked, Checked{Entry: e, Err: err})
	}
	return checked, findings, nil
}

func sound(ctx context.Context, store Store, e Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	seed, err := store.Get(ctx, e.Name)
	if err != nil {
		return err
	}
	defer seed.Wipe()
	return match(e.Name+" in "+store.URI(), seed.PublicKey(), e.PublicKey)
}
