package agefile_test

import (
	"context"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/oracle"
)

// signs gives the signing key of what a person has, and how often they were asked.
func signs(t *testing.T, passphrase string, files ...string) (keys.PublicKey, int, error) {
	t.Helper()
	asked := 0
	u := agefile.Unlock{IdentityFiles: files, Named: true}
	if passphrase != "" {
		u.Passphrase = func(context.Context, string) ([]byte, error) { asked++; return []byte(passphrase), nil }
	}
	seed, _, err := u.Unlocker("store").Signer(t.Context(), func(keys.PublicKey) bool { return true })
	defer seed.Wipe()
	if err == nil && !seed.IsZero() {
		signature, err := seed.Sign([]byte("x"))
		if err != nil || seed.PublicKey().Verify([]byte("x"), signature) != nil {
			t.Fatal("the key does not sign", err)
		}
	}
	return seed.PublicKey(), asked, err
}

// A signing key follows from an identity: always the same, another for another, and
// the same whether or not a passphrase stands before it.
func TestSigningKeys(t *testing.T) {
	t.Parallel()
	keygen := oracle.Need(t, "ssh-keygen")
	dir := t.TempDir()
	mine, other := filepath.Join(dir, "mine"), filepath.Join(dir, "other")
	keystoretest.NewIdentity(t, mine)
	keystoretest.NewIdentity(t, other)
	first, _, err := signs(t, "", mine)
	again, _, _ := signs(t, "", mine)
	another, _, _ := signs(t, "", other)
	if err != nil || first.IsZero() || first.Kind() != keys.User || first != again || first == another {
		t.Fatal(first, again, another, err)
	}
	open, shut := filepath.Join(dir, "open"), filepath.Join(dir, "shut")
	for _, args := range [][]string{{"-t", "ed25519", "-N", "", "-f", open}, {"-t", "rsa", "-N", "", "-f", filepath.Join(dir, "rsa")}} {
		if out, err := exec.CommandContext(t.Context(), keygen, append([]string{"-q"}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	plain, _, err := signs(t, "", open)
	if err != nil || plain.IsZero() {
		t.Fatal(plain, err)
	}
	if rsa, _, err := signs(t, "", filepath.Join(dir, "rsa")); err != nil || !rsa.IsZero() {
		t.Fatalf("an rsa key signs: %v, %v", rsa, err)
	}
	if out, err := exec.CommandContext(t.Context(), "cp", open, shut).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if out, err := exec.CommandContext(t.Context(), keygen, "-q", "-p", "-N", "open sesame", "-f", shut).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	if got, asked, err := signs(t, "open sesame", shut); err != nil || got != plain || asked != 1 {
		t.Fatal(got, asked, err)
	}
	if _, _, err := signs(t, "wrong", shut); !fault.Is(err, fault.Locked) {
		t.Fatal(err)
	}
	if _, _, err := signs(t, "", shut); !fault.Is(err, fault.Locked) {
		t.Fatal(err)
	}
	if got, asked, err := signs(t, "open sesame", shut, mine); err != nil || got != first || asked != 0 {
		t.Fatalf("it asked %d times though another identity will do: %v, %v", asked, got, err)
	}
}
