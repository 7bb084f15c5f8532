package keystore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/safefile"
)

const (
	recipientsFile  = "recipients.txt"
	recipientsLimit = 1 << 20 // bytes
	// proofFile is sealed with the passphrase of a store that has one, so that no
	// seed is ever sealed with another.
	proofFile = ".passphrase.age"
	proof     = "This file shows which passphrase belongs to the keys beside it.\n"
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

// errUnprotected: nothing says whom the seeds are for.
var errUnprotected = errors.New("neither " + recipientsFile + " nor a passphrase is set")

// protection is whom the seeds are sealed to: recipients, or a passphrase.
func (d *aged) protection() (agefile.List, bool, error) {
	if err := d.present(); err != nil {
		return agefile.List{}, false, err
	}
	data, err := safefile.Read(d.at(recipientsFile), safefile.Owned, recipientsLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return d.passphraseOnly()
	}
	if err != nil {
		return agefile.List{}, false, err
	}
	list, err := agefile.ParseList(data)
	if err == nil && len(list.Recipients()) == 0 {
		err = errors.New("it names nobody")
	}
	if err != nil {
		return agefile.List{}, false, &fault{
			kind: ErrCorrupt, message: "failed to read " + d.at(recipientsFile), cause: err,
			hint: "mend it by hand: one recipient a line, as age -R reads them",
		}
	}
	return list, false, nil
}

func (d *aged) passphraseOnly() (agefile.List, bool, error) {
	_, err := safefile.Read(d.at(proofFile), safefile.Owned, agedLimit)
	if errors.Is(err, fs.ErrNotExist) {
		err = &fault{
			kind: ErrUnavailable, message: d.path + " cannot take keys yet", cause: errUnprotected,
			hint: "latch keystore init age:" + d.path + " --to RECIPIENT",
		}
	}
	return agefile.List{}, err == nil, err
}

// recipients are whom a new seed is sealed to.
func (d *aged) recipients(ctx context.Context) ([]agefile.Recipient, error) {
	list, passphrase, err := d.protection()
	if err != nil || !passphrase {
		return list.Recipients(), err
	}
	sealed, err := safefile.Read(d.at(proofFile), safefile.Owned, agedLimit)
	if err != nil {
		return nil, err
	}
	if _, err := d.unlock.Open(ctx, d.at(proofFile), sealed); errors.Is(err, agefile.ErrDamaged) {
		return nil, corrupt(d.at(proofFile), err)
	} else if err != nil {
		return nil, locked(err)
	}
	secret, err := d.unlock.Passphrase(ctx)
	if err != nil {
		return nil, locked(err)
	}
	knower, err := agefile.Passphrase(secret, d.work)
	return []agefile.Recipient{knower}, err
}

// prove settles the passphrase of a new store.
func (d *aged) prove(passphrase []byte) error {
	knower, err := agefile.Passphrase(passphrase, d.work)
	if err != nil {
		return err
	}
	sealed, err := agefile.Seal([]byte(proof), knower)
	if err != nil {
		return err
	}
	return d.disk.Create(d.at(proofFile), sealed, safefile.Owned)
}

// reseal encrypts all seeds to the recipients in the list. The store must be
// locked.
func (d *aged) reseal(ctx context.Context, list agefile.List, passphrase, forced bool) (int, error) {
	names, err := d.names(ctx)
	if err != nil {
		return 0, err
	}
	to := list.Recipients()
	if err := d.staysOpen(ctx, to, forced); err != nil {
		return 0, err
	}
	changes := make([]rewriting, 0, len(names)+2)
	for _, name := range names {
		sealed, err := d.resealed(ctx, name, to)
		if err != nil {
			return 0, fmt.Errorf("nothing was changed: %w", err)
		}
		changes = append(changes, rewriting{File: name + agedSuffix, Data: sealed})
	}
	changes = append(changes, rewriting{File: recipientsFile, Data: list.Bytes()})
	if passphrase {
		changes = append(changes, rewriting{File: proofFile, Remove: true})
	}
	return len(names), d.commit(changes)
}

func (d *aged) resealed(ctx context.Context, name string, to []agefile.Recipient) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := d.fits(name); err != nil {
		return nil, err
	}
	seed, err := d.decrypt(ctx, name, d.unlock.Open)
	if err != nil {
		return nil, err
	}
	defer seed.Wipe()
	return seal(seed, to)
}

// staysOpen makes sure that what is at hand opens what is sealed to the
// recipients.
func (d *aged) staysOpen(ctx context.Context, to []agefile.Recipient, forced bool) error {
	if forced {
		return nil
	}
	sealed, err := agefile.Seal([]byte(proof), to...)
	if err != nil {
		return err
	}
	_, err = d.unlock.Open(ctx, "what is encrypted to the others", sealed)
	var closed *agefile.LockedError
	if errors.As(err, &closed) {
		return &fault{
			kind: ErrLockout, message: "without this recipient you could no longer open the keystore", cause: err,
			hint: "if that is meant, add --force",
		}
	}
	return err
}
