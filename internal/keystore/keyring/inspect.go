package keyring

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

var (
	_ store.Inspector = (*medium)(nil)
	_ store.Mender    = (*session)(nil)
)

// Inspect compares index and keyring, both ways.
func (m *medium) Inspect(ctx context.Context) ([]store.Finding, error) {
	findings, _, err := m.compare(ctx)
	return findings, err
}

// Mend is Inspect, and makes the index say what the keyring holds. What was
// begun, locking has settled already.
func (s *session) Mend(ctx context.Context) ([]store.Finding, error) {
	findings, sound, err := s.compare(ctx)
	if err != nil || !slices.ContainsFunc(findings, func(f store.Finding) bool { return f.Remedy != "" }) {
		return findings, err
	}
	if err := s.index.save(sound); err != nil {
		return findings, err
	}
	for i := range findings {
		findings[i].Mended = findings[i].Remedy != ""
	}
	return findings, nil
}

// compare gives what is amiss, and the records as they should be.
func (m *medium) compare(ctx context.Context) ([]store.Finding, records, error) {
	if err := m.ready(ctx, true); err != nil {
		return nil, nil, err
	}
	records, err := m.index.load()
	if err != nil {
		return nil, nil, err
	}
	kept, findings, err := m.withoutItem(ctx, records)
	if err != nil {
		return nil, nil, err
	}
	found, unknown, err := m.withoutName(ctx, records)
	return append(findings, unknown...), append(kept, found...), err
}

// withoutItem parts the records that the keyring has the seeds of from the
// others.
func (m *medium) withoutItem(ctx context.Context, all records) (kept records, findings []store.Finding, err error) {
	for _, r := range all {
		if r.State != "" {
			findings = append(findings, store.Finding{Name: r.Name, Message: "a run was cut short while " + r.State + " it", Remedy: "settle it"})
			continue
		}
		seed, err := m.fetch(ctx, r.PublicKey)
		seed.Wipe()
		switch {
		case errors.Is(err, ErrNoItem):
			findings = append(findings, store.Finding{
				Name:    r.Name,
				Message: fmt.Sprintf("the index has it, but the keyring no longer holds the seed of %s", r.PublicKey),
				Remedy:  "take the name out of the index",
			})
			continue
		case errors.Is(err, store.ErrCorrupt):
			findings = append(findings, store.Finding{Name: r.Name, Message: err.Error()})
		case err != nil:
			return nil, nil, err
		}
		kept = append(kept, r)
	}
	return kept, findings, nil
}

// withoutName finds the seeds that the index does not know, and a name for each.
func (m *medium) withoutName(ctx context.Context, all records) (found records, findings []store.Finding, err error) {
	if m.service.Items == nil {
		return nil, nil, nil
	}
	users, err := patiently(ctx, &m.patience, m.service.Limit, m.service.Items)
	if err != nil {
		return nil, nil, explained("list", err)
	}
	slices.Sort(users)
	for _, user := range slices.Compact(users) {
		public, err := keys.ParsePublicKey(user, keys.AnyKind)
		if err != nil || all.holds(public) {
			continue // not ours, or known
		}
		seed, err := m.fetch(ctx, public)
		seed.Wipe()
		switch {
		case errors.Is(err, ErrNoItem):
			continue
		case errors.Is(err, store.ErrCorrupt):
			findings = append(findings, store.Finding{Name: user, Message: err.Error()})
			continue
		case err != nil:
			return nil, nil, err
		}
		name := foundName(public)
		found = append(found, record{Name: name, PublicKey: public, Created: m.now().UTC().Truncate(time.Second)})
		findings = append(findings, store.Finding{
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
