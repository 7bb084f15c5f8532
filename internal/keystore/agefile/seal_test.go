package agefile_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
	"pgregory.net/rapid"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/agefile"
)

// person has an identity in a file.
type person struct {
	agefile.Recipient
	path string
}

func newPerson(t *testing.T) person {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return meet(t, id.Recipient().String(), "# a comment\n"+id.String()+"\n")
}

func meet(t *testing.T, recipient, identity string) person {
	t.Helper()
	r, err := agefile.ParseRecipient(recipient)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "id")
	if err := os.WriteFile(path, []byte(identity), 0o600); err != nil {
		t.Fatal(err)
	}
	return person{r, path}
}

func (p person) opens(ctx context.Context, sealed []byte) ([]byte, error) {
	return agefile.Unlock{IdentityFiles: []string{p.path}, Named: true}.Unlocker("it").Open(ctx, "it", sealed)
}

func sealTo(t *testing.T, plain string, people ...person) []byte {
	t.Helper()
	var to []agefile.Recipient
	for _, p := range people {
		to = append(to, p.Recipient)
	}
	sealed, err := agefile.Seal([]byte(plain), to...)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestEachRecipientOpens(t *testing.T) {
	t.Parallel()
	alice, bob, eve := newPerson(t), newPerson(t), newPerson(t)
	sealed := sealTo(t, "secret", alice, bob)
	if !bytes.HasPrefix(sealed, []byte("-----BEGIN AGE ENCRYPTED FILE-----\n")) {
		t.Fatal("it is not armored")
	}
	for _, p := range []person{alice, bob} {
		if plain, err := p.opens(t.Context(), sealed); err != nil || string(plain) != "secret" {
			t.Errorf("%q, %v", plain, err)
		}
	}
	if _, err := eve.opens(t.Context(), sealed); !fault.Is(err, fault.Locked) || fault.HintOf(err) == "" {
		t.Errorf("error is %v", err)
	}
	if n, secret, err := agefile.Openers(sealed); n != 2 || secret || err != nil {
		t.Errorf("%d openers, %v, %v", n, secret, err)
	}
}

func TestPostQuantumRecipients(t *testing.T) {
	t.Parallel()
	id, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	p := meet(t, id.Recipient().String(), id.String()+"\n")
	if plain, err := p.opens(t.Context(), sealTo(t, "secret", p)); err != nil || string(plain) != "secret" {
		t.Fatalf("%q, %v", plain, err)
	}
	if _, err := agefile.Seal([]byte("x"), p.Recipient, newPerson(t).Recipient); err == nil {
		t.Fatal("age does not mix them, we did")
	}
}

func TestNobodyToSealTo(t *testing.T) {
	t.Parallel()
	if _, err := agefile.Seal([]byte("x")); err == nil {
		t.Fatal("sealed to nobody")
	}
}

// What was sealed opens to the same bytes, and any change of it is found out.
func TestSealedIsWhole(t *testing.T) {
	t.Parallel()
	alice := newPerson(t)
	rapid.Check(t, func(r *rapid.T) {
		plain := rapid.SliceOfN(rapid.Byte(), 0, 300).Draw(r, "plain")
		sealed, err := agefile.Seal(plain, alice.Recipient)
		if err != nil {
			r.Fatal(err)
		}
		back, err := alice.opens(t.Context(), sealed)
		if err != nil || !bytes.Equal(back, plain) {
			r.Fatalf("%q, %v", back, err)
		}
		at := rapid.IntRange(0, len(sealed)-1).Draw(r, "at")
		broken := bytes.Clone(sealed)
		broken[at] ^= byte(rapid.IntRange(1, 127).Draw(r, "flip"))
		if got, err := alice.opens(t.Context(), broken); err == nil && !bytes.Equal(got, plain) {
			r.Fatalf("a change at %d went unnoticed", at)
		}
		if got, err := alice.opens(t.Context(), sealed[:at]); err == nil && !bytes.Equal(got, plain) {
			r.Fatalf("a cut at %d went unnoticed", at)
		}
	})
}

// An error about a file never repeats what is in it, which may be a seed.
func TestDamageIsNamedAndNotRepeated(t *testing.T) {
	t.Parallel()
	alice := newPerson(t)
	sealed := sealTo(t, "secret", alice)
	for _, text := range []string{
		"", "SCATHISISASECRET", "age-encryption.org/v1\n-> SCATHISISASECRET\n", "age-encryption.org/v9 SCATHISISASECRET\n",
		"-----BEGIN AGE ENCRYPTED FILE-----\nSCATHISISASECRET\n", string(sealed[:len(sealed)/2]), string(sealed) + "SCATHISISASECRET",
	} {
		_, err := alice.opens(t.Context(), []byte(text))
		if !errors.Is(err, agefile.ErrDamaged) || strings.Contains(err.Error(), "SECRET") {
			t.Errorf("%d bytes: %v", len(text), err)
		}
		if _, _, err := agefile.Openers([]byte(text)); err != nil && (!errors.Is(err, agefile.ErrDamaged) || strings.Contains(err.Error(), "SECRET")) {
			t.Errorf("%d bytes: %v", len(text), err)
		}
	}
}
