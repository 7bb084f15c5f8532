package keyring_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keyring"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/safefile"
)

// calm is a limit that no machine is too slow for; hasty one for calls that hang.
const (
	calm  = 5 * time.Minute
	hasty = 50 * time.Millisecond
)

// desk is a keyring: store over a fake.
type desk struct {
	ring *fakeRing
	dir  string
}

func newDesk(t *testing.T) desk { return desk{ring: newFakeRing(), dir: t.TempDir()} }

func (d desk) open() keystore.Store {
	return keystoretest.RingStore(safefile.Disk{}, d.ring, d.dir, calm, nil)
}

func (d desk) index() string { return filepath.Join(d.dir, "keyring.json") }

func TestKeyringItemsAndIndex(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	seed := keystoretest.NewSeed(t, keys.Cluster)
	if err := d.open().Put(t.Context(), "prod", seed); err != nil {
		t.Fatal(err)
	}
	if got := d.ring.items["latch "+seed.PublicKey().String()]; len(d.ring.items) != 1 || got != string(seed.Reveal()) {
		t.Errorf("%d items, the seed's has %d characters", len(d.ring.items), len(got))
	}
	data, err := os.ReadFile(d.index())
	if err != nil {
		t.Fatal(err)
	}
	entries, err := d.open().List(t.Context())
	if err != nil || len(entries) != 1 || time.Since(entries[0].Created) > time.Minute {
		t.Fatalf("entries are %v, %v", entries, err)
	}
	want := "{\n  \"version\": 1,\n  \"keys\": [\n    {\n      \"name\": \"prod\",\n      \"public_key\": \"" + seed.PublicKey().String() +
		"\",\n      \"created\": \"" + entries[0].Created.Format(time.RFC3339) + "\"\n    }\n  ]\n}\n"
	if string(data) != want {
		t.Errorf("the index is\n%s\nwant\n%s", data, want)
	}
}

// Cut short at whatever call: no seed that was stored is lost, and the next run
// mends what was begun.
func TestKeyringMendsWhatWasCutShort(t *testing.T) {
	t.Parallel()
	cut := errors.New("cut short")
	actions := map[string]func(ctx context.Context, s keystore.Store, old, seed keys.Seed) error{
		"put": func(ctx context.Context, s keystore.Store, _, seed keys.Seed) error { return s.Put(ctx, "new", seed) },
		"delete": func(ctx context.Context, s keystore.Store, old, _ keys.Seed) error {
			return s.Delete(ctx, "old", old.PublicKey())
		},
	}
	for doing, act := range actions {
		for n := 1; ; n++ {
			d := newDesk(t)
			old, seed := keystoretest.NewSeed(t, keys.Cluster), keystoretest.NewSeed(t, keys.Cluster)
			if err := d.open().Put(t.Context(), "old", old); err != nil {
				t.Fatal(err)
			}
			calls := 0
			d.ring.before = func(string, string) error {
				if calls++; calls >= n {
					return cut
				}
				return nil
			}
			err := act(t.Context(), d.open(), old, seed)
			d.ring.before = nil
			if err == nil {
				if n == 1 {
					t.Fatalf("%s: no call to cut", doing)
				}
				break
			}
			if !errors.Is(err, cut) || !fault.Is(err, fault.Unavailable) {
				t.Fatalf("%s %d: %v", doing, n, err)
			}
			agrees(t, d)
			if err := d.open().Put(t.Context(), "new", seed); err != nil {
				t.Fatalf("%s %d: the next run: %v", doing, n, err)
			}
			agrees(t, d)
		}
	}
}

// agrees makes sure that the list and the keyring hold the same.
func agrees(t *testing.T, d desk) {
	t.Helper()
	entries, err := d.open().List(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if got, err := d.open().Get(t.Context(), entry.Name); err != nil || got.PublicKey() != entry.PublicKey {
			t.Fatalf("%s is listed, but: %v", entry.Name, err)
		}
	}
	if len(entries) != len(d.ring.items) {
		t.Fatalf("%d are listed, the keyring has %d", len(entries), len(d.ring.items))
	}
}

func TestKeyringListNeedsNoUnlocking(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if err := d.open().Put(t.Context(), "prod", keystoretest.NewSeed(t, keys.Cluster)); err != nil {
		t.Fatal(err)
	}
	before := d.ring.calls
	locked := keyring.Unusable(keyring.Locked, nil, "a test")
	store := keystoretest.RingStore(safefile.Disk{}, d.ring, d.dir, calm, func(_ context.Context, secrets bool) error {
		if secrets {
			return locked
		}
		return nil
	})
	if entries, err := store.List(t.Context()); err != nil || len(entries) != 1 || d.ring.calls != before {
		t.Fatalf("entries are %v, %v", entries, err)
	}
	_, getErr := store.Get(t.Context(), "prod")
	putErr := store.Put(t.Context(), "x", keystoretest.NewSeed(t, keys.Cluster))
	for doing, err := range map[string]error{"Get": getErr, "Put": putErr, "Delete": keystoretest.Delete(t, store, "prod")} {
		if !fault.Is(err, fault.Locked) || fault.Is(err, fault.Unavailable) {
			t.Errorf("%s: %v", doing, err)
		}
	}
	if d.ring.calls != before {
		t.Error("the keyring was called though locked")
	}
}

// Out of reach is an error, beside what the index knows.
func TestUnreachableKeyringIsNotAnEmptyOne(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if err := d.open().Put(t.Context(), "prod", keystoretest.NewSeed(t, keys.Cluster)); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{d.dir, t.TempDir()} {
		store := keystoretest.RingStore(safefile.Disk{}, d.ring, dir, calm, func(context.Context, bool) error {
			return keyring.Unusable(keyring.NoBus, nil, "a test")
		})
		entries, err := store.List(t.Context())
		if !fault.Is(err, fault.Unavailable) || len(entries) > 0 != (dir == d.dir) {
			t.Errorf("entries are %v, %v", entries, err)
		}
	}
}

func TestHangingKeyring(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	seed := keystoretest.NewSeed(t, keys.Cluster)
	if err := d.open().Put(t.Context(), "prod", seed); err != nil {
		t.Fatal(err)
	}
	block := make(chan struct{})
	t.Cleanup(func() { close(block) })
	d.ring.before = func(string, string) error { <-block; return errors.New("late") }
	_, err := keystoretest.RingStore(safefile.Disk{}, d.ring, d.dir, hasty, nil).Get(t.Context(), "prod")
	var failure *keyring.Error
	if !errors.As(err, &failure) || failure.Reason != keyring.TimedOut || !fault.Is(err, fault.Unavailable) {
		t.Fatalf("error is %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(10*time.Millisecond, cancel)
	if _, err := d.open().Get(ctx, "prod"); !errors.Is(err, context.Canceled) {
		t.Fatalf("error is %v", err)
	}
}

func TestHangingProbe(t *testing.T) {
	t.Parallel()
	store := keystoretest.RingStore(safefile.Disk{}, newFakeRing(), t.TempDir(), hasty, func(context.Context, bool) error { select {} })
	_, err := store.List(t.Context())
	var failure *keyring.Error
	if !errors.As(err, &failure) || failure.Reason != keyring.TimedOut {
		t.Fatalf("error is %v", err)
	}
}

func TestKeyringItemsThatAreNotOurs(t *testing.T) {
	t.Parallel()
	seed, other := keystoretest.NewSeed(t, keys.Cluster), keystoretest.NewSeed(t, keys.Cluster)
	for name, value := range map[string]string{"another seed": string(other.Reveal()), "no seed": "hunter2", "a line end": string(seed.Reveal()) + "\n"} {
		d := desk{ring: newFakeRing(), dir: emptyIndex(t)}
		item := "latch " + seed.PublicKey().String()
		d.ring.items[item] = value
		if err := d.open().Put(t.Context(), "prod", seed); !keystoretest.Corrupt(err) {
			t.Errorf("%s: Put: %v", name, err)
		}
		if d.ring.items[item] != value {
			t.Errorf("%s was replaced", name)
		}
		if err := d.open().Put(t.Context(), "other", other); err != nil {
			t.Errorf("%s is in the way of another key: %v", name, err)
		}
		delete(d.ring.items, item)
		if err := d.open().Put(t.Context(), "prod", seed); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		d.ring.items[item] = value
		_, err := d.open().Get(t.Context(), "prod")
		if !keystoretest.Corrupt(err) || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: Get: %v", name, err)
		}
	}
}

// A keyring that stores something else than it was given must be found out.
func TestKeyringThatLies(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	seed := keystoretest.NewSeed(t, keys.Cluster)
	other := string(keystoretest.NewSeed(t, keys.Cluster).Reveal())
	d.ring.before = func(call, user string) error {
		if _, stored := d.ring.items["latch "+user]; call == "get" && stored {
			d.ring.items["latch "+user] = other
		}
		return nil
	}
	if err := d.open().Put(t.Context(), "prod", seed); !keystoretest.Corrupt(err) {
		t.Fatalf("error is %v", err)
	}
}

func TestSeedRemovedBehindOurBack(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	seed := keystoretest.NewSeed(t, keys.Cluster)
	if err := d.open().Put(t.Context(), "prod", seed); err != nil {
		t.Fatal(err)
	}
	clear(d.ring.items)
	if _, err := d.open().Get(t.Context(), "prod"); !fault.Is(err, fault.NotFound) || !strings.Contains(err.Error(), seed.PublicKey().String()) {
		t.Fatalf("error is %v", err)
	}
	if err := d.open().Put(t.Context(), "prod", keystoretest.NewSeed(t, keys.Cluster)); !fault.Is(err, fault.Exists) {
		t.Fatalf("the name went to another key: %v", err)
	}
	if err := d.open().Put(t.Context(), "prod", seed); err != nil {
		t.Fatal(err)
	}
	agrees(t, d)
	clear(d.ring.items)
	if err := keystoretest.Delete(t, d.open(), "prod"); err != nil {
		t.Fatal(err)
	}
	agrees(t, d)
}

func TestKeyringErrorsSayTheWayOut(t *testing.T) {
	t.Parallel()
	hints := map[string]bool{}
	reasons := []keyring.Reason{keyring.NoBus, keyring.NoService, keyring.NoDefault, keyring.Locked, keyring.TimedOut, keyring.Failed}
	for _, reason := range reasons {
		hint := fault.HintOf(keyring.Unusable(reason, nil, "a test"))
		if !strings.Contains(hint, "latch keystore init age:keys --new-identity FILE") {
			t.Errorf("%s: hint %q", reason, hint)
		}
		hints[hint] = true
	}
	if len(hints) != len(reasons) {
		t.Error("two reasons have one remedy")
	}
}

func TestContractFakeKeyring(t *testing.T) {
	t.Parallel()
	keystoretest.Run(t, func(t *testing.T) func() keystore.Store {
		ring, dir := newFakeRing(), keystoretest.Folder(t)
		return func() keystore.Store { return keystoretest.RingStore(safefile.Disk{}, ring, dir, calm, nil) }
	})
}

// emptyIndex is the folder of an index that is there, beside whatever other tests
// keep in the same keyring.
func emptyIndex(t *testing.T) string {
	t.Helper()
	dir := keystoretest.Folder(t)
	keystoretest.Write(t, filepath.Join(dir, "keyring.json"), `{"version":1,"keys":[]}`)
	return dir
}

// stubborn is a keyring that says that it has deleted an item, and keeps it.
type stubborn struct{ *fakeRing }

func (stubborn) Delete(string, string) error { return nil }

// What was deleted is gone, or it is said that it is not.
func TestDeletingMakesSureThatTheItemIsGone(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	seed := keystoretest.NewSeed(t, keys.Cluster)
	if err := d.open().Put(t.Context(), "prod", seed); err != nil {
		t.Fatal(err)
	}
	store := keystoretest.RingStore(safefile.Disk{}, stubborn{d.ring}, d.dir, calm, nil)
	err := store.Delete(t.Context(), "prod", seed.PublicKey())
	if err == nil || !strings.Contains(err.Error(), "still there") || !strings.Contains(err.Error(), seed.PublicKey().String()) || fault.HintOf(err) == "" {
		t.Fatalf("error is %v", err)
	}
	if err := d.open().Put(t.Context(), "other", keystoretest.NewSeed(t, keys.Cluster)); err != nil { // which finishes the deletion
		t.Fatal(err)
	}
	agrees(t, d)
	if got, err := d.open().Get(t.Context(), "prod"); !fault.Is(err, fault.NotFound) {
		t.Fatalf("%v, %v", got, err)
	}
}
