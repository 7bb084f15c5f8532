package sealed

import (
	"context"
	"errors"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/store"
)

const (
	recipientsFile  = "recipients.txt"
	recipientsLimit = 1 << 20 // bytes
	// ProofFile is sealed with the passphrase of a store that has one, so that no
	// seed is ever sealed with another. It goes where recipients come.
	ProofFile = ".passphrase.age"
	proof     = "This file shows which passphrase belongs to the keys beside it.\n"
)

// errUnprotected: nothing says whom the seeds are for.
var errUnprotected = errors.New("neither " + recipientsFile + " nor a passphrase is set")

// protection is whom the seeds are sealed to: recipients, or a passphrase.
type protection struct {
	list       agefile.List
	passphrase bool
}

func (m *medium) protection(ctx context.Context) (protection, error) {
	if _, err := m.kind(ctx); err != nil {
		return protection{}, err
	}
	data, err := m.Blobs.Read(ctx, recipientsFile, recipientsLimit)
	if store.Absent(err) {
		return m.passphraseOnly(ctx)
	}
	if err != nil {
		return protection{}, err
	}
	list, err := agefile.ParseList(data)
	if err == nil && len(list.Recipients()) == 0 {
		err = errors.New("it names nobody")
	}
	if err != nil {
		return protection{}, store.Damaged(fault.New(fault.Failed, "failed to read %s", m.Where(recipientsFile)).Because(err).
			WithHint("mend it by hand: one recipient a line, as age -R reads them"))
	}
	return protection{list: list}, nil
}

func (m *medium) passphraseOnly(ctx context.Context) (protection, error) {
	_, err := m.Blobs.Read(ctx, ProofFile, sealedLimit)
	if store.Absent(err) {
		err = fault.New(fault.Unavailable, "%s cannot take keys yet", m.Where("")).Because(errUnprotected).WithHint("%s", m.init)
	}
	return protection{passphrase: err == nil}, err
}

// recipients are whom a new seed is sealed to.
func (m *medium) recipients(ctx context.Context) ([]agefile.Recipient, error) {
	p, err := m.protection(ctx)
	if err != nil || !p.passphrase {
		return p.list.Recipients(), err
	}
	if err := m.provePassphrase(ctx); err != nil {
		return nil, err
	}
	secret, err := m.unlock.Passphrase(ctx)
	if err != nil {
		return nil, err
	}
	knower, err := agefile.Passphrase(secret, m.work)
	return []agefile.Recipient{knower}, err
}

// provePassphrase makes sure that the passphrase at hand is that of the store.
func (m *medium) provePassphrase(ctx context.Context) error {
	sealed, err := m.Blobs.Read(ctx, ProofFile, sealedLimit)
	if err != nil {
		return err
	}
	_, err = m.unlock.Open(ctx, m.Where(ProofFile), sealed)
	if errors.Is(err, agefile.ErrDamaged) {
		return store.Damaged(fault.New(fault.Failed,
			"%s is damaged, so it cannot be told which passphrase is right", m.Where(ProofFile)).Because(err).
			WithHint("restore it from a backup, or from git"))
	}
	return err
}

// sealProof is what settles the passphrase of a new store.
func (m *medium) sealProof(passphrase []byte) ([]byte, error) {
	knower, err := agefile.Passphrase(passphrase, m.work)
	if err != nil {
		return nil, err
	}
	return agefile.Seal([]byte(proof), knower)
}
