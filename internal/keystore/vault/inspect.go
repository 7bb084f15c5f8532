package vault

import (
	"context"
	"errors"
	"strconv"

	"github.com/latch-keys/latch/internal/keystore/store"
)

var (
	_ store.Inspector = (*medium)(nil)
	_ store.Mender    = (*session)(nil)
)

// Inspect looks for what runs that were cut short have left, for seeds whose public key
// no list can tell without reading them, and for those that the server will delete.
func (m *medium) Inspect(ctx context.Context) ([]store.Finding, error) {
	s, err := m.secrets(ctx)
	if err != nil {
		return nil, err
	}
	return s.inspect(ctx, nil)
}

// Mend is Inspect, and puts in order what it can.
func (s *session) Mend(ctx context.Context) ([]store.Finding, error) { return s.inspect(ctx, s) }

func (s secrets) inspect(ctx context.Context, mending *session) ([]store.Finding, error) {
	names, err := s.names(ctx)
	if err != nil {
		return nil, err
	}
	var findings []store.Finding
	for _, name := range names {
		if store.CheckName(name) != nil {
			continue // the list says so
		}
		var found []store.Finding
		err := store.Again(ctx, mostTries, s.where(name), errChanged, func() (err error) {
			found, err = s.account(ctx, name, mending)
			return err
		})
		findings = append(findings, found...)
		if err != nil {
			return findings, err
		}
	}
	return findings, nil
}

// account looks at one secret.
func (s secrets) account(ctx context.Context, name string, mending *session) ([]store.Finding, error) {
	about, err := s.metadata(ctx, name)
	if err != nil || about == nil {
		return nil, err
	}
	now := about.Versions[strconv.Itoa(about.Current)]
	v, err := s.current(ctx, name)
	defer v.clear()
	if err != nil || now.Destroyed {
		return nil, err
	}
	if now.Goes != "" && v.live {
		return []store.Finding{{Name: name, Message: s.where(name) + " is deleted by the server at " + now.Goes +
			"; have it keep it: vault kv metadata put -delete-version-after=0 " + s.where(name) + ", and store the seed anew"}}, nil
	}
	message, remedy, mend := s.amiss(v)
	if message == "" {
		return s.told(v), nil
	}
	f := store.Finding{Name: name, Message: s.where(name) + " " + message, Remedy: remedy}
	if mending != nil && mend != nil {
		if err := mend(ctx, mending); err != nil {
			return nil, err
		}
		f.Mended = true
	}
	return []store.Finding{f}, nil
}

// amiss tells what is wrong with the current version of a secret, and how it is mended.
func (s secrets) amiss(v version) (message, remedy string, mend func(ctx context.Context, with *session) error) {
	bury := func(ctx context.Context, with *session) error { return with.bury(ctx, v.name, v.number) }
	switch {
	case v.moved:
		return "was renamed to " + v.content.MovingTo + ", and is still there", "remove the old one", bury
	case v.content.Deleted:
		return "is deleted, but its earlier versions still hold the seed", "destroy them",
			func(ctx context.Context, with *session) error { return with.destroy(ctx, v.name, v.number) }
	case v.live && v.content.MovingTo != "":
		return "was about to be renamed to " + v.content.MovingTo, "leave it its name", func(ctx context.Context, with *session) error {
			if err := with.settleAhead(ctx, v); err != nil {
				return err
			}
			return with.stays(ctx, v.name, v.content, v.number)
		}
	}
	if _, told := v.note.entry(v.name, v.number); v.live && !told {
		c := v.content
		e, err := v.entry(s.where(v.name))
		if err != nil {
			return "", "", nil // it is no seed, which the list says
		}
		c.PublicKey, c.Created = e.PublicKey.String(), e.Created.Format("2006-01-02T15:04:05Z07:00")
		return "does not tell its public key to who may not read the seed", "write it into its metadata",
			func(ctx context.Context, with *session) error { return with.annotate(ctx, v.name, c, v.number) }
	}
	return "", "", nil
}

// told compares a seed with what its metadata tell of it. Which of the two is right,
// only a person can say.
func (s secrets) told(v version) []store.Finding {
	note, told := v.note.entry(v.name, v.number)
	e, err := v.entry(s.where(v.name))
	if err == nil && told {
		err = store.Match(s.where(v.name), e.PublicKey, note.PublicKey)
	}
	if !told || err == nil || !errors.Is(err, store.ErrCorrupt) {
		return nil
	}
	return []store.Finding{{Name: v.name, Message: err.Error()}}
}
