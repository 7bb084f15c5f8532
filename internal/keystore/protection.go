package keystore

import (
	"context"
	"errors"
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
		return nil, &fault{
			kind: ErrCorrupt, message: d.at(proofFile) + " is damaged, so it cannot be told which passphrase is right", cause: err,
			hint: "restore it from a backup, or from git",
		}
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
