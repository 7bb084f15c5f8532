package multiples

import (
	"crypto/ed25519"
	"slices"
	"testing"
)

// BenchmarkVerify compares one signature of a key that signs often with
// crypto/ed25519 on the same.
func BenchmarkVerify(b *testing.B) {
	public, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		b.Fatal(err)
	}
	text := make([]byte, 640)
	signature := ed25519.Sign(private, text)
	key := [32]byte(public)
	one := Signature{key, string(text), signature}
	ready := New()
	ready.issuers[key] = &issuer{uses: worthwhile}
	b.Run("ed25519", func(b *testing.B) {
		for b.Loop() {
			if !ed25519.Verify(public, text, signature) {
				b.Fatal("refused")
			}
		}
	})
	b.Run("multiples", func(b *testing.B) {
		for b.Loop() {
			if !ready.Verify(one) {
				b.Fatal("refused")
			}
		}
	})
	b.Run("batch", func(b *testing.B) {
		batch := slices.Repeat([]Signature{one}, 64)
		for n := 0; n < b.N; n += len(batch) {
			if slices.Contains(ready.VerifyAll(batch), false) {
				b.Fatal("refused")
			}
		}
	})
}
