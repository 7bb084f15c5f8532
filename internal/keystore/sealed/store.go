package sealed

import (
	"context"
	"errors"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// Store is a keystore that several can open, each in their own way. A change of
// who can is made for all seeds or for none; what a removed recipient has seen
// stays known to them.
type Store struct {
	*store.Guarded
	medium *medium
}

// New is the store of the sealed files in a place, opened with what a person
// has. init is the command that makes such a store.
func New(uri string, blobs store.Blobs, unlock agefile.Unlock, now func() time.Time, init string) *Store {
	m := &medium{
		Files: store.Files{Blobs: blobs, Suffix: sealedSuffix, Limit: sealedLimit},
		init:  init, unlock: unlock.Unlocker(uri), now: now, work: unlock.WorkFactor,
	}
	return &Store{Guarded: store.Guard(uri, m), medium: m}
}

// Init makes the store, for recipients or else for a passphrase: fault.Exists
// where that is settled already.
func (s *Store) Init(ctx context.Context, to []agefile.Recipient, passphrase []byte) error {
	open, err := s.medium.lock(ctx, true)
	if err != nil {
		return err
	}
	defer open.Release()
	switch _, err := open.protection(ctx); {
	case err == nil:
		return fault.New(fault.Exists, "%s is a keystore already", s.URI()).
			WithHint("see who can open it: latch keystore recipients list --keystore %s", s.URI())
	case !errors.Is(err, errUnprotected):
		return err
	}
	if len(to) == 0 {
		sealed, err := open.sealProof(passphrase)
		if err != nil {
			return err
		}
		return open.found(ctx, forPassphrase, store.Change{Name: ProofFile, Data: sealed})
	}
	var list agefile.List
	for _, r := range to {
		list, _ = list.With(r)
	}
	return open.found(ctx, forRecipients, store.Change{Name: recipientsFile, Data: list.Bytes()})
}

// found makes a store of a kind, in a place that has no seeds of another.
func (s *session) found(ctx context.Context, as kind, whom store.Change) error {
	said, err := s.recorded(ctx)
	if err == nil && said != unsettled && said != as {
		err = fault.New(fault.Refused, "%s was made for a %s, and its seeds are sealed so", s.Where(""), said).
			WithHint("make another keystore elsewhere, or restore what is missing from a backup, or from git")
	}
	names, listErr := s.Names(ctx)
	if err := errors.Join(err, listErr); err != nil {
		return err
	}
	for _, name := range names {
		sealed, err := s.Contents(ctx, name)
		if err == nil {
			err = s.fits(ctx, name, sealed, as)
		}
		if err != nil {
			return err
		}
	}
	return s.held.Apply(ctx, []store.Change{{Name: kindFile, Data: as.encode()}, whom})
}

// Recipients are those of the store, none where it has a passphrase.
func (s *Store) Recipients(ctx context.Context) ([]agefile.Recipient, error) {
	p, err := s.medium.protection(ctx)
	return p.list.Recipients(), err
}

// Share adds recipients, gives those that were new, and how many seeds were
// encrypted anew. A passphrase gives way to them.
func (s *Store) Share(ctx context.Context, with []agefile.Recipient) ([]agefile.Recipient, int, error) {
	open, err := s.medium.lock(ctx, false)
	if err != nil {
		return nil, 0, err
	}
	defer open.Release()
	before, err := open.protection(ctx)
	if err != nil && !errors.Is(err, errUnprotected) {
		return nil, 0, err
	}
	list := before.list
	var added []agefile.Recipient
	for _, r := range with {
		longer, isNew := list.With(r)
		if list = longer; isNew {
			added = append(added, r)
		}
	}
	if len(added) == 0 {
		return nil, 0, nil
	}
	resealed, err := open.reseal(ctx, list, before, true)
	return added, resealed, err
}

// Unshare removes the recipient with that text or comment: fault.NotFound,
// fault.Refused where that would lock the person out, unless forced.
func (s *Store) Unshare(ctx context.Context, which string, forced bool) (agefile.Recipient, int, error) {
	open, err := s.medium.lock(ctx, false)
	if err != nil {
		return agefile.Recipient{}, 0, err
	}
	defer open.Release()
	before, err := open.protection(ctx)
	if err != nil {
		return agefile.Recipient{}, 0, err
	}
	rest, gone, err := before.list.Without(which)
	switch {
	case errors.Is(err, agefile.ErrNoRecipient):
		return gone, 0, fault.New(fault.NotFound, "%s has no such recipient", s.URI()).
			WithHint("see who there is: latch keystore recipients list")
	case err != nil:
		return gone, 0, err
	case len(rest.Recipients()) == 0:
		return gone, 0, fault.New(fault.Refused, "this is the last recipient of %s, nobody could open it any more", s.URI()).
			WithHint("add another first: latch keystore recipients add RECIPIENT")
	}
	resealed, err := open.reseal(ctx, rest, before, forced)
	return gone, resealed, err
}
