package keystore_test

import (
	"sync"

	"github.com/latch-keys/latch/internal/keystore"
)

// fakeRing is a keyring in memory that fails, hangs or lies when told.
type fakeRing struct {
	mu     sync.Mutex
	items  map[string]string
	calls  int
	before func(call, user string) error // ahead of every call; may be nil
}

func newFakeRing() *fakeRing { return &fakeRing{items: map[string]string{}} }

func (f *fakeRing) enter(call, user string) error {
	f.mu.Lock()
	f.calls++
	before := f.before
	f.mu.Unlock()
	if before == nil {
		return nil
	}
	return before(call, user)
}

func (f *fakeRing) Set(service, user, secret string) error {
	if err := f.enter("set", user); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.items[service+" "+user] = secret
	return nil
}

func (f *fakeRing) Get(service, user string) (string, error) {
	if err := f.enter("get", user); err != nil {
		return "", err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	secret, ok := f.items[service+" "+user]
	if !ok {
		return "", keystore.NoItem
	}
	return secret, nil
}

func (f *fakeRing) Delete(service, user string) error {
	if err := f.enter("delete", user); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, ok := f.items[service+" "+user]; !ok {
		return keystore.NoItem
	}
	delete(f.items, service+" "+user)
	return nil
}
