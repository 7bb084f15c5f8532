package keystore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/safefile"
)

const (
	agedSuffix = ".age"
	// agedLimit is room for a seed sealed to some hundred recipients, in bytes.
	agedLimit = 1 << 20
)

// Unlock is what a person can open sealed files with.
type Unlock struct {
	IdentityFiles []string // those that are not there are passed over
	Named         bool     // the person named them, so each must be there
	// Passphrase asks for the one for what it is told; nil: there is nobody to ask.
	Passphrase func(ctx context.Context, what string) ([]byte, error)
	// WorkFactor is that of scrypt, as a power of two, for what is sealed with a
	// passphrase; zero for age's own, about a second.
	WorkFactor int
}

// Unlocker opens age files other than those of a store; subject is what it asks
// a passphrase for.
func (u Unlock) Unlocker(subject string) *agefile.Unlocker {
	return &agefile.Unlocker{Files: u.IdentityFiles, Named: u.Named, Subject: subject, Ask: u.Passphrase}
}

// aged keeps each seed as a file that age has encrypted, NAME.age, and beside it
// what may be known without unlocking, NAME.pub. Whom it is encrypted to is in
// recipients.txt, or it is to a passphrase.
type aged struct {
	files
	unlock *agefile.Unlocker
	now    func() time.Time
	work   int
}

func newAged(uri, path string, deps Deps) *aged {
	return &aged{
		files: files{
			path: path, suffix: agedSuffix, disk: deps.Disk,
			absent: "check the path, or make it: latch keystore init " + uri + " --to RECIPIENT",
		},
		unlock: deps.Unlock.Unlocker(uri),
		now:    deps.Now,
		work:   deps.Unlock.WorkFactor,
	}
}

func (f *files) at(file string) string { return filepath.Join(f.path, file) }

func (d *aged) lock(ctx context.Context, _ bool) (func(), error) {
	release, err := d.hold(ctx)
	if err != nil {
		return nil, err
	}
	if err := d.mend(); err != nil {
		release()
		return nil, err
	}
	return release, nil
}

func (d *aged) list(ctx context.Context) ([]Entry, error) {
	d.mendQuietly(ctx)
	return d.entries(ctx, d.entry)
}

// entry is what is beside the file or, beside one that age made, in it; but
// nothing is asked for a list.
func (d *aged) entry(ctx context.Context, name string) (Entry, error) {
	known, err := d.known(name)
	if !errors.Is(err, fs.ErrNotExist) {
		return Entry{Name: name, PublicKey: known.PublicKey, Created: known.Created}, err
	}
	seed, err := d.decrypt(ctx, name, d.unlock.OpenUnasked)
	if err != nil {
		return Entry{}, err
	}
	defer seed.Wipe()
	return Entry{Name: name, PublicKey: seed.PublicKey()}, nil
}

func (d *aged) read(ctx context.Context, name string) (keys.Seed, error) {
	if err := d.present(); err != nil {
		return keys.Seed{}, err
	}
	d.mendQuietly(ctx)
	seed, err := d.decrypt(ctx, name, d.unlock.Open)
	if err != nil {
		return keys.Seed{}, err
	}
	known, err := d.known(name)
	if err == nil {
		err = match(d.file(name), seed.PublicKey(), known.PublicKey)
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		seed.Wipe()
		return keys.Seed{}, err
	}
	return seed, nil
}

type opener = func(ctx context.Context, where string, sealed []byte) ([]byte, error)

func (d *aged) decrypt(ctx context.Context, name string, open opener) (keys.Seed, error) {
	sealed, err := d.contents(name, safefile.Owned, agedLimit)
	if err != nil {
		return keys.Seed{}, err
	}
	plain, err := open(ctx, d.file(name), sealed)
	defer clear(plain)
	switch {
	case errors.Is(err, agefile.ErrDamaged):
		return keys.Seed{}, corrupt(d.file(name), err)
	case err != nil:
		return keys.Seed{}, locked(err)
	}
	seed, err := keys.ParseSeed(withoutLineEnd(plain), keys.AnyKind)
	if err != nil {
		return keys.Seed{}, corrupt(d.file(name), err)
	}
	return seed, nil
}

// locked makes an error of opening one of this package; others stay.
func locked(err error) error {
	var closed *agefile.LockedError
	if !errors.As(err, &closed) {
		return err
	}
	return &fault{kind: ErrLocked, message: closed.Error(), hint: closed.Hint()}
}

// write puts what is public first: alone it claims nothing, and the sealed file
// is never without it.
func (d *aged) write(ctx context.Context, name string, seed keys.Seed) error {
	to, err := d.recipients(ctx)
	if err != nil {
		return err
	}
	sealed, err := seal(seed, to)
	if err != nil {
		return err
	}
	if err := d.tell(name, known{PublicKey: seed.PublicKey(), Created: d.now().UTC().Truncate(time.Second)}); err != nil {
		return err
	}
	if err := d.create(name, sealed, safefile.Owned); err != nil {
		return errors.Join(err, d.hushStray(name))
	}
	return d.unchanged(name, sealed)
}

// seal encrypts a seed and makes sure that the result opens and holds it.
func seal(seed keys.Seed, to []agefile.Recipient) ([]byte, error) {
	text := seed.Reveal()
	defer clear(text)
	return agefile.Seal(text, to...)
}

// unchanged makes sure that the disk holds what was sealed, which was opened
// and compared before it was written.
func (d *aged) unchanged(name string, sealed []byte) error {
	back, err := d.contents(name, safefile.Owned, agedLimit)
	if err != nil {
		return fmt.Errorf("failed to read back the seed just written: %w", err)
	}
	if string(back) != string(sealed) {
		return corrupt(d.file(name), errors.New("it is not what was just written"))
	}
	return nil
}

// rename tells what is public under the new name first, for the same reason.
func (d *aged) rename(_ context.Context, from, to string) error {
	known, err := d.known(from)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return d.move(from, to)
	case err != nil:
		return err
	}
	if err := d.tell(to, known); err != nil {
		return err
	}
	if err := d.move(from, to); err != nil {
		return errors.Join(err, d.hushStray(to))
	}
	if err := d.hush(from); err != nil || !strings.EqualFold(from, to) {
		return err
	}
	return d.tell(to, known) // file systems that fold case take the two for one
}

func (d *aged) remove(_ context.Context, name string) error {
	if err := d.drop(name); err != nil {
		return err
	}
	return d.hush(name)
}
