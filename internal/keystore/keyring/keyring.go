package keyring

import (
	"context"
	"errors"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
	"github.com/latch-keys/latch/internal/safefile"
)

const service = "latch"

// Ring is a keyring as its library offers it. Get and Delete give ErrNoItem where
// there is no such item. Calls may hang.
type Ring interface {
	Set(service, user, secret string) error
	Get(service, user string) (string, error)
	Delete(service, user string) error
}

// ErrNoItem says that a keyring has no such item.
var ErrNoItem = errors.New("no such item")

// Service is a keyring and what can be asked about it.
type Service struct {
	Ring Ring
	// Limit is how long one call, or the probe, may take.
	Limit time.Duration
	// Probe says quickly whether the keyring can be used, without starting it or
	// raising a prompt; secrets: whether it must be unlocked.
	Probe func(ctx context.Context, secrets bool) error
	// Items lists the users of our items; nil where the system cannot.
	Items func(ctx context.Context) ([]string, error)
}

// System is the keyring of the operating system.
func System(environ []string) Service {
	return Service{
		Ring:  goKeyring{direct: newDirect(environ)},
		Limit: callLimit,
		Probe: newProbe(environ),
		Items: newItems(environ),
	}
}

// callLimit is how long a service that is there may take to answer. One that is
// not there is found out at once.
const callLimit = 3 * time.Second

// medium keeps one item per seed, and an index beside the keyring.
type medium struct {
	service Service
	index   *index
	now     func() time.Time

	patience patience
}

// New is the medium of a keyring whose index is in the folder dir.
func New(from Service, dir string, disk safefile.Disk, now func() time.Time) store.Medium {
	return &medium{service: from, index: &index{dir: dir, disk: disk}, now: now}
}

// ready bounds the probe.
func (m *medium) ready(ctx context.Context, secrets bool) error {
	_, err := patiently(ctx, &m.patience, m.service.Limit, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, m.service.Probe(ctx, secrets)
	})
	return err
}

// Usable tells why secrets cannot be had from a keyring now, nil if they can.
func Usable(ctx context.Context, from Service) error {
	return (&medium{service: from}).ready(ctx, true)
}

// List reads the index alone, so that nothing need be unlocked; what a killed
// run left half done is mended first, which does need it.
func (m *medium) List(ctx context.Context) ([]store.Entry, error) {
	records, err := m.records(ctx)
	if err != nil {
		return nil, err
	}
	if records.unsettled() {
		return m.listMended(ctx)
	}
	return records.entries(), m.ready(ctx, false)
}

func (m *medium) listMended(ctx context.Context) ([]store.Entry, error) {
	session, lockErr := m.Lock(ctx, false)
	if lockErr == nil {
		session.Release()
	}
	records, err := m.index.load()
	if err != nil {
		return nil, err
	}
	return records.entries(), lockErr
}

func (m *medium) Read(ctx context.Context, name string) (keys.Seed, error) {
	if err := m.ready(ctx, true); err != nil {
		return keys.Seed{}, err
	}
	records, err := m.records(ctx)
	if err != nil {
		return keys.Seed{}, err
	}
	at := records.find(name)
	if at < 0 || records[at].State == stateRemoving {
		return keys.Seed{}, store.ErrNoKey
	}
	seed, err := m.fetch(ctx, records[at].PublicKey)
	if errors.Is(err, ErrNoItem) {
		return keys.Seed{}, gone(name, records[at].PublicKey)
	}
	return seed, err
}

func gone(name string, public keys.PublicKey) error {
	return fault.New(fault.NotFound, "the keyring no longer holds the seed of %q, %s", name, public).
		WithHint("another session may have a keyring service of its own; else put it back with the same name, or forget it: latch keys delete %s", name)
}

// fetch reads the item of a public key; ErrNoItem where there is none.
func (m *medium) fetch(ctx context.Context, public keys.PublicKey) (keys.Seed, error) {
	text, err := patiently(ctx, &m.patience, m.service.Limit, func(context.Context) (string, error) {
		return m.service.Ring.Get(service, public.String())
	})
	if err != nil {
		return keys.Seed{}, explained("read", err)
	}
	where := itemOf(public)
	data := []byte(text)
	defer clear(data)
	seed, err := keys.ParseSeed(data, keys.AnyKind)
	if err != nil {
		return keys.Seed{}, store.Corrupt(where, err)
	}
	if err := store.Match(where, seed.PublicKey(), public); err != nil {
		seed.Wipe()
		return keys.Seed{}, err
	}
	return seed, nil
}

func itemOf(public keys.PublicKey) string { return "the keyring item of " + public.String() }
