package bucket_test

import (
	"fmt"
	"testing"

	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// What many seeds in one bucket take: to store them, to list them, to open one, and for
// a host that starts for the first time, which connects, reads the list and opens its
// own.
func BenchmarkManySeeds(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		p := newTeam(b, "team", natstest.Start(b, natstest.JetStream(b)))
		all := some(b, n)
		b.Run(fmt.Sprintf("put/%d", n), func(b *testing.B) {
			for i := range b.N {
				of := newTeam(b, fmt.Sprintf("put-%d-%d", n, i), natstest.Start(b, natstest.JetStream(b)))
				keystoretest.Must(b, keystore.PutAll(b.Context(), of.open(b), all, func() {}))
			}
		})
		keystoretest.Must(b, keystore.PutAll(b.Context(), p.open(b), all, func() {}))
		store := p.open(b) // which knows the list already
		_, err := store.List(b.Context())
		keystoretest.Must(b, err)
		b.Run(fmt.Sprintf("list/%d", n), func(b *testing.B) {
			for b.Loop() {
				if entries, err := p.open(b).List(b.Context()); err != nil || len(entries) != n {
					b.Fatal(len(entries), err)
				}
			}
		})
		b.Run(fmt.Sprintf("get/%d", n), func(b *testing.B) {
			for b.Loop() {
				_, err := store.Get(b.Context(), all[n/2].Name)
				keystoretest.Must(b, err)
			}
		})
		b.Run(fmt.Sprintf("first/%d", n), func(b *testing.B) {
			for b.Loop() {
				_, err := p.open(b).Get(b.Context(), all[n/2].Name)
				keystoretest.Must(b, err)
			}
		})
		b.Run(fmt.Sprintf("one-more/%d", n), func(b *testing.B) {
			seed := all[0].Seed
			for i := range b.N {
				keystoretest.Must(b, p.open(b).Put(b.Context(), fmt.Sprintf("more-%d-%d", b.N, i), seed))
			}
		})
	}
}
