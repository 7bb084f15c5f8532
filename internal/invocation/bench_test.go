package invocation_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/keys"
)

// Every benchmark here runs its limit in the same loop, in turns, so that both
// feel the same machine; x-limit is our median turn in limits, below 1 is faster.

// perTurn is how many calls make a turn.
const perTurn = 192

// against times ours and limit in turns of perTurn calls each.
func against(b *testing.B, ours, limit func()) {
	b.Helper()
	ours() // makes the multiples of the issuers
	ours()
	var us, them []time.Duration
	for b.Loop() {
		start := time.Now()
		limit()
		middle := time.Now()
		ours()
		them = append(them, middle.Sub(start))
		us = append(us, time.Since(middle))
	}
	b.ReportMetric(float64(median(us))/float64(median(them)), "x-limit")
	b.ReportMetric(float64(median(us).Nanoseconds())/perTurn, "ns/call")
	b.ReportMetric(0, "ns/op")
}

func median(of []time.Duration) time.Duration {
	slices.Sort(of)
	return of[len(of)/2]
}

// BenchmarkVerify is calls of three issuers judged one by one, in x-limit against
// the single signatures in them.
func BenchmarkVerify(b *testing.B) {
	calls := manyCalls(b, 3, perTurn)
	for _, target := range invocation.Targets() {
		verifier := invocation.NewVerifier(target, calls.issuers, nil)
		b.Run(string(target), func(b *testing.B) {
			against(b, func() {
				for _, message := range calls.messages {
					mustAccept(b, verifier.Verify(message, judgedAt()))
				}
			}, func() {
				for _, s := range calls.signatures {
					s.verify(b)
				}
			})
		})
	}
}

// BenchmarkMany is the same calls judged together, on all cores, in x-limit
// against as many single signatures shared out among the same cores.
func BenchmarkMany(b *testing.B) {
	calls := manyCalls(b, 3, perTurn)
	workers := runtime.GOMAXPROCS(0)
	share := perTurn / workers
	for _, target := range invocation.Targets() {
		verifiers := []*invocation.Verifier{invocation.NewVerifier(target, calls.issuers, nil)}
		for len(verifiers) < workers {
			verifiers = append(verifiers, verifiers[0].Share())
		}
		b.Run(string(target), func(b *testing.B) {
			against(b, func() {
				keys.Each(workers, workers, func(i int) {
					for _, report := range verifiers[i].VerifyAll(calls.messages[i*share:(i+1)*share], judgedAt()) {
						mustAccept(b, report)
					}
				})
			}, func() {
				keys.Each(workers, workers, func(i int) {
					for _, s := range calls.signatures[i*share : (i+1)*share] {
						s.verify(b)
					}
				})
			})
		})
	}
}

// BenchmarkSign is tokens made with one key, in x-limit against the single
// signatures in them.
func BenchmarkSign(b *testing.B) {
	m := sample(b)
	signer, err := clusterSeed(b).Signer()
	if err != nil {
		b.Fatal(err)
	}
	claims := invocation.NewClaims(m, signer.PublicKey().String(), strings.Repeat("A", 22), 1700000000)
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	text := []byte(m.Claims[:strings.LastIndexByte(m.Claims, '.')])
	against(b, func() {
		for range perTurn {
			if _, err := invocation.Sign(claims, signer); err != nil {
				b.Fatal(err)
			}
		}
	}, func() {
		for range perTurn {
			ed25519.Sign(private, text)
		}
	})
}

func mustAccept(b *testing.B, r invocation.Report) {
	if r.Verdict != invocation.Accepted {
		b.Errorf("%s: %s by %+v", r.As, r.Verdict, r.First)
	}
}

// signature is that of a call, taken apart for crypto/ed25519.
type signature struct {
	key         ed25519.PublicKey
	text, bytes []byte
}

func (s signature) verify(b *testing.B) {
	if !ed25519.Verify(s.key, s.text, s.bytes) {
		b.Error("refused")
	}
}

// signedCalls are calls as they travel, their issuers, and their signatures.
type signedCalls struct {
	messages   [][]byte
	issuers    []string
	signatures []signature
}

// manyCalls are calls signed by each of so many issuers in turn.
func manyCalls(tb testing.TB, issuers, count int) (all signedCalls) {
	tb.Helper()
	var signers []keys.Signer
	for range issuers {
		seed, err := keys.Generate(keys.Cluster, rand.Reader)
		if err != nil {
			tb.Fatal(err)
		}
		signer, err := seed.Signer()
		if err != nil {
			tb.Fatal(err)
		}
		signers, all.issuers = append(signers, signer), append(all.issuers, seed.PublicKey().String())
	}
	for i := range count {
		m, signer := sample(tb), signers[i%issuers]
		m.ID = fmt.Sprint(i)
		token, err := invocation.Sign(invocation.NewClaims(m, signer.PublicKey().String(), strings.Repeat("A", 22), 1700000000), signer)
		if err != nil {
			tb.Fatal(err)
		}
		m.Claims = token
		data, err := invocation.Encode(m)
		if err != nil {
			tb.Fatal(err)
		}
		cut := strings.LastIndexByte(token, '.')
		raw, err := base64.RawURLEncoding.DecodeString(token[cut+1:])
		if err != nil {
			tb.Fatal(err)
		}
		all.messages = append(all.messages, data)
		all.signatures = append(all.signatures, signature{signer.PublicKey().Bytes(), []byte(token[:cut]), raw})
	}
	return all
}
