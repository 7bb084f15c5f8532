package keys_test

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync/atomic"
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
	report(b, us, them, n)
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

// BenchmarkGenerate is one pair made and spelled out, without the tables that
// many pairs use, against the derivation of one public key with tables that are
// built already. BenchmarkStartup in cmd shows what that spares.
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

// BenchmarkBulk is pairs made on all cores and spelled out, in x-limit against
// as many derivations shared out among the same cores.
func BenchmarkBulk(b *testing.B) {
	const n = 4096
	workers := runtime.GOMAXPROCS(0)
	source := random(2)
	var us, them time.Duration
	for b.Loop() {
		start := time.Now()
		keys.Each(n, workers, func(int) { ed25519.NewKeyFromSeed(make([]byte, 32)) })
		middle := time.Now()
		err := keys.GenerateMany(context.Background(), keys.Cluster, n, workers, source, func(s keys.Seed) error {
			_, _ = s.Reveal(), s.PublicKey().String()
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
		them += middle.Sub(start)
		us += time.Since(middle)
	}
	report(b, us, them, b.N*n)
}

// BenchmarkVanity is a search that never ends, stopped after as long as the same
// number of derivations on the same cores took.
func BenchmarkVanity(b *testing.B) {
	const n = 8192
	workers := runtime.GOMAXPROCS(0)
	vanity, err := keys.ParseVanity(keys.Cluster, "ABCDEFGHIJKL")
	if err != nil {
		b.Fatal(err)
	}
	var us, them time.Duration
	keysTried := 0
	for b.Loop() {
		start := time.Now()
		keys.Each(n, workers, func(int) { ed25519.NewKeyFromSeed(make([]byte, 32)) })
		limit := time.Since(start)
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		var tried atomic.Uint64
		start = time.Now()
		_, _ = vanity.Search(ctx, workers, rand.Reader, &tried)
		cancel()
		// The time that n keys would have taken at this rate.
		us += time.Duration(float64(time.Since(start)) / float64(tried.Load()) * n)
		them += limit
		keysTried += n
	}
	report(b, us, them, keysTried)
}

// BenchmarkVanityAgainstNk has nk, the tool of Go nkeys, try as many keys for a
// text that no key can have, and times our search for as many.
func BenchmarkVanityAgainstNk(b *testing.B) {
	const n = 32768
	nk := filepath.Join(b.TempDir(), "nk")
	if out, err := exec.Command("go", "build", "-o", nk, "github.com/nats-io/nkeys/nk").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	vanity, err := keys.ParseVanity(keys.Cluster, "ABCDEFGHIJKL")
	if err != nil {
		b.Fatal(err)
	}
	var us, them time.Duration
	for b.Loop() {
		start := time.Now()
		_ = exec.Command(nk, "-gen", "cluster", "-pre", "ZZ", "-maxpre", strconv.Itoa(n)).Run() // it fails, having tried
		them += time.Since(start)
		ctx, cancel := context.WithCancel(context.Background())
		var tried atomic.Uint64
		go func() {
			for tried.Load() < n {
				time.Sleep(time.Millisecond)
			}
			cancel()
		}()
		start = time.Now()
		_, _ = vanity.Search(ctx, runtime.GOMAXPROCS(0), rand.Reader, &tried)
		us += time.Since(start)
	}
	report(b, us, them, b.N*n)
}

func report(b *testing.B, us, them time.Duration, n int) {
	b.Helper()
	b.ReportMetric(float64(us)/float64(them), "x-limit")
	b.ReportMetric(float64(us.Nanoseconds())/float64(n), "ns/key")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkDiagnose is what a damaged key takes: the search for its one repair.
func BenchmarkDiagnose(b *testing.B) {
	text := []byte(docsPublic[:30] + "A" + docsPublic[31:])
	for b.Loop() {
		if d := keys.Diagnose(text, keys.Want{}); d.Valid() || d.Problem.Suggestion == nil {
			b.Fatal("no suggestion")
		}
	}
}

// BenchmarkGoNkeys is our judgement without the curve test against the Go
// library's, which has none.
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
