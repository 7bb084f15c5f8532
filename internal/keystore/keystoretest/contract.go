package keystoretest

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"

	"github.com/latch-keys/latch/internal/oracle"
)

// Place makes a new, empty place for seeds and gives the way to open it, as
// often as wanted: each opening is another process' view of the same place.
type Place func(t *testing.T) (open func() keystore.Store)

// Run holds a store that can be written to its contract.
func Run(t *testing.T, place Place) {
	t.Helper()
	fill := func(t *testing.T, seeds map[string]keys.Seed) keystore.Store {
		b := &bench{T: t, open: place(t)}
		for name, seed := range seeds {
			b.put(name, seed)
		}
		return b.open()
	}
	read, write := reading(), writing()
	t.Run("contract", func(t *testing.T) {
		for _, c := range read {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				c.run(t, fill)
			})
		}
		for _, c := range write {
			t.Run(c.name, func(t *testing.T) {
				t.Parallel()
				c.run(&bench{T: t, open: place(t)})
			})
		}
	})
	counted(t, len(read)+len(write), fmt.Sprintf("%d of reading, %d of writing", len(read), len(write)), 40)
}

// Filled makes a store that holds the seeds.
type Filled func(t *testing.T, seeds map[string]keys.Seed) keystore.Store

// RunReadOnly holds a store that cannot be written to what of the contract is
// about reading, and to refusing the rest.
func RunReadOnly(t *testing.T, fill Filled) {
	t.Helper()
	read, refuse := reading(), refusing()
	for _, c := range slices.Concat(read, refuse) {
		t.Run(c.name, func(t *testing.T) { c.run(t, fill) })
	}
	counted(t, len(read)+len(refuse), fmt.Sprintf("%d of reading, %d of refusing to write", len(read), len(refuse)), 15)
}

// counted says how many cases there were, and fails where some have gone.
func counted(t *testing.T, n int, which string, atLeast int) {
	t.Helper()
	oracle.Figure(t, "keystore contract: %d cases ran, %s", n, which)
	if n < atLeast {
		t.Errorf("the contract has %d cases, fewer than %d", n, atLeast)
	}
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
	if err := b.open().Delete(b.ctx(), name, b.known(name)); err != nil {
		b.Fatalf("Delete(%q): %v", name, err)
	}
}

// holds makes sure that the secret itself comes back.
func (b *bench) holds(name string, want keys.Seed) {
	b.Helper()
	holds(b.T, b.open(), name, want)
}

// known is the public key that a name is listed with, the zero key where it is not.
func (b *bench) known(name string) keys.PublicKey {
	b.Helper()
	entries, err := b.open().List(b.ctx())
	if err != nil {
		b.Fatalf("List: %v", err)
	}
	for _, e := range entries {
		if e.Name == name {
			return e.PublicKey
		}
	}
	return keys.PublicKey{}
}

func (b *bench) lacks(name string) {
	b.Helper()
	_, err := b.open().Get(b.ctx(), name)
	fails(b.T, "Get", err, fault.NotFound)
}

func (b *bench) lists(want ...string) []keystore.Entry {
	b.Helper()
	return lists(b.T, b.open(), want...)
}

// epoch is a time for what must have one.
func epoch() time.Time { return time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC) }
