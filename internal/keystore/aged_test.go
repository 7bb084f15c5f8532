package keystore_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
)

// team is an age: store in a folder, and one person's way into it.
type team struct {
	dir    string
	unlock keystore.Unlock
}

// newTeam has one recipient, whose identity is at hand.
func newTeam(t *testing.T) team {
	t.Helper()
	base := keystoretest.Folder(t)
	m := team{dir: filepath.Join(base, "keys"), unlock: keystore.Unlock{IdentityFiles: []string{filepath.Join(base, "id")}, Named: true}}
	id := newIdentity(t, filepath.Join(base, "id"))
	if err := m.sharer(t).Init(t.Context(), []agefile.Recipient{id}, nil); err != nil {
		t.Fatal(err)
	}
	return m
}

// newSecretTeam has a passphrase.
func newSecretTeam(t *testing.T) team {
	t.Helper()
	m := team{dir: filepath.Join(keystoretest.Folder(t), "keys"), unlock: keystore.Unlock{Passphrase: says("open sesame"), WorkFactor: 2}}
	if err := m.sharer(t).Init(t.Context(), nil, []byte("open sesame")); err != nil {
		t.Fatal(err)
	}
	return m
}

func says(passphrase string) func(context.Context, string) ([]byte, error) {
	return func(context.Context, string) ([]byte, error) { return []byte(passphrase), nil }
}

// newIdentity writes an identity and gives its recipient.
func newIdentity(t *testing.T, path string) agefile.Recipient {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	file(t, path, id.String()+"\n")
	r, err := agefile.ParseRecipient(id.Recipient().String())
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (m team) deps() keystore.Deps { return keystore.Deps{Now: time.Now, Unlock: m.unlock} }

func (m team) open(t *testing.T) keystore.Store { return open(t, "age:"+m.dir, m.deps()) }

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
