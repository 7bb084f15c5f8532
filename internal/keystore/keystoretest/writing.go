package keystoretest

import (
	"errors"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
)

type writingCase struct {
	name string
	run  func(b *bench)
}

func writing() []writingCase {
	return slices.Concat(putting(), renaming(), renamingInTheWay(), exchanges())
}

func putting() []writingCase {
	return []writingCase{
		{"a put seed is given", func(b *bench) {
			for name, seed := range b.filled("prod") {
				b.holds(name, seed)
			}
		}},
		{"several seeds are put together, up to one that cannot be", together},
		{"every kind of seed", everyKind},
		{"every kind of name", everyName},
		{"entries are listed by name", func(b *bench) {
			b.filled("b", "c", "a-1", "B2", "a.0", "a")
			b.lists("B2", "a", "a-1", "a.0", "b", "c")
		}},
		{"entries have the public keys", func(b *bench) {
			seeds := b.filled("x", "y")
			for _, entry := range b.lists("x", "y") {
				if entry.PublicKey != seeds[entry.Name].PublicKey() {
					b.Errorf("%s is listed as %s", entry.Name, entry.PublicKey)
				}
			}
		}},
		{"a missing name is not found", func(b *bench) {
			b.filled("here")
			b.lacks("there")
			b.lacks("HERE2")
		}},
		{"a missing name is not deleted", func(b *bench) {
			b.filled("here")
			fails(b.T, "Delete", b.open().Delete(b.ctx(), "there", b.known("there")), fault.NotFound)
			b.lists("here")
		}},
		{"a bad name is refused", badName},
		{"a seed is no name", seedAsName},
		{"no seed is refused", func(b *bench) {
			if b.open().Put(b.ctx(), "none", keys.Seed{}) == nil {
				b.Fatal("Put stored the zero seed")
			}
			b.lists()
		}},
		{"the same again changes nothing", func(b *bench) {
			seed := b.filled("twice")["twice"]
			before := b.lists("twice")
			b.put("twice", seed)
			if after := b.lists("twice"); after[0] != before[0] {
				b.Fatalf("the entry was %v and is %v", before, after)
			}
		}},
		{"a different seed is never replaced", neverReplaced},
		{"names that differ by case clash", clash},
		{"a deleted seed is gone", func(b *bench) {
			b.filled("gone")
			b.remove("gone")
			b.lacks("gone")
			b.lists()
		}},
		{"deleting twice is not found", func(b *bench) {
			b.filled("gone")
			b.remove("gone")
			fails(b.T, "Delete", b.open().Delete(b.ctx(), "gone", b.known("gone")), fault.NotFound)
		}},
		{"deleting one leaves the others", func(b *bench) {
			seeds := b.filled("a", "b", "c")
			b.remove("b")
			b.holds("a", seeds["a"])
			b.holds("c", seeds["c"])
			b.lists("a", "c")
		}},
		{"a name can be used again", func(b *bench) {
			b.filled("again")
			b.remove("again")
			b.holds("again", b.filled("again")["again"])
		}},
		{"two names of one seed are independent", twoNames},
		{"wiping touches no stored seed", wiping},
		{"a cancelled context changes nothing", cancelled},
		{"many keys", many},
		{"names at the same time", sameTime},
		{"one name at the same time", sameName},
		{"one deletion at the same time", deletedTogether},
		{"any order of work", anyOrder},
		{"copying it leaves both the same", copied},
		{"what was backed up can be restored", restored},
	}
}

func badNames() []string {
	return []string{
		"", ".", "..", "a/b", `a\b`, "../up", ".hidden", "-flag", "_x", "a b", " a", "a\n", "a\x00b", "é", "a:b", "a*",
		"con", "NUL", "aux.x", "COM1", "lpt9.nk", strings.Repeat("a", 65),
	}
}

func badName(b *bench) {
	seed := b.seed()
	for _, name := range badNames() {
		fails(b.T, "Put", b.open().Put(b.ctx(), name, seed), fault.Usage)
		fails(b.T, "Delete", b.open().Delete(b.ctx(), name, b.known(name)), fault.Usage)
		_, err := b.open().Get(b.ctx(), name)
		fails(b.T, "Get", err, fault.Usage)
	}
	b.lists()
}

func seedAsName(b *bench) {
	seed := b.seed()
	text := seed.Reveal()
	defer clear(text)
	for _, name := range []string{string(text), strings.ToLower(string(text)), string(text[:57]), string(text) + ".nk"} {
		err := b.open().Put(b.ctx(), name, seed)
		fails(b.T, "Put", err, fault.Usage)
		keepsQuiet(b.T, errors.New(strings.ToUpper(err.Error())), seed)
	}
}

func everyKind(b *bench) {
	for _, kind := range keys.Kinds() {
		seed := NewSeed(b.T, kind)
		b.put(kind.String(), seed)
		b.holds(kind.String(), seed)
	}
	if len(b.lists(sorted(keys.Kinds())...)) == 0 {
		b.Fatal("there are no kinds")
	}
}

func everyName(b *bench) {
	for _, name := range []string{"a", "Z", "0", "a.b_c-d", "x..", "web-1.prod", "nk", strings.Repeat("n", 64), "console", "com10"} {
		seed := b.seed()
		b.put(name, seed)
		b.holds(name, seed)
	}
}

func neverReplaced(b *bench) {
	old, other := b.filled("kept")["kept"], b.seed()
	err := b.open().Put(b.ctx(), "kept", other)
	fails(b.T, "Put", err, fault.Exists)
	keepsQuiet(b.T, err, other)
	keepsQuiet(b.T, err, old)
	b.holds("kept", old)
}

func clash(b *bench) {
	seed := b.filled("Web-1")["Web-1"]
	for _, name := range []string{"web-1", "WEB-1"} {
		fails(b.T, "Put", b.open().Put(b.ctx(), name, seed), fault.Exists)
	}
	b.lists("Web-1")
	b.holds("Web-1", seed)
}

func twoNames(b *bench) {
	seed := b.seed()
	b.put("one", seed)
	b.put("two", seed)
	b.remove("one")
	b.lacks("one")
	b.holds("two", seed)
}

func wiping(b *bench) {
	seed := b.seed()
	text := seed.Reveal()
	defer clear(text)
	again, err := keys.ParseSeed(text, keys.AnyKind)
	if err != nil {
		b.Fatal(err)
	}
	b.put("w", seed)
	seed.Wipe()
	got, err := b.open().Get(b.ctx(), "w")
	if err != nil {
		b.Fatal(err)
	}
	got.Wipe()
	b.holds("w", again)
}

func together(b *bench) {
	taken := b.filled("b")["b"]
	all := []keystore.Named{{Name: "a", Seed: b.seed()}, {Name: "b", Seed: taken}, {Name: "c", Seed: b.seed()}, {Name: "B", Seed: b.seed()}, {Name: "d", Seed: b.seed()}}
	var had []string
	for i, n := range all {
		all[i].Had = func() { had = append(had, n.Name) }
	}
	stored := 0
	fails(b.T, "PutAll", keystore.PutAll(b.ctx(), b.open(), all, func() { stored++ }), fault.Exists)
	if stored != 3 {
		b.Errorf("%d are said to be stored, not 3", stored)
	}
	if !slices.Equal(had, []string{"b"}) {
		b.Errorf("%v are said to have been there already, not b alone", had)
	}
	b.lists("a", "b", "c")
	for _, n := range all[:3] {
		b.holds(n.Name, n.Seed)
	}
}
