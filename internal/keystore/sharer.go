package keystore

import (
	"context"
	"errors"

	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/safefile"
)

// ErrLockout says that a change would leave the person who makes it outside.
var ErrLockout = errors.New("you could no longer open the keystore")

// Sharer is a keystore that several can open, each in their own way, as age: is.
// A change of who can is made for all seeds or for none; what a removed
// recipient has seen stays known to them.
type Sharer interface {
	Store
	// Init makes the store, for recipients or else for a passphrase: ErrExists
	// where that is settled already.
	Init(ctx context.Context, to []agefile.Recipient, passphrase []byte) error
	// Recipients are those of the store, none where it has a passphrase.
	Recipients(ctx context.Context) ([]agefile.Recipient, error)
	// Share adds recipients, gives those that were new, and how many seeds were
	// encrypted anew. A passphrase gives way to them.
	Share(ctx context.Context, with []agefile.Recipient) (added []agefile.Recipient, resealed int, err error)
	// Unshare removes the recipient with that text or comment: ErrNotFound,
	// ErrLockout unless forced.
	Unshare(ctx context.Context, which string, forced bool) (gone agefile.Recipient, resealed int, err error)
}

// shared is the aged store with what only it can do.
type shared struct {
	guarded
	aged *aged
}

func (s *shared) Init(ctx context.Context, to []agefile.Recipient, passphrase []byte) error {
	if err := s.aged.disk.MakeDir(s.aged.path); err != nil {
		return err
	}
	release, err := s.aged.lock(ctx, true)
	if err != nil {
		return err
	}
	defer release()
	switch _, _, err := s.aged.protection(); {
	case err == nil:
		return &fault{
			kind: ErrExists, message: s.uri + " is a keystore already",
			hint: "see who can open it: latch keystore recipients list --keystore " + s.uri,
		}
	case !errors.Is(err, errUnprotected):
		return err
	}
	if len(to) == 0 {
		return s.aged.prove(passphrase)
	}
	var list agefile.List
	for _, r := range to {
		list, _ = list.With(r)
	}
	return s.aged.disk.Create(s.aged.at(recipientsFile), list.Bytes(), safefile.Owned)
}

func (s *shared) Recipients(context.Context) ([]agefile.Recipient, error) {
	list, _, err := s.aged.protection()
	return list.Recipients(), err
}

func (s *shared) Share(ctx context.Context, with []agefile.Recipient) ([]agefile.Recipient, int, error) {
	release, err := s.aged.lock(ctx, false)
	if err != nil {
		return nil, 0, err
	}
	defer release()
	list, passphrase, err := s.aged.protection()
	if err != nil && !errors.Is(err, errUnprotected) {
		return nil, 0, err
	}
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
	resealed, err := s.aged.reseal(ctx, list, passphrase, true)
	return added, resealed, err
}

func (s *shared) Unshare(ctx context.Context, which string, forced bool) (agefile.Recipient, int, error) {
	release, err := s.aged.lock(ctx, false)
	if err != nil {
		return agefile.Recipient{}, 0, err
	}
	defer release()
	list, _, err := s.aged.protection()
	if err != nil {
		return agefile.Recipient{}, 0, err
	}
	rest, gone, err := list.Without(which)
	switch {
	case errors.Is(err, agefile.ErrNoRecipient):
		return gone, 0, &fault{
			kind: ErrNotFound, message: s.uri + " has no such recipient",
			hint: "see who there is: latch keystore recipients list",
		}
	case err != nil:
		return gone, 0, err
	case len(rest.Recipients()) == 0:
		return gone, 0, &fault{
			kind: ErrLockout, message: "this is the last recipient of " + s.uri + ", nobody could open it any more",
			hint: "add another first: latch keystore recipients add RECIPIENT",
		}
	}
	resealed, err := s.aged.reseal(ctx, rest, false, forced)
	return gone, resealed, err
}
