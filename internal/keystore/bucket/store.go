package bucket

import (
	"context"
	"errors"
	"io"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/store"
	"github.com/latch-keys/latch/internal/safefile"
)

// Store is the keystore in a bucket.
type Store struct {
	*store.Guarded
	medium *medium
	config Config
}

// Options are what a store needs of the world around it.
type Options struct {
	Dial     Dial
	Unlock   agefile.Unlock
	Now      func() time.Time
	Random   io.Reader
	Memory   string // the folder that keeps what was seen; "" for none
	Disk     safefile.Disk
	Notice   func(message string)
	Patience time.Duration // 0 for Patience
}

// New is the store at an address.
func New(uri string, at Address, o Options) *Store {
	if o.Patience == 0 {
		o.Patience = Patience
	}
	m := &medium{
		at: at, line: &line{at: at, dial: o.Dial, idle: idle}, unlock: o.Unlock.Unlocker(uri), memory: memoryIn(o.Memory, at, o.Disk),
		now: o.Now, random: o.Random, notice: o.Notice, patience: o.Patience,
	}
	return newStore(uri, m)
}

func newStore(uri string, m *medium) *Store { return &Store{Guarded: store.Guard(uri, m), medium: m} }

// State is what a bucket has at the moment.
type State struct {
	Revision  uint64 // of the list of keys
	Written   time.Time
	Signer    keys.PublicKey
	Manifests []Manifest // that were published, without their texts
}

// State says which list of keys is the newest.
func (s *Store) State(ctx context.Context) (now State, err error) {
	err = s.medium.reading(ctx, func(_ stream, root snapshot) error {
		now = State{Revision: root.seq, Written: root.Written, Signer: root.by}
		for _, p := range root.Manifests {
			now.Manifests = append(now.Manifests, p.known())
		}
		return nil
	})
	return now, err
}

// Place is where the bucket is, without whom it trusts.
func (s *Store) Place() string { return s.medium.at.String() }

// Linger keeps the connection open for so long after its last use, for who will ask
// again.
func (s *Store) Linger(idle time.Duration) {
	s.medium.line.mu.Lock()
	defer s.medium.line.mu.Unlock()
	s.medium.line.idle = idle
}

// Watch tells when something in the bucket was changed, from the next use on and for as
// long as its connection lives. It is a hint: a change may be missed, so who needs to
// know also asks.
func (s *Store) Watch() <-chan struct{} {
	l := s.medium.line
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.heard == nil {
		l.hears, l.heard = s.medium.on(nil).subject(rootKey), make(chan struct{}, 1)
	}
	return l.heard
}

// mostTries bounds how often a change is begun again since others came first.
const mostTries = 200

// again makes a change, from the start where somebody else made one meanwhile.
func (s *Store) again(ctx context.Context, change func() error) error {
	return store.Again(ctx, mostTries, s.medium.at.String(), errChanged, change)
}

// Put stores a seed under a new name.
func (s *Store) Put(ctx context.Context, name string, seed keys.Seed) error {
	return s.again(ctx, func() error { return s.Guarded.Put(ctx, name, seed) })
}

// PutAll stores seeds under new names, by one change of the list of keys.
func (s *Store) PutAll(ctx context.Context, all []store.Named, stored func()) error {
	return s.again(ctx, func() error { return s.Guarded.PutAll(ctx, all, stored) })
}

// Rename gives a seed another name.
func (s *Store) Rename(ctx context.Context, from, to string, public keys.PublicKey) error {
	return s.again(ctx, func() error { return s.Guarded.Rename(ctx, from, to, public) })
}

// Delete takes a seed off the list of keys. Its revisions stay until they are purged.
func (s *Store) Delete(ctx context.Context, name string, public keys.PublicKey) error {
	return s.again(ctx, func() error { return s.Guarded.Delete(ctx, name, public) })
}

// Configure says how Init is to make the bucket.
func (s *Store) Configure(c Config) { s.config = c }

// Trusting is the URI of the store that trusts its present maintainers: whom the
// server cannot add to.
func (s *Store) Trusting(ctx context.Context) (uri string, err error) {
	err = s.medium.reading(ctx, func(_ stream, root snapshot) error {
		uri = s.medium.at.Trusting(root.maintainerKeys())
		return nil
	})
	return uri, err
}

// Init makes the bucket where it is missing, and the keystore in it: fault.Exists
// where there is one. Who makes it is its first maintainer.
func (s *Store) Init(ctx context.Context, to []agefile.Recipient, passphrase []byte) error {
	if passphrase != nil {
		return fault.New(fault.Usage, "a nats: keystore has recipients, not a passphrase").WithHint("name them: --to RECIPIENT, or --new-identity FILE")
	}
	return s.medium.using(ctx, func(on stream) error {
		if err := on.make(ctx, s.config); err != nil {
			return err
		}
		switch _, err := s.medium.root(ctx, on); {
		case err == nil:
			return fault.New(fault.Exists, "%s is a keystore already", s.URI()).
				WithHint("see who can open it: latch keystore recipients list --keystore %s", s.URI())
		case !errors.Is(err, store.ErrNoPlace):
			return err
		}
		err := s.found(ctx, on, to)
		if errors.Is(err, errChanged) {
			err = fault.New(fault.Exists, "somebody else has just made the keystore %s", s.URI()).WithHint("see who can open it: latch keystore recipients list")
		}
		return err
	})
}

// found writes the first root.
func (s *Store) found(ctx context.Context, on stream, to []agefile.Recipient) error {
	signer, _, err := s.medium.unlock.Signer(ctx, func(keys.PublicKey) bool { return true })
	if err != nil {
		return err
	}
	defer signer.Wipe()
	if signer.IsZero() {
		return fault.New(fault.Locked, "there is no identity at hand to sign with, as the first maintainer of %s", s.URI()).
			WithHint("name the file with yours, LATCH_IDENTITY_FILE=FILE, or have one made: --new-identity FILE")
	}
	name, err := s.medium.randomName()
	if err != nil {
		return err
	}
	first := root{Version: rootVersion, Store: name, Generation: 1}
	for _, r := range to {
		if each := (recipient{Key: r.Text, Name: r.Comment}); !slices.Contains(first.Recipients, each) {
			first.Recipients = append(first.Recipients, each)
		}
	}
	me, err := introduce(first.Store, signer.PublicKey(), "", first.Generation, signer)
	if err != nil {
		return err
	}
	first.Maintainers = []maintainer{me}
	return s.medium.writeRoot(ctx, on, signer, first, 0)
}
