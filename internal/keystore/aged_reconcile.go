package keystore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"

	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/safefile"
)

// reconcile: locking has already mended what a run that was cut short left; it
// is found only where nothing is to be mended.
func (d *aged) reconcile(ctx context.Context, mend bool) ([]Finding, error) {
	findings, err := d.unfinished()
	if err != nil {
		return nil, err
	}
	list, passphrase, err := d.protection()
	if err != nil {
		if !errors.Is(err, errUnprotected) {
			return findings, err
		}
		findings = append(findings, Finding{Name: d.path, Message: err.Error()})
	}
	names, err := d.names(ctx)
	if err != nil {
		return findings, err
	}
	var shut []error
	for _, name := range names {
		if d.fits(name) != nil {
			continue // the list says so
		}
		found, err := d.account(ctx, name, mend)
		switch {
		case errors.Is(err, ErrLocked):
			shut = append(shut, err)
			found = []Finding{{Name: name, Message: err.Error()}}
		case err != nil:
			return findings, err
		}
		findings = append(findings, found...)
		if wrong := d.openers(name, list, passphrase); wrong != nil {
			findings = append(findings, *wrong)
		}
	}
	if len(shut) > 0 && len(shut) == len(names) {
		return findings, shut[0] // it is the store that is locked, not a seed that is amiss
	}
	return d.mendOpeners(ctx, findings, list, mend)
}

const sealAnew = "encrypt all seeds to " + recipientsFile + " anew"

// unfinished is what was cut short.
func (d *aged) unfinished() ([]Finding, error) {
	begun, err := d.begun()
	if err != nil {
		return nil, err
	}
	var findings []Finding
	if begun {
		findings = append(findings, Finding{
			Name: journalFile, Message: "a change of the recipients was cut short", Remedy: "finish it",
		})
	}
	strays, err := d.strays()
	for _, name := range strays {
		findings = append(findings, Finding{
			Name: name, Message: d.knownFile(name) + " is left of a run that was cut short", Remedy: "remove it",
		})
	}
	return findings, err
}

// account compares a seed with what is told of it, which takes opening it.
func (d *aged) account(ctx context.Context, name string, mend bool) ([]Finding, error) {
	told, knownErr := d.known(name)
	seed, err := d.decrypt(ctx, name, d.unlock.Open)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, nil // deleted meanwhile
	case errors.Is(err, ErrCorrupt):
		return []Finding{{Name: name, Message: err.Error()}}, nil
	case err != nil:
		return nil, err
	}
	defer seed.Wipe()
	found := Finding{Name: name, Remedy: "write " + d.knownFile(name)}
	switch {
	case knownErr == nil:
		if err := match(d.file(name), seed.PublicKey(), told.PublicKey); err != nil {
			return []Finding{{Name: name, Message: err.Error()}}, nil // which of the two is right, only a person can say
		}
		return nil, nil
	case errors.Is(knownErr, fs.ErrNotExist):
		found.Message = "its public key is not known without opening " + d.file(name)
	case errors.Is(knownErr, ErrCorrupt):
		found.Message = knownErr.Error()
	default:
		return nil, knownErr
	}
	if mend {
		if err := d.tell(name, known{PublicKey: seed.PublicKey()}); err != nil {
			return nil, err
		}
		found.Mended = true
	}
	return []Finding{found}, nil
}

// openers finds a seed that is sealed to more or fewer than are listed: by a
// change of the list behind our back, or by another tool.
func (d *aged) openers(name string, list agefile.List, passphrase bool) *Finding {
	sealed, err := d.contents(name, safefile.Owned, agedLimit)
	if err != nil {
		return nil // the seed's own finding
	}
	n, secret, err := agefile.Openers(sealed)
	want := len(list.Recipients())
	if err != nil || !passphrase && want == 0 || secret == passphrase && n == want {
		return nil
	}
	switch {
	case passphrase:
		return &Finding{Name: name, Message: d.file(name) + " is not sealed with the passphrase"}
	case secret:
		return &Finding{Name: name, Message: d.file(name) + " is sealed with a passphrase, not to the recipients", Remedy: sealAnew}
	}
	return &Finding{
		Name:    name,
		Message: fmt.Sprintf("%s is encrypted to %d recipients, %s has %d", d.file(name), n, recipientsFile, want),
		Remedy:  sealAnew,
	}
}

func (d *aged) mendOpeners(ctx context.Context, findings []Finding, list agefile.List, mend bool) ([]Finding, error) {
	var wrong []*Finding
	for i := range findings {
		if findings[i].Remedy == sealAnew {
			wrong = append(wrong, &findings[i])
		}
	}
	if !mend || len(wrong) == 0 {
		return findings, nil
	}
	if _, err := d.reseal(ctx, list, false, true); err != nil {
		return findings, err
	}
	for _, f := range wrong {
		f.Mended = true
	}
	return findings, nil
}
