package keystore

import (
	"context"
	"errors"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// Reconcile compares the seeds of a store with what it keeps about them, both
// ways, and mends what can be mended if mend is set. What it cannot even look at
// is the error.
func Reconcile(ctx context.Context, in Store, mend bool) ([]Finding, error) {
	var findings []Finding
	if s, ok := in.(interface {
		Reconcile(ctx context.Context, mend bool) ([]Finding, error)
	}); ok {
		found, err := s.Reconcile(ctx, mend)
		if err != nil {
			return found, err
		}
		findings = found
	}
	_, err := in.List(ctx)
	for _, each := range apart(err) {
		if !errors.Is(each, store.ErrCorrupt) && !fault.Is(each, fault.Usage) && !fault.Is(each, fault.Locked) {
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

// Checked is one key of a store and whether its seed is what it should be.
type Checked struct {
	Entry
	ForOthers bool  // it is encrypted to others, and was not opened
	Err       error // nil: nothing is wrong with it
}

// Check opens every seed, derives its public key and compares. The error is one
// that keeps the store from being looked at; findings and failed keys are not.
func Check(ctx context.Context, in Store) ([]Checked, []Finding, error) {
	findings, err := Reconcile(ctx, in, false)
	if err != nil {
		return nil, findings, err
	}
	entries, err := in.List(ctx)
	if err != nil && len(entries) == 0 && len(findings) == 0 {
		return nil, findings, err
	}
	var checked []Checked
	for _, e := range entries {
		err := sound(ctx, in, e)
		if ctx.Err() != nil {
			return checked, findings, context.Cause(ctx)
		}
		if fault.Is(err, fault.Unavailable) {
			return checked, findings, err
		}
		if errors.Is(err, store.ErrForOthers) {
			checked = append(checked, Checked{Entry: e, ForOthers: true})
			continue
		}
		checked = append(checked, Checked{Entry: e, Err: err})
	}
	return checked, findings, nil
}

func sound(ctx context.Context, in Store, e Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	seed, err := in.Get(ctx, e.Name)
	if err != nil {
		return err
	}
	defer seed.Wipe()
	return store.Match(e.Name+" in "+in.URI(), seed.PublicKey(), e.PublicKey)
}
