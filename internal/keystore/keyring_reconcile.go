package keystore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/keys"
)

// reconcile: locking has already settled what was begun; it is found only where
// nothing is to be mended.
func (k *keyring) reconcile(ctx context.Context, mend bool) ([]Finding, error) {
	if err := k.ready(ctx, true); err != nil {
		return nil, err
	}
	records, err := k.index.load()
	if err != nil {
		return nil, err
	}
	kept, findings, err := k.withoutItem(ctx, records)
	if err != nil {
		return nil, err
	}
	found, unknown, err := k.withoutName(ctx, records)
	if err != nil {
		return nil, err
	}
	kept, findings = append(kept, found...), append(findings, unknown...)
	if !mend || !slices.ContainsFunc(findings, func(f Finding) bool { return f.Remedy != "" }) {
		return findings, nil
	}
	if err := k.index.save(kept); err != nil {
		return findings, err
	}
	for i := range findings {
		findings[i].Mended = findings[i].Remedy != ""
	}
	return findings, nil
}

// withoutItem parts the records that the keyring has the seeds of from the
// others.
func (k *keyring) withoutItem(ctx context.Context, all records) (kept records, findings []Finding, err error) {
	for _, r := range all {
		if r.State != "" {
			findings = append(findings, Finding{Name: r.Name, Message: "a run was cut short while " + r.State + " it", Remedy: "settle it"})
			continue
		}
		seed, err := k.fetch(ctx, r.PublicKey)
		seed.Wipe()
		switch {
		case errors.Is(err, errNoItem):
			findings = append(findings, Finding{
				Name:    r.Name,
				Message: fmt.Sprintf("the index has it, but the keyring no longer holds the seed of %s", r.PublicKey),
				Remedy:  "take the name out of the index",
			})
			continue
		case errors.Is(err, ErrCorrupt):
			findings = append(findings, Finding{Name: r.Name, Message: err.Error()})
		case err != nil:
			return nil, nil, err
		}
		kept = append(kept, r)
	}
	return kept, findings, nil
}

// withoutName finds the seeds that the index does not know, and a name for each.
func (k *keyring) withoutName(ctx context.Context, all records) (found records, findings []Finding, err error) {
	if k.items == nil {
		return nil, nil, nil
	}
	users, err := patiently(ctx, &k.patience, k.limit, k.items)
	if err != nil {
		return nil, nil, ringFailure("list", err)
	}
	slices.Sort(users)
	for _, user := range slices.Compact(users) {
		public, err := keys.ParsePublicKey(user, keys.AnyKind)
		if err != nil || all.holds(public) {
			continue // not ours, or known
		}
		seed, err := k.fetch(ctx, public)
		seed.Wipe()
		switch {
		case errors.Is(err, errNoItem):
			continue
		case errors.Is(err, ErrCorrupt):
			findings = append(findings, Finding{Name: user, Message: err.Error()})
			continue
		case err != nil:
			return nil, nil, err
		}
		name := foundName(public)
		found = append(found, record{Name: name, PublicKey: public, Created: k.now().UTC().Truncate(time.Second)})
		findings = append(findings, Finding{
			Name:    name,
			Message: fmt.Sprintf("the keyring holds the seed of %s, which the index does not know", public),
			Remedy:  "list it as " + name,
		})
	}
	return found, findings, nil
}

// foundName is a name for a seed whose own is lost: the kind and enough of the
// public key to be new.
func foundName(public keys.PublicKey) string {
	return "found-" + public.Kind().String() + "-" + strings.ToLower(public.String()[1:17])
}

func (rs records) holds(public keys.PublicKey) bool {
	return slices.ContainsFunc(rs, func(r record) bool { return r.PublicKey == public })
}
