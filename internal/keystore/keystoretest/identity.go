package keystoretest

import (
	"testing"

	"filippo.io/age"

	"github.com/latch-keys/latch/internal/keystore/agefile"
)

// NewIdentity writes an identity and gives its recipient.
func NewIdentity(t testing.TB, path string) agefile.Recipient {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	Write(t, path, id.String()+"\n")
	r, err := agefile.ParseRecipient(id.Recipient().String())
	if err != nil {
		t.Fatal(err)
	}
	return r
}
