package keyring_test

import (
	"context"
	"errors"
	"strings"
	"sync"

	"github.com/latch-keys/latch/internal/keystore/keyring"
)

// fakeRing is a keyring in memory that fails, hangs or lies when told.
type fakeRing struct {
	mu     sync.Mutex
	items  map[string]string
	calls  int
	before func(call, user string) error // ahead of every call; may be nil
}

func newFakeRing() *fakeRing { return &fakeRing{items: map[string]string{}} }

// counted is how many calls were made so far.
func (f *fakeRing) counted() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.calls
}

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
	if err := fits(service, user, secret); err != nil {
		return err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.items[service+" "+user] = secret
	return nil
}

// fits holds every item to the tightest limits there are: 2,560 bytes and names
// of 512 on Windows, 4,096 for the whole command line with the secret in base64
// on macOS.
func fits(service, user, secret string) error {
	commandLine := len("add-generic-password -U -s '' -a '' -w ''") + len(service) + len(user) + len("go-keyring-base64:") + 4*len(secret)/3 + 4
	if len(secret) > 2560 || len(service+":"+user) > 512 || commandLine > 4096 {
		return errors.New("data passed to Set was too big")
	}
	return nil
}

// Items are the users of the items.
func (f *fakeRing) Items(context.Context) ([]string, error) {
	if err := f.enter("items", ""); err != nil {
		return nil, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var users []string
	for item := range f.items {
		_, user, _ := strings.Cut(item, " ")
		users = append(users, user)
	}
	return users, nil
}

func (f *fakeRing) Get(service, user string) (string, error) {
	if err := f.enter("get", user); err != nil {
		return "", err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	secret, ok := f.items[service+" "+user]
	if !ok {
		return "", keyring.ErrNoItem
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
		return keyring.ErrNoItem
	}
	delete(f.items, service+" "+user)
	return nil
}
