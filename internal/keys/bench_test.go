package keys_test

import (
	"crypto/ed25519"
	"testing"
	"time"

	"filippo.io/edwards25519"
	"github.com/nats-io/nkeys"

	"github.com/latch-keys/latch/internal/keys"
)

// Every benchmark here runs its limit in the same loop, in turns, so that both
// feel the same machine; x-limit is ours in limits, below 1 is faster.

// against times ours and limit in turns of many calls each.
func against(b *testing.B, ours, limit func()) {
	b.Helper()
	const turn = 64
	var us, them time.Duration
	n := 0
	for b.Loop() {
		start := time.Now()
		for range turn {
			limit()
		}
		middle := time.Now()
		for range turn {
			ours()
		}
		them += middle.Sub(start)
		us += time.Since(middle)
		n += turn
	}
	b.ReportMetric(float64(us)/float64(them), "x-limit")
	b.ReportMetric(float64(us.Nanoseconds())/float64(n), "ns/key")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkCheckPublicKey is the whole judgement, curve test included, against
// one decompression of the point.
func BenchmarkCheckPublicKey(b *testing.B) {
	text := []byte(docsPublic)
	key, err := keys.ParsePublicKey(text, keys.Cluster)
	if err != nil {
		b.Fatal(err)
	}
	raw := key.Bytes()
	against(b, func() {
		if _, err := keys.ParsePublicKey(text, keys.Cluster); err != nil {
			b.Fatal(err)
		}
	}, func() {
		if _, err := new(edwards25519.Point).SetBytes(raw); err != nil {
			b.Fatal(err)
		}
	})
}

// BenchmarkGenerate is a pair made and spelled out, against the derivation of
// one public key.
func BenchmarkGenerate(b *testing.B) {
	source := random(1)
	payload := make([]byte, 32)
	against(b, func() {
		seed, err := keys.Generate(keys.Cluster, source)
		if err != nil {
			b.Fatal(err)
		}
		_, _ = seed.Reveal(), seed.PublicKey().String()
	}, func() { ed25519.NewKeyFromSeed(payload) })
}

// BenchmarkGoNkeys is what the Go library takes for the same judgement, without
// a curve test.
func BenchmarkGoNkeys(b *testing.B) {
	against(b, func() {
		if !keys.WellSpelled(docsPublic, keys.Cluster) {
			b.Fatal("refused")
		}
	}, func() {
		if !nkeys.IsValidPublicClusterKey(docsPublic) {
			b.Fatal("refused")
		}
	})
}
