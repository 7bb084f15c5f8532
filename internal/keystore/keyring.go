package keystore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/latch-keys/latch/internal/keys"
)

const (
	ringService = "latch"
	ringLimit   = 3 * time.Second        // for one call
	probeLimit  = 800 * time.Millisecond // for the probe ahead of the calls
)

// ring is the keyring of the operating system as its library offers it. Get and
// Delete give errNoItem where there is none. Calls may hang.
type ring interface {
	Set(service, user, secret string) error
	Get(service, user string) (string, error)
	Delete(service, user string) error
}

var errNoItem = errors.New("no such item")

// keyring keeps one item per seed, its user the public key. The library cannot
// enumerate, so an index beside it knows the names.
type keyring struct {
	ring  ring
	index *index
	now   func() time.Time
	limit time.Duration

	patience patience
	// probe says quickly whether the keyring can be used, without starting it or
	// raising a prompt; secrets: whether it must be unlocked.
	probe func(ctx context.Context, secrets bool) error
	// items lists the users of our items; nil where the system cannot.
	items func(ctx context.Context) ([]string, error)
}

func newKeyring(deps Deps) *keyring {
	return &keyring{
		ring:  goKeyring{direct: newDirect(deps.Environ)},
		index: &index{dir: deps.IndexDir, disk: deps.Disk},
		now:   deps.Now,
		limit: ringLimit,
		probe: newProbe(deps.Environ),
		items: newItems(deps.Environ),
	}
}

// ready bounds the probe.
func (k *keyring) ready(ctx context.Context, secrets bool) error {
	_, err := patiently(ctx, &k.patience, probeLimit, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, k.probe(ctx, secrets)
	})
	return err
}

// list reads the index alone, so that nothing need be unlocked; what a killed
// run left half done is mended first, which does need it.
func (k *keyring) list(ctx context.Context) ([]Entry, error) {
	records, err := k.index.load()
	if err != nil {
		return nil, err
	}
	if records.unsettled() {
		return k.listMended(ctx)
	}
	return records.entries(), k.ready(ctx, false)
}

func (k *keyring) listMended(ctx context.Context) ([]Entry, error) {
	release, lockErr := k.lock(ctx, false)
	if lockErr == nil {
		release()
	}
	records, err := k.index.load()
	if err != nil {
		return nil, err
	}
	return records.entries(), lockErr
}

func (k *keyring) lock(ctx context.Context, _ bool) (func(), error) {
	if err := k.ready(ctx, true); err != nil {
		return nil, err
	}
	release, err := k.index.lock(ctx)
	if err != nil {
		return nil, err
	}
	if err := k.mend(ctx); err != nil {
		release()
		return nil, err
	}
	return release, nil
}

func (k *keyring) names(context.Context) ([]string, error) {
	records, err := k.index.load()
	return records.names(), err
}

func (k *keyring) read(ctx context.Context, name string) (keys.Seed, error) {
	if err := k.ready(ctx, true); err != nil {
		return keys.Seed{}, err
	}
	records, err := k.index.load()
	if err != nil {
		return keys.Seed{}, err
	}
	at := records.find(name)
	if at < 0 || records[at].State == stateRemoving {
		return keys.Seed{}, ErrNotFound
	}
	seed, err := k.fetch(ctx, records[at].PublicKey)
	if errors.Is(err, errNoItem) {
		return keys.Seed{}, gone(name, records[at].PublicKey)
	}
	return seed, err
}

func gone(name string, public keys.PublicKey) error {
	return &fault{
		kind:    ErrNotFound,
		message: fmt.Sprintf("the keyring no longer holds the seed of %q, %s", name, public),
		hint:    "another session may have a keyring service of its own; else put it back with the same name, or forget it: latch keys delete " + name,
	}
}

// fetch reads the item of a public key; errNoItem where there is none.
func (k *keyring) fetch(ctx context.Context, public keys.PublicKey) (keys.Seed, error) {
	text, err := patiently(ctx, &k.patience, k.limit, func(context.Context) (string, error) {
		return k.ring.Get(ringService, public.String())
	})
	if err != nil {
		return keys.Seed{}, ringFailure("read", err)
	}
	where := "the keyring item of " + public.String()
	data := []byte(text)
	defer clear(data)
	seed, err := keys.ParseSeed(data, keys.AnyKind)
	if err != nil {
		return keys.Seed{}, corrupt(where, err)
	}
	if err := match(where, seed.PublicKey(), public); err != nil {
		seed.Wipe()
		return keys.Seed{}, err
	}
	return seed, nil
}

// write notes the intent, stores the secret, reads it back, and only then
// lists it.
func (k *keyring) write(ctx context.Context, name string, seed keys.Seed) error {
	public := seed.PublicKey()
	records, err := k.index.load()
	if err != nil {
		return err
	}
	if at := records.find(name); at >= 0 && records[at].PublicKey != public {
		return taken(name, records[at].PublicKey)
	}
	records = records.with(record{Name: name, PublicKey: public, Created: k.now().UTC().Truncate(time.Second), State: stateStoring})
	if err := k.index.save(records); err != nil {
		return err
	}
	if err := k.store(ctx, seed); err != nil {
		return err
	}
	return k.index.save(records.settled(name))
}

func (k *keyring) store(ctx context.Context, seed keys.Seed) error {
	public := seed.PublicKey()
	old, err := k.fetch(ctx, public)
	if err == nil {
		old.Wipe()
		return nil // under another name, or from before the index was lost
	}
	if !errors.Is(err, errNoItem) {
		return err
	}
	text := seed.Reveal()
	defer clear(text)
	_, err = patiently(ctx, &k.patience, k.limit, func(context.Context) (struct{}, error) {
		return struct{}{}, k.ring.Set(ringService, public.String(), string(text))
	})
	if err != nil {
		return ringFailure("write", err)
	}
	got, err := k.fetch(ctx, public)
	return confirm("the keyring item of "+public.String(), got, err, public)
}

// rename touches the index alone: items are found by public key.
func (k *keyring) rename(_ context.Context, from, to string) error {
	records, err := k.index.load()
	if err != nil {
		return err
	}
	at := records.find(from)
	if at < 0 {
		return ErrNotFound
	}
	records[at].Name = to
	return k.index.save(records)
}

// remove notes the intent, which takes the name off the list, removes the
// secret, and then forgets.
func (k *keyring) remove(ctx context.Context, name string) error {
	records, err := k.index.load()
	if err != nil {
		return err
	}
	at := records.find(name)
	if at < 0 {
		return ErrNotFound
	}
	records[at].State = stateRemoving
	if err := k.index.save(records); err != nil {
		return err
	}
	return k.mend(ctx)
}
