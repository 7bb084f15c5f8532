package folder

import (
	"context"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

const (
	seedSuffix = ".nk"
	// seedLimit is more than any file with one seed has, in bytes.
	seedLimit = 1024
)

// plain keeps each seed as a plain file, NAME.nk, as wash and nsc do: 58
// characters and no line end.
type plain struct{ store.Files }

// Plain is the medium of seeds in clear.
func Plain(blobs store.Blobs) store.Medium {
	return &plain{store.Files{Blobs: blobs, Suffix: seedSuffix, Limit: seedLimit}}
}

func (p *plain) List(ctx context.Context) ([]store.Entry, error) { return p.Entries(ctx, p.entry) }

func (p *plain) entry(ctx context.Context, name string) (store.Entry, error) {
	seed, err := p.Read(ctx, name)
	if err != nil {
		return store.Entry{}, err
	}
	defer seed.Wipe()
	return store.Entry{Name: name, PublicKey: seed.PublicKey()}, nil
}

func (p *plain) Read(ctx context.Context, name string) (keys.Seed, error) {
	data, err := p.Contents(ctx, name)
	if err != nil {
		return keys.Seed{}, err
	}
	defer clear(data)
	return p.SeedIn(name, data)
}

func (p *plain) Lock(ctx context.Context, making bool) (store.Session, error) {
	blobs, err := p.Blobs.Lock(ctx, making)
	if err != nil {
		return nil, err
	}
	return &plainSession{plain: p, held: blobs}, nil
}

// plainSession is the locked medium.
type plainSession struct {
	*plain
	held store.BlobSession
}

func (s *plainSession) Release() { s.held.Release() }

func (s *plainSession) PublicKey(ctx context.Context, name string) (keys.PublicKey, error) {
	seed, err := s.Read(ctx, name)
	defer seed.Wipe()
	return store.KnownKey(seed.PublicKey(), err)
}

func (s *plainSession) Write(ctx context.Context, name string, seed keys.Seed) error {
	text := seed.Reveal()
	defer clear(text)
	if err := s.Create(ctx, s.held, name, text); err != nil {
		return err
	}
	got, err := s.Read(ctx, name)
	return store.Confirm(s.File(name), got, err, seed.PublicKey())
}

func (s *plainSession) Rename(ctx context.Context, from, to string) error {
	return s.Files.Rename(ctx, s.held, from, to)
}

func (s *plainSession) Remove(ctx context.Context, name string) error {
	return s.Files.Remove(ctx, s.held, name)
}
