package keystoretest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

// atOnce is how many act at the same time.
const atOnce = 8

func cancelled(b *bench) {
	seeds := b.filled("old")
	ctx, cancel := context.WithCancel(b.ctx())
	cancel()
	if err := b.open().Put(ctx, "new", b.seed()); !errors.Is(err, context.Canceled) {
		b.Fatalf("Put: error is %v", err)
	}
	if err := b.open().Delete(ctx, "old", b.known("old")); !errors.Is(err, context.Canceled) {
		b.Fatalf("Delete: error is %v", err)
	}
	b.lists("old")
	b.holds("old", seeds["old"])
}

func many(b *bench) {
	var names []string
	for i := range 40 {
		names = append(names, fmt.Sprintf("host-%02d", i))
	}
	seeds := b.filled(names...)
	b.lists(names...)
	for name, seed := range seeds {
		b.holds(name, seed)
	}
}

func sameTime(b *bench) {
	var names []string
	seeds := map[string]keys.Seed{}
	for i := range atOnce {
		names = append(names, fmt.Sprintf("host-%d", i))
		seeds[names[i]] = b.seed()
	}
	for i, err := range b.together(func(i int) error {
		return b.open().Put(b.ctx(), names[i], seeds[names[i]])
	}) {
		if err != nil {
			b.Errorf("Put(%q): %v", names[i], err)
		}
	}
	b.lists(names...)
	for name, seed := range seeds {
		b.holds(name, seed)
	}
}

func sameName(b *bench) {
	seeds := make([]keys.Seed, atOnce)
	for i := range seeds {
		seeds[i] = b.seed()
	}
	errs := b.together(func(i int) error { return b.open().Put(b.ctx(), "one", seeds[i]) })
	won := slices.Index(errs, nil)
	if won < 0 {
		b.Fatalf("nobody won: %v", errs)
	}
	for i, err := range errs {
		if i != won {
			fails(b.T, "Put", err, fault.Exists)
		}
	}
	b.holds("one", seeds[won])
}

// together runs act for 0 to atOnce-1 at once and gives the errors.
func (b *bench) together(act func(i int) error) []error {
	errs := make([]error, atOnce)
	var wait sync.WaitGroup
	for i := range errs {
		wait.Go(func() { errs[i] = act(i) })
	}
	wait.Wait()
	return errs
}

func sorted(kinds []keys.Kind) []string {
	var names []string
	for _, kind := range kinds {
		names = append(names, kind.String())
	}
	slices.Sort(names)
	return names
}
