package invocation_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/keys"
)

// BenchmarkVerify compares judging a message with the one signature in it.
func BenchmarkVerify(b *testing.B) {
	m := sample(b)
	data, err := invocation.Encode(m)
	if err != nil {
		b.Fatal(err)
	}
	key := clusterSeed(b).PublicKey()
	cut := strings.LastIndexByte(m.Claims, '.')
	signature, err := base64.RawURLEncoding.DecodeString(m.Claims[cut+1:])
	if err != nil {
		b.Fatal(err)
	}
	b.Run("ed25519", func(b *testing.B) {
		for b.Loop() {
			if !ed25519.Verify(key.Bytes(), []byte(m.Claims[:cut]), signature) {
				b.Fatal("refused")
			}
		}
	})
	for _, target := range invocation.Targets() {
		verifier := invocation.NewVerifier(target, []string{key.String()}, nil)
		b.Run(string(target), func(b *testing.B) {
			for b.Loop() {
				if verifier.Verify(data, judgedAt()).Verdict != invocation.Accepted {
					b.Fatal("refused")
				}
			}
		})
	}
}

// BenchmarkSign compares making a token with the one signature in it.
func BenchmarkSign(b *testing.B) {
	m := sample(b)
	seed := clusterSeed(b)
	claims := invocation.NewClaims(m, seed.PublicKey().String(), strings.Repeat("A", 22), 1700000000)
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		b.Fatal(err)
	}
	text := []byte(m.Claims[:strings.LastIndexByte(m.Claims, '.')])
	b.Run("ed25519", func(b *testing.B) {
		for b.Loop() {
			ed25519.Sign(private, text)
		}
	})
	b.Run("token", func(b *testing.B) {
		for b.Loop() {
			if _, err := invocation.Sign(claims, seed); err != nil {
				b.Fatal(err)
			}
		}
	})
	_ = keys.Cluster
}
