package sealed

import (
	"context"
	"errors"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/store"
)

const (
	sealedSuffix = ".age"
	// sealedLimit is room for a seed sealed to some hundred recipients, in bytes.
	sealedLimit = 1 << 20
)

// medium is the files of a sealed store, and what opens them.
type medium struct {
	store.Files
	init   string // the command that makes the store
	unlock *agefile.Unlocker
	now    func() time.Time
	work   int // of scrypt; see agefile.Passphrase

	settled bool // all seeds are of one kind; see settleKind. Only under the lock
}

func (m *medium) List(ctx context.Context) ([]store.Entry, error) {
	entries, err := m.Entries(ctx, m.entry)
	if err == nil {
		_, err = m.kind(ctx)
	}
	return entries, err
}

// entry is what is beside the file or, beside one that age made, in it; but
// nothing is asked for a list.
func (m *medium) entry(ctx context.Context, name string) (store.Entry, error) {
	r, err := m.record(ctx, name)
	if !store.Absent(err) {
		return store.Entry{Name: name, PublicKey: r.PublicKey, Created: r.Created}, err
	}
	seed, err := m.open(ctx, name, m.unlock.OpenUnasked)
	if err != nil {
		return store.Entry{}, err
	}
	defer seed.Wipe()
	return store.Entry{Name: name, PublicKey: seed.PublicKey()}, nil
}

func (m *medium) Read(ctx context.Context, name string) (keys.Seed, error) {
	seed, err := m.open(ctx, name, m.unlock.Open)
	if err != nil {
		return keys.Seed{}, err
	}
	r, err := m.record(ctx, name)
	if err == nil {
		err = store.Match(m.File(name), seed.PublicKey(), r.PublicKey)
	}
	if err != nil && !store.Absent(err) {
		seed.Wipe()
		return keys.Seed{}, err
	}
	return seed, nil
}

type opener = func(ctx context.Context, where string, sealed []byte) ([]byte, error)

// open decrypts the file of a name.
func (m *medium) open(ctx context.Context, name string, with opener) (keys.Seed, error) {
	want, err := m.kind(ctx)
	if err != nil {
		return keys.Seed{}, err
	}
	sealed, err := m.Contents(ctx, name)
	if err == nil {
		err = m.fits(ctx, name, sealed, want)
	}
	if err != nil {
		return keys.Seed{}, err
	}
	plain, err := with(ctx, m.File(name), sealed)
	defer clear(plain)
	switch {
	case errors.Is(err, agefile.ErrDamaged):
		return keys.Seed{}, store.Corrupt(m.File(name), err)
	case err != nil:
		return keys.Seed{}, err
	}
	return m.SeedIn(name, plain)
}

// seal encrypts a seed and makes sure that the result opens and holds it.
func seal(seed keys.Seed, to []agefile.Recipient) ([]byte, error) {
	text := seed.Reveal()
	defer clear(text)
	return agefile.Seal(text, to...)
}

// Lock makes no store: who can open it has to be settled first; see Store.Init.
func (m *medium) Lock(ctx context.Context, _ bool) (store.Session, error) {
	return m.lock(ctx, false)
}

func (m *medium) lock(ctx context.Context, making bool) (*session, error) {
	blobs, err := m.Blobs.Lock(ctx, making)
	if err != nil {
		return nil, err
	}
	s := &session{medium: m, held: blobs}
	if err := s.mendRecords(ctx); err != nil {
		blobs.Release()
		return nil, err
	}
	return s, nil
}

// locked reports an error of nothing at hand that opens a file.
func locked(err error) bool { return fault.Is(err, fault.Locked) }
