package keystoretest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/latch-keys/latch/internal/fault"
)

func renaming() []writingCase {
	return []writingCase{
		{"a renamed seed has the new name only", func(b *bench) {
			seed := b.filled("old")["old"]
			before := b.lists("old")[0]
			b.rename("old", "new")
			b.lacks("old")
			b.holds("new", seed)
			after := b.lists("new")[0]
			before.Name = "new"
			if after != before {
				b.Fatalf("the entry is %v, want %v", after, before)
			}
		}},
		{"renaming leaves the others", func(b *bench) {
			seeds := b.filled("a", "b", "c")
			b.rename("b", "z")
			b.holds("a", seeds["a"])
			b.holds("c", seeds["c"])
			b.holds("z", seeds["b"])
			b.lists("a", "c", "z")
		}},
		{"renaming never replaces", func(b *bench) {
			seeds := b.filled("a", "b")
			fails(b.T, "Rename", b.open().Rename(b.ctx(), "a", "b", b.known("a")), fault.Exists)
			fails(b.T, "Rename", b.open().Rename(b.ctx(), "a", "B", b.known("a")), fault.Exists)
			b.holds("a", seeds["a"])
			b.holds("b", seeds["b"])
			b.lists("a", "b")
		}},
		{"renaming never replaces, the same seed neither", func(b *bench) {
			seed := b.seed()
			b.put("a", seed)
			b.put("b", seed)
			fails(b.T, "Rename", b.open().Rename(b.ctx(), "a", "b", b.known("a")), fault.Exists)
			b.lists("a", "b")
		}},
		{"a missing name is not renamed", func(b *bench) {
			seeds := b.filled("here")
			fails(b.T, "Rename", b.open().Rename(b.ctx(), "there", "new", b.known("there")), fault.NotFound)
			fails(b.T, "Rename", b.open().Rename(b.ctx(), "there", "there", b.known("there")), fault.NotFound)
			b.holds("here", seeds["here"])
			b.lists("here")
		}},
		{"renaming to the same name changes nothing", func(b *bench) {
			seed := b.filled("same")["same"]
			b.rename("same", "same")
			b.holds("same", seed)
			b.lists("same")
		}},
		{"renaming can change the case", func(b *bench) {
			seed := b.filled("Web-1")["Web-1"]
			b.rename("Web-1", "web-1")
			b.holds("web-1", seed)
			b.lists("web-1")
		}},
	}
}

// renamingInTheWay is about what else is going on.
func renamingInTheWay() []writingCase {
	return []writingCase{
		{"a bad name is not renamed to", func(b *bench) {
			seed := b.filled("old")["old"]
			for _, name := range badNames() {
				fails(b.T, "Rename", b.open().Rename(b.ctx(), "old", name, b.known("old")), fault.Usage)
				fails(b.T, "Rename", b.open().Rename(b.ctx(), name, "new", b.known(name)), fault.Usage)
			}
			b.holds("old", seed)
			b.lists("old")
		}},
		{"the old name is free after renaming", func(b *bench) {
			first := b.filled("a")["a"]
			b.rename("a", "b")
			second := b.filled("a")["a"]
			b.holds("a", second)
			b.holds("b", first)
		}},
		{"a renamed seed can be deleted", func(b *bench) {
			b.filled("a")
			b.rename("a", "b")
			b.remove("b")
			b.lists()
		}},
		{"a cancelled context renames nothing", func(b *bench) {
			seed := b.filled("a")["a"]
			ctx, cancel := context.WithCancel(b.ctx())
			cancel()
			if err := b.open().Rename(ctx, "a", "b", b.known("a")); !errors.Is(err, context.Canceled) {
				b.Fatalf("Rename: error is %v", err)
			}
			b.holds("a", seed)
			b.lists("a")
		}},
		{"one new name at the same time", renamedTogether},
	}
}

func renamedTogether(b *bench) {
	var names []string
	for i := range atOnce {
		names = append(names, fmt.Sprintf("old-%d", i))
	}
	seeds := b.filled(names...)
	errs := b.together(func(i int) error { return b.open().Rename(b.ctx(), names[i], "one", seeds[names[i]].PublicKey()) })
	won := slices.Index(errs, nil)
	if won < 0 {
		b.Fatalf("nobody won: %v", errs)
	}
	for i, err := range errs {
		if i != won {
			fails(b.T, "Rename", err, fault.Exists)
			b.holds(names[i], seeds[names[i]])
		}
	}
	b.holds("one", seeds[names[won]])
	b.lists(append(slices.Delete(names, won, won+1), "one")...)
}

func (b *bench) rename(from, to string) {
	b.Helper()
	if err := b.open().Rename(b.ctx(), from, to, b.known(from)); err != nil {
		b.Fatalf("Rename(%q, %q): %v", from, to, err)
	}
}
