package agefile_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/agefile"
)

// asked is a person who is asked for passphrases, and counts.
type asked struct {
	answers map[string]string // by what is asked for
	times   map[string]int
	err     error
}

func (a *asked) ask(_ context.Context, what string) ([]byte, error) {
	if a.times == nil {
		a.times = map[string]int{}
	}
	a.times[what]++
	return []byte(a.answers[what]), a.err
}

func sealSecret(t *testing.T, plain, passphrase string) []byte {
	t.Helper()
	knower, err := agefile.Passphrase([]byte(passphrase), 2)
	if err != nil {
		t.Fatal(err)
	}
	sealed, err := agefile.Seal([]byte(plain), knower)
	if err != nil {
		t.Fatal(err)
	}
	return sealed
}

func TestPassphraseIsAskedOnce(t *testing.T) {
	t.Parallel()
	who := &asked{answers: map[string]string{"the store": "right"}}
	u := agefile.Unlock{Passphrase: who.ask}.Unlocker("the store")
	for range 3 {
		if plain, err := u.Open(t.Context(), "f", sealSecret(t, "x", "right")); err != nil || string(plain) != "x" {
			t.Fatalf("%q, %v", plain, err)
		}
	}
	if secret, err := u.Passphrase(t.Context()); err != nil || string(secret) != "right" {
		t.Fatalf("%q, %v", secret, err)
	}
	if who.times["the store"] != 1 || len(who.times) != 1 {
		t.Fatalf("asked %v", who.times)
	}
	if _, secret, err := agefile.Openers(sealSecret(t, "x", "right")); !secret || err != nil {
		t.Fatal(secret, err)
	}
}

// A wrong one is asked for again, and is told from a damaged file.
func TestWrongPassphrase(t *testing.T) {
	t.Parallel()
	who := &asked{answers: map[string]string{"the store": "wrong"}}
	u := agefile.Unlock{Passphrase: who.ask}.Unlocker("the store")
	if _, err := u.Open(t.Context(), "f", sealSecret(t, "x", "right")); !fault.Is(err, fault.Locked) || !strings.Contains(err.Error(), "does not open") {
		t.Fatalf("error is %v", err)
	}
	who.answers["the store"] = "right"
	if _, err := u.Open(t.Context(), "f", sealSecret(t, "x", "right")); err != nil || who.times["the store"] != 2 {
		t.Fatalf("%v, asked %v", err, who.times)
	}
}

func TestNobodyToAsk(t *testing.T) {
	t.Parallel()
	who := &asked{answers: map[string]string{"the store": "right"}}
	for _, u := range []*agefile.Unlocker{agefile.Unlock{}.Unlocker("the store"), agefile.Unlock{Passphrase: who.ask}.Unlocker("the store")} {
		_, err := u.OpenUnasked(t.Context(), "f", sealSecret(t, "x", "right"))
		if !fault.Is(err, fault.Locked) || !strings.Contains(err.Error(), "needs a passphrase") || !strings.Contains(fault.HintOf(err), "--passphrase-file") {
			t.Fatalf("error is %v", err)
		}
	}
	if len(who.times) > 0 {
		t.Fatalf("asked %v", who.times)
	}
	if _, err := (agefile.Unlock{}.Unlocker("the store")).Passphrase(t.Context()); !fault.Is(err, fault.Locked) {
		t.Fatalf("error is %v", err)
	}
}

// What ends a question ends the opening, as it is.
func TestInterruptedQuestion(t *testing.T) {
	t.Parallel()
	who := &asked{err: context.Canceled}
	u := agefile.Unlock{Passphrase: who.ask}.Unlocker("the store")
	if _, err := u.Open(t.Context(), "f", sealSecret(t, "x", "right")); !errors.Is(err, context.Canceled) {
		t.Fatalf("error is %v", err)
	}
}

// An identity that is itself sealed with a passphrase is asked for only where
// it may help.
func TestSealedIdentity(t *testing.T) {
	t.Parallel()
	alice, bob := newPerson(t), newPerson(t)
	text, err := os.ReadFile(alice.path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(alice.path, sealSecret(t, string(text), "right"), 0o600); err != nil {
		t.Fatal(err)
	}
	who := &asked{answers: map[string]string{alice.path: "right", "it": "other"}}
	u := agefile.Unlock{IdentityFiles: []string{alice.path, bob.path}, Named: true, Passphrase: who.ask}.Unlocker("it")
	if plain, err := u.Open(t.Context(), "f", sealTo(t, "x", bob)); err != nil || string(plain) != "x" || len(who.times) > 0 {
		t.Fatalf("%q, %v, asked %v", plain, err, who.times)
	}
	for range 2 {
		if plain, err := u.Open(t.Context(), "f", sealTo(t, "x", alice)); err != nil || string(plain) != "x" || who.times[alice.path] != 1 {
			t.Fatalf("%q, %v, asked %v", plain, err, who.times)
		}
	}
	if plain, err := u.Open(t.Context(), "f", sealSecret(t, "y", "other")); err != nil || string(plain) != "y" {
		t.Fatalf("%q, %v", plain, err)
	}
	wrong := &asked{answers: map[string]string{alice.path: "wrong"}}
	u = agefile.Unlock{IdentityFiles: []string{alice.path}, Named: true, Passphrase: wrong.ask}.Unlocker("it")
	if _, err := u.Open(t.Context(), "f", sealTo(t, "x", alice)); !fault.Is(err, fault.Locked) || !strings.Contains(err.Error(), alice.path) {
		t.Fatalf("error is %v", err)
	}
}

func TestSSHKeys(t *testing.T) {
	t.Parallel()
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	for kind, key := range map[string]any{"ssh-ed25519": ed, "ssh-rsa": rsaKey} {
		public := sshPublic(t, key)
		for _, passphrase := range []string{"", "right"} {
			block, err := ssh.MarshalPrivateKey(key, "")
			if passphrase != "" {
				block, err = ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(passphrase))
			}
			if err != nil {
				t.Fatal(err)
			}
			p := meet(t, public+" me@example.org", string(pem.EncodeToMemory(block)))
			if p.Kind() != kind || p.Comment != "me@example.org" || p.Text != public {
				t.Fatalf("%q %q %q", p.Kind(), p.Comment, p.Text)
			}
			who := &asked{answers: map[string]string{p.path: passphrase}}
			u := agefile.Unlock{IdentityFiles: []string{p.path}, Named: true, Passphrase: who.ask}.Unlocker("it")
			for range 2 {
				if plain, err := u.Open(t.Context(), "f", sealTo(t, "x", p)); err != nil || string(plain) != "x" {
					t.Fatalf("%s: %q, %v", kind, plain, err)
				}
			}
			if passphrase == "" != (who.times[p.path] == 0) || who.times[p.path] > 1 {
				t.Fatalf("%s: asked %v", kind, who.times)
			}
			if _, err := u.Open(t.Context(), "f", sealTo(t, "x", newPerson(t))); !fault.Is(err, fault.Locked) {
				t.Fatalf("%s: %v", kind, err)
			}
			if passphrase == "" {
				continue
			}
			who = &asked{answers: map[string]string{p.path: "wrong"}}
			u = agefile.Unlock{IdentityFiles: []string{p.path}, Named: true, Passphrase: who.ask}.Unlocker("it")
			if _, err := u.Open(t.Context(), "f", sealTo(t, "x", p)); !fault.Is(err, fault.Locked) || !strings.Contains(err.Error(), "does not open "+p.path) {
				t.Fatalf("%s: %v", kind, err)
			}
			if _, err := u.OpenUnasked(t.Context(), "f", sealTo(t, "x", p)); !fault.Is(err, fault.Locked) || !strings.Contains(err.Error(), p.path+" needs a passphrase") {
				t.Fatalf("%s: %v", kind, err)
			}
		}
	}
}

func sshPublic(t *testing.T, private any) string {
	t.Helper()
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(ssh.MarshalAuthorizedKey(signer.PublicKey())))
}

// A named file must be there and be sound; one in a default place is passed
// over, aloud if it is there.
func TestIdentityFiles(t *testing.T) {
	t.Parallel()
	alice := newPerson(t)
	dir := t.TempDir()
	bad := map[string]string{"none": "", "text": "hunter2\n", "half": "AGE-SECRET-KEY-1HUNTER2\n", "pem": "-----BEGIN X-----\nhunter2\n", "empty": ""}
	for name, text := range bad {
		if name == "none" {
			continue
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	sealed := sealTo(t, "x", alice)
	for name := range bad {
		path := filepath.Join(dir, name)
		_, err := agefile.Unlock{IdentityFiles: []string{path}, Named: true}.Unlocker("it").Open(t.Context(), "f", sealed)
		if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(strings.ToLower(err.Error()), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
		_, err = agefile.Unlock{IdentityFiles: []string{path}}.Unlocker("it").Open(t.Context(), "f", sealed)
		if !fault.Is(err, fault.Locked) || strings.Contains(err.Error(), path) == (name == "none") {
			t.Errorf("%s: %v", name, err)
		}
		if plain, err := (agefile.Unlock{IdentityFiles: []string{path, alice.path}}.Unlocker("it")).Open(t.Context(), "f", sealed); err != nil || string(plain) != "x" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// sshPublicOf is the public key of a new ssh key.
func sshPublicOf(t *testing.T) string {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return sshPublic(t, private)
}
