package bucket_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// some are new seeds, called key-000 and so on.
func some(t testing.TB, n int) []keystore.Named {
	t.Helper()
	all := make([]keystore.Named, n)
	for i := range all {
		seed, err := keys.Generate(keys.Cluster, strings.NewReader(fmt.Sprintf("%064d", i+1)))
		keystoretest.Must(t, err)
		all[i] = keystore.Named{Name: fmt.Sprintf("key-%05d", i), Seed: seed}
	}
	return all
}

// Many seeds are stored by one change of the list.
func TestManySeedsAreOneChange(t *testing.T) {
	t.Parallel()
	p := newTeam(t, "team", natstest.Start(t, natstest.JetStream(t)))
	p.put(t, "before")
	before := p.generation(t)
	all := some(t, 100)
	stored := 0
	keystoretest.Must(t, keystore.PutAll(t.Context(), p.open(t), all, func() { stored++ }))
	if after := p.generation(t); after != before+1 || stored != len(all) {
		t.Errorf("%d seeds took %d changes", stored, after-before)
	}
	entries, err := p.open(t).List(t.Context())
	if err != nil || len(entries) != len(all)+1 {
		t.Fatal(len(entries), err)
	}
	store := p.open(t)
	for _, n := range all[:10] {
		if got, err := store.Get(t.Context(), n.Name); err != nil || got.PublicKey() != n.Seed.PublicKey() {
			t.Fatal(n.Name, got, err)
		}
	}
}

// What is cut short in the middle counts for nothing, and the next run takes what was
// written: no seed is written twice.
func TestManySeedsGoOn(t *testing.T) {
	t.Parallel()
	p := newTeam(t, "team", natstest.Start(t, natstest.JetStream(t)))
	all := some(t, 60)
	killed, ctx := p.killedBefore(t, "$KV.team.root")
	stored := 0
	if err := keystore.PutAll(ctx, killed.open(t), all, func() { stored++ }); !errors.Is(err, context.Canceled) || stored > 0 {
		t.Fatal(stored, err)
	}
	if entries, err := p.open(t).List(t.Context()); err != nil || len(entries) > 0 {
		t.Fatal(entries, err)
	}
	keystoretest.Must(t, keystore.PutAll(t.Context(), p.open(t), all, func() { stored++ }))
	if stored != len(all) {
		t.Errorf("%d are said to be stored", stored)
	}
	history, err := p.open(t).History(t.Context(), "")
	if err != nil || len(history) != len(all) {
		t.Errorf("%d seeds have %d revisions, %v", len(all), len(history), err)
	}
}

// A copy takes what is there already for what it is.
func TestCopyingManyTwice(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	from, to := newTeam(t, "from", server), newTeam(t, "to", server)
	keystoretest.Must(t, keystore.PutAll(t.Context(), from.open(t), some(t, 50), func() {}))
	for _, fresh := range []bool{true, false} {
		before := to.generation(t)
		copied, err := keystore.Copy(t.Context(), from.open(t), to.open(t))
		if err != nil || len(copied) != 50 || copied[49].New != fresh {
			t.Fatal(len(copied), err)
		}
		if changes := to.generation(t) - before; fresh && changes != 1 || !fresh && changes != 0 {
			t.Errorf("%d changes", changes)
		}
	}
}
