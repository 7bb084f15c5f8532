package users

import (
	"crypto/ed25519"
	"fmt"
	"runtime"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// BenchmarkIssueAll issues a thousand users. x-limit is its time by that of as many
// signatures of crypto/ed25519 on the same cores.
func BenchmarkIssueAll(b *testing.B) {
	const users = 1000
	workers := runtime.GOMAXPROCS(0)
	owner := natstest.Key(b, keys.Account)
	i := issuer(b, owner, owner.PublicKey(), Account{})
	orders := make([]Order, users)
	for n := range orders {
		orders[n] = order(b)
		orders[n].Host = fmt.Sprintf("web-%d", n)
	}
	_, private, err := ed25519.GenerateKey(nil)
	if err != nil {
		b.Fatal(err)
	}
	message := make([]byte, 800)
	var signing, issuing time.Duration
	for b.Loop() {
		begun := time.Now()
		keys.Each(users, workers, func(int) { ed25519.Sign(private, message) })
		signing += time.Since(begun)
		begun = time.Now()
		if _, err := i.IssueAll(b.Context(), orders, workers); err != nil {
			b.Fatal(err)
		}
		issuing += time.Since(begun)
	}
	b.ReportMetric(float64(issuing)/float64(signing), "x-limit")
	b.ReportMetric(float64(issuing.Microseconds())/float64(users*b.N), "µs/user")
}
