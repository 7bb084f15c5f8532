package sealed_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/keystore/sealed"
)

// team is an age: store in a folder, and one person's way into it.
type team struct {
	dir    string
	unlock agefile.Unlock
}

// newTeam has one recipient, whose identity is at hand.
func newTeam(t *testing.T) team {
	t.Helper()
	base := keystoretest.Folder(t)
	m := team{dir: filepath.Join(base, "keys"), unlock: agefile.Unlock{IdentityFiles: []string{filepath.Join(base, "id")}, Named: true}}
	id := keystoretest.NewIdentity(t, filepath.Join(base, "id"))
	if err := m.sharer(t).Init(t.Context(), []agefile.Recipient{id}, nil); err != nil {
		t.Fatal(err)
	}
	return m
}

// newSecretTeam has a passphrase.
func newSecretTeam(t *testing.T) team {
	t.Helper()
	m := team{dir: filepath.Join(keystoretest.Folder(t), "keys"), unlock: agefile.Unlock{Passphrase: says("open sesame"), WorkFactor: 2}}
	if err := m.sharer(t).Init(t.Context(), nil, []byte("open sesame")); err != nil {
		t.Fatal(err)
	}
	return m
}

func says(passphrase string) func(context.Context, string) ([]byte, error) {
	return func(context.Context, string) ([]byte, error) { return []byte(passphrase), nil }
}

func (m team) deps() keystore.Deps { return keystore.Deps{Now: time.Now, Unlock: m.unlock} }

func (m team) open(t *testing.T) keystore.Store { return keystoretest.Open(t, "age:"+m.dir, m.deps()) }

func (m team) sharer(t *testing.T) keystore.Sharer {
	t.Helper()
	sharer, ok := m.open(t).(keystore.Sharer)
	if !ok {
		t.Fatal("age: cannot be shared")
	}
	return sharer
}

func TestContractAge(t *testing.T) {
	t.Parallel()
	keystoretest.Run(t, func(t *testing.T) func() keystore.Store {
		m := newTeam(t)
		return func() keystore.Store { return m.open(t) }
	})
}

func TestContractAgePassphrase(t *testing.T) {
	t.Parallel()
	keystoretest.Run(t, func(t *testing.T) func() keystore.Store {
		m := newSecretTeam(t)
		return func() keystore.Store { return m.open(t) }
	})
}

// Sealing does not care where its files are kept.
func TestContractSealedInMemory(t *testing.T) {
	t.Parallel()
	keystoretest.Run(t, func(t *testing.T) func() keystore.Store {
		place, path := &keystoretest.Memory{}, filepath.Join(keystoretest.Folder(t), "id")
		unlock := agefile.Unlock{IdentityFiles: []string{path}, Named: true}
		id := keystoretest.NewIdentity(t, path)
		open := func() *sealed.Store { return sealed.New("memory:", place, unlock, time.Now, "none") }
		keystoretest.Must(t, open().Init(t.Context(), []agefile.Recipient{id}, nil))
		return func() keystore.Store { return open() }
	})
}
