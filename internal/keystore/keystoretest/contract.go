package keystoretest

import (
	"context"
	"crypto/rand"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
)

// Place makes a new, empty place for seeds and gives the way to open it, as
// often as wanted: each opening is another process' view of the same place.
type Place func(t *testing.T) (open func() keystore.Store)

// Run holds a store that can be written to its contract.
func Run(t *testing.T, place Place) {
	t.Helper()
	cases := writing()
	if len(cases) == 0 {
		t.Fatal("the contract has no cases")
	}
	t.Run("contract", func(t *testing.T) {
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				c.run(&bench{T: t, open: place(t)})
			})
		}
	})
	t.Logf("keystore contract: %d cases ran", len(cases))
}

// Filled makes a read-only store that holds the seeds.
type Filled func(t *testing.T, seeds map[string]keys.Seed) keystore.Store

// RunReadOnly holds a store that cannot be written to the rest of the contract.
func RunReadOnly(t *testing.T, fill Filled) {
	t.Helper()
	cases := reading()
	if len(cases) == 0 {
		t.Fatal("the contract has no cases")
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { c.run(t, fill) })
	}
	t.Logf("keystore contract, reading: %d cases ran", len(cases))
}

// bench is one case's place.
type bench struct {
	*testing.T
	open func() keystore.Store
}

// NewSeed is a fresh seed, wiped when the test ends.
func NewSeed(t *testing.T, kind keys.Kind) keys.Seed {
	t.Helper()
	seed, err := keys.Generate(kind, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(seed.Wipe)
	return seed
}

func (b *bench) seed() keys.Seed { return NewSeed(b.T, keys.Cluster) }

func (b *bench) ctx() context.Context { return b.Context() }

func (b *bench) put(name string, seed keys.Seed) {
	b.Helper()
	if err := b.open().Put(b.ctx(), name, seed); err != nil {
		b.Fatalf("Put(%q): %v", name, err)
	}
}

// filled puts a new seed under each name.
func (b *bench) filled(names ...string) map[string]keys.Seed {
	b.Helper()
	seeds := map[string]keys.Seed{}
	for _, name := range names {
		seeds[name] = b.seed()
		b.put(name, seeds[name])
	}
	return seeds
}

func (b *bench) remove(name string) {
	b.Helper()
	if err := b.open().Delete(b.ctx(), name); err != nil {
		b.Fatalf("Delete(%q): %v", name, err)
	}
}

// holds makes sure that the secret itself comes back.
func (b *bench) holds(name string, want keys.Seed) {
	b.Helper()
	holds(b.T, b.open(), name, want)
}

func (b *bench) lacks(name string) {
	b.Helper()
	_, err := b.open().Get(b.ctx(), name)
	fails(b.T, "Get", err, keystore.ErrNotFound)
}

func (b *bench) lists(want ...string) []keystore.Entry {
	b.Helper()
	return lists(b.T, b.open(), want...)
}
