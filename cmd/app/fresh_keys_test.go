package app_test

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/safefile"
)

// What fails takes back the seeds that it has stored, and none that a colleague has
// stored meanwhile.
func TestTakeBackLeavesWhatAnotherHasStored(t *testing.T) {
	t.Parallel()
	uri := "dir:" + filepath.Join(keystoretest.Folder(t), "keys")
	theirs, mine, taken := keystoretest.NewSeed(t, keys.Cluster), keystoretest.NewSeed(t, keys.Cluster), keystoretest.NewSeed(t, keys.Cluster)
	store := keystoretest.Open(t, uri, keystore.Deps{})
	keystoretest.Must(t, store.Put(t.Context(), "theirs", theirs))
	keystoretest.Must(t, store.Put(t.Context(), "taken", taken))
	fresh := app.FreshKeys{
		Names: []string{"theirs", "mine", "taken"},
		Seeds: []keys.Seed{theirs, mine, keystoretest.NewSeed(t, keys.Cluster)},
	}
	if err := fresh.Store(t.Context(), store, func() {}); !fault.Is(err, fault.Exists) {
		t.Error(err)
	}
	has(t, store, "taken", "theirs")

	ctx, interrupt := context.WithCancel(t.Context())
	fresh.Names, fresh.Seeds = fresh.Names[:2], fresh.Seeds[:2]
	if err := fresh.Store(ctx, store, interrupt); !errors.Is(err, context.Canceled) { // once the first has been seen to
		t.Error(err)
	}
	has(t, store, "taken", "theirs")
}

// A manifest that could not be saved takes the new seeds with it; one that is in place,
// though its folder could not be synced, keeps them.
func TestSeedsStayWithWhatNamesThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		step string // that fails
		left []string
	}{
		{"rename", nil},
		{"sync the folder", []string{"mine"}},
	} {
		dir := keystoretest.Folder(t)
		store := keystoretest.Open(t, "dir:"+filepath.Join(dir, "keys"), keystore.Deps{})
		broken := errors.New("the disk is broken")
		disk := safefile.Interposed(func(step, _ string) error {
			if step == c.step {
				return broken
			}
			return nil
		})
		fresh := app.FreshKeys{Names: []string{"mine"}, Seeds: []keys.Seed{keystoretest.NewSeed(t, keys.Cluster)}}
		err := fresh.CommitWith(t.Context(), store, func(context.Context) error {
			_, err := disk.Write(filepath.Join(dir, "lattice.yaml"), []byte("issuers: [mine]\n"), safefile.Private)
			return err
		}, func() {})
		if !errors.Is(err, broken) {
			t.Errorf("%s: %v", c.step, err)
		}
		has(t, store, c.left...)
	}
}

func has(t *testing.T, store keystore.Store, names ...string) {
	t.Helper()
	entries, err := store.List(t.Context())
	keystoretest.Must(t, err)
	var got []string
	for _, e := range entries {
		got = append(got, e.Name)
	}
	if !slices.Equal(got, names) {
		t.Errorf("there are %v, not %v", got, names)
	}
}
