package keystoretest

import (
	"maps"
	"math/rand/v2"
	"slices"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
)

// work is how many steps anyOrder takes.
const work = 60

// anyOrder puts, renames and deletes at random, and compares with a map that
// does the same.
func anyOrder(b *bench) {
	number := rand.Uint64()
	b.Logf("the random number is %d", number)
	random := rand.New(rand.NewPCG(number, 0))
	names := []string{"a", "b", "c", "d"}
	held := map[string]keys.Seed{}
	for range work {
		from, to := names[random.IntN(len(names))], names[random.IntN(len(names))]
		was, there := held[from]
		switch random.IntN(3) {
		case 0:
			seed := b.seed()
			if b.answers("Put", b.open().Put(b.ctx(), from, seed), there, fault.Exists) {
				held[from] = seed
			}
		case 1:
			if b.answers("Delete", b.open().Delete(b.ctx(), from, b.known(from)), !there, fault.NotFound) {
				delete(held, from)
			}
		case 2:
			_, taken := held[to]
			kind := fault.NotFound
			if there {
				kind = fault.Exists
			}
			if b.answers("Rename", b.open().Rename(b.ctx(), from, to, b.known(from)), !there || taken && from != to, kind) {
				delete(held, from)
				held[to] = was
			}
		}
	}
	b.lists(slices.Sorted(maps.Keys(held))...)
	for name, seed := range held {
		b.holds(name, seed)
	}
}

// answers makes sure that something was refused as it should, or done.
func (b *bench) answers(doing string, err error, refused bool, kind fault.Kind) bool {
	b.Helper()
	if refused {
		fails(b.T, doing, err, kind)
	} else if err != nil {
		b.Fatalf("%s: %v", doing, err)
	}
	return err == nil
}

func deletedTogether(b *bench) {
	seeds := b.filled("one", "other")
	won := 0
	for _, err := range b.together(func(int) error { return b.open().Delete(b.ctx(), "one", seeds["one"].PublicKey()) }) {
		if err == nil {
			won++
			continue
		}
		fails(b.T, "Delete", err, fault.NotFound)
	}
	if won != 1 {
		b.Fatalf("%d of %d deleted it", won, atOnce)
	}
	b.lists("other")
	b.holds("other", seeds["other"])
}

// copied copies into a folder and back into what was emptied.
func copied(b *bench) {
	seeds := b.filled("a", "b", "c")
	other, err := keystore.Open("dir:"+Folder(b.T), keystore.Deps{})
	if err != nil {
		b.Fatal(err)
	}
	b.copies(b.open(), other, true)
	b.copies(b.open(), other, false)
	for name := range seeds {
		b.remove(name)
	}
	b.copies(other, b.open(), true)
	b.lists("a", "b", "c")
	for name, seed := range seeds {
		b.holds(name, seed)
	}
	b.remove("a")
	b.remove("c")
	b.put("c", b.seed())
	if _, err := keystore.Copy(b.ctx(), other, b.open()); !fault.Is(err, fault.Exists) {
		b.Fatalf("error is %v", err)
	}
	b.lists("b", "c") // a, which would have come first, was not copied
}

func (b *bench) copies(from, to keystore.Store, anew bool) {
	b.Helper()
	done, err := keystore.Copy(b.ctx(), from, to)
	if err != nil || len(done) != 3 {
		b.Fatalf("copied %v, %v", done, err)
	}
	for _, c := range done {
		if c.New != anew {
			b.Fatalf("%s: new is %v", c.Name, c.New)
		}
	}
}

func restored(b *bench) {
	seeds := b.filled("a", "b")
	taken, err := keystore.TakeBackup(b.ctx(), b.open(), epoch())
	if err != nil {
		b.Fatal(err)
	}
	defer taken.Wipe()
	text, err := taken.Encode()
	if err != nil {
		b.Fatal(err)
	}
	defer clear(text)
	b.remove("a")
	b.filled("c")
	backup, err := keystore.ParseBackup(text)
	if err != nil {
		b.Fatal(err)
	}
	defer backup.Wipe()
	if differ := backup.Compare(b.lists("b", "c")); len(differ) != 2 || differ[0].Name != "a" || differ[1].Name != "c" {
		b.Fatalf("they differ in %v", differ)
	}
	if _, err := backup.Restore(b.ctx(), b.open()); err != nil {
		b.Fatal(err)
	}
	b.lists("a", "b", "c")
	b.holds("a", seeds["a"])
	b.holds("b", seeds["b"])
}
