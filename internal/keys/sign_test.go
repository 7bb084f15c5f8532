package keys_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/nats-io/nkeys"
	"pgregory.net/rapid"

	"github.com/latch-keys/latch/internal/keys"
)

// TestSign: whatever the kind, the signature is the one that the standard
// library makes of the same 32 bytes, and only its own key verifies it.
func TestSign(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "raw")
		message := rapid.SliceOf(rapid.Byte()).Draw(t, "message")
		kind := rapid.SampledFrom(keys.Kinds()[:len(keys.Kinds())-1]).Draw(t, "kind")
		seed, err := keys.Generate(kind, bytes.NewReader(raw))
		if errors.Is(err, io.EOF) {
			t.Skip("hosts stumble over this one")
		}
		if err != nil {
			t.Fatal(err)
		}
		signature, err := seed.Sign(message)
		if err != nil {
			t.Fatal(err)
		}
		if want := ed25519.Sign(ed25519.NewKeyFromSeed(raw), message); !bytes.Equal(signature, want) {
			t.Fatalf("%s: another signature than the standard library's", kind)
		}
		if err := seed.PublicKey().Verify(message, signature); err != nil {
			t.Fatalf("%s: its own signature: %v", kind, err)
		}
		signature[rapid.IntRange(0, 63).Draw(t, "at")] ^= 1
		if err := seed.PublicKey().Verify(message, signature); err == nil {
			t.Fatalf("%s: a damaged signature: %v", kind, err)
		}
		if err := seed.PublicKey().Verify(append(message, 0), signature); err == nil {
			t.Fatalf("%s: another message: %v", kind, err)
		}
	})
}

// TestSignAgreesWithNATS: a server that checks with nkeys takes what we sign.
func TestSignAgreesWithNATS(t *testing.T) {
	t.Parallel()
	seed, err := keys.ParseSeed([]byte(docsSeed), keys.Cluster)
	if err != nil {
		t.Fatal(err)
	}
	signature, err := seed.Sign([]byte("nonce"))
	if err != nil {
		t.Fatal(err)
	}
	server, err := nkeys.FromPublicKey(docsPublic)
	if err != nil {
		t.Fatal(err)
	}
	if err := server.Verify([]byte("nonce"), signature); err != nil {
		t.Error(err)
	}
}

func TestSignRefuses(t *testing.T) {
	t.Parallel()
	wiped, err := keys.ParseSeed([]byte(docsSeed), keys.Cluster)
	if err != nil {
		t.Fatal(err)
	}
	wiped.Wipe()
	curve, err := keys.Generate(keys.Curve, bytes.NewReader(make([]byte, 32)))
	if err != nil {
		t.Fatal(err)
	}
	for name, seed := range map[string]keys.Seed{"none": {}, "wiped": wiped, "curve": curve} {
		if signature, err := seed.Sign([]byte("x")); err == nil || signature != nil {
			t.Errorf("%s: signed", name)
		}
	}
	for name, key := range map[string]keys.PublicKey{"none": {}, "curve": curve.PublicKey()} {
		if key.Verify([]byte("x"), make([]byte, ed25519.SignatureSize)) == nil {
			t.Errorf("%s: verified", name)
		}
	}
	if wiped.PublicKey().Verify([]byte("x"), nil) == nil {
		t.Error("no signature at all verified")
	}
}

// TestSigner: a signer makes the signatures of its seed, outlives it, prints no
// secret, and signs nothing once it is wiped.
func TestSigner(t *testing.T) {
	t.Parallel()
	seed := mustGenerate(t, keys.Cluster, random(31))
	message := []byte("header.claims")
	want, err := seed.Sign(message)
	if err != nil {
		t.Fatal(err)
	}
	text := string(seed.Reveal())
	signer, err := seed.Signer()
	if err != nil {
		t.Fatal(err)
	}
	seed.Wipe()
	if got, err := signer.Sign(message); err != nil || !bytes.Equal(got, want) {
		t.Errorf("another signature than the seed's: %v", err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		if shown := fmt.Sprintf(verb, struct{ S keys.Signer }{signer}); strings.Contains(shown, text[4:20]) || strings.Contains(shown, fmt.Sprint(want[:4])) {
			t.Errorf("%s shows the secret", verb)
		}
	}
	signer.Wipe()
	if _, err := signer.Sign(message); err == nil {
		t.Error("a wiped signer signs")
	}
	if _, err := seed.Signer(); err == nil {
		t.Error("a wiped seed gives a signer")
	}
	if _, err := mustGenerate(t, keys.Curve, random(32)).Signer(); err == nil {
		t.Error("a curve key gives a signer")
	}
}
