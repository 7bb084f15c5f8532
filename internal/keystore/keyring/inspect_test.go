package keyring_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keyring"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/safefile"
)

// Index and keyring are compared both ways; no seed is ever dropped, and what
// is not ours is left alone.
func TestReconcileKeyring(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	kept, gone, lost := keystoretest.NewSeed(t, keys.Cluster), keystoretest.NewSeed(t, keys.Cluster), keystoretest.NewSeed(t, keys.Server)
	for name, seed := range map[string]keys.Seed{"kept": kept, "gone": gone} {
		if err := d.open().Put(t.Context(), name, seed); err != nil {
			t.Fatal(err)
		}
	}
	delete(d.ring.items, "latch "+gone.PublicKey().String())
	d.ring.items["latch "+lost.PublicKey().String()] = string(lost.Reveal())
	d.ring.items["latch a-password-of-another-program"] = "hunter2"
	d.ring.items["latch "+keystoretest.NewSeed(t, keys.Cluster).PublicKey().String()] = "hunter2"

	before, _ := os.ReadFile(d.index())
	findings, err := keystore.Reconcile(t.Context(), d.open(), false)
	if err != nil || len(findings) != 3 {
		t.Fatalf("%v, %v", findings, err)
	}
	if after, _ := os.ReadFile(d.index()); string(after) != string(before) {
		t.Fatal("looking has changed something")
	}
	if findings, err = keystore.Reconcile(t.Context(), d.open(), true); err != nil || len(findings) != 3 {
		t.Fatalf("%v, %v", findings, err)
	}
	mended := 0
	for _, f := range findings {
		if f.Mended {
			mended++
		}
		if strings.Contains(f.Message, "hunter2") || f.Mended != (f.Remedy != "") {
			t.Errorf("%+v", f)
		}
	}
	entries, err := d.open().List(t.Context())
	if err != nil || len(entries) != 2 || mended != 2 || len(d.ring.items) != 4 {
		t.Fatalf("%d mended, %v, %v", mended, entries, err)
	}
	found := "found-server-" + strings.ToLower(lost.PublicKey().String()[1:17])
	for name, seed := range map[string]keys.Seed{"kept": kept, found: lost} {
		if got, err := d.open().Get(t.Context(), name); err != nil || got.PublicKey() != seed.PublicKey() {
			t.Errorf("%s: %v", name, err)
		}
	}
	if findings, err = keystore.Reconcile(t.Context(), d.open(), true); err != nil || len(findings) != 1 {
		t.Fatalf("%v, %v", findings, err)
	}
}

// An index that is lost costs the names, not the seeds.
func TestLostIndexIsMadeAnew(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	seeds := map[keys.PublicKey]bool{}
	for _, name := range []string{"a", "b", "c"} {
		seed := keystoretest.NewSeed(t, keys.Cluster)
		seeds[seed.PublicKey()] = true
		if err := d.open().Put(t.Context(), name, seed); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Remove(d.index()); err != nil {
		t.Fatal(err)
	}
	_, listErr := d.open().List(t.Context())
	_, getErr := d.open().Get(t.Context(), "a")
	for doing, err := range map[string]error{
		"List": listErr, "Get": getErr, "Put": d.open().Put(t.Context(), "a", keystoretest.NewSeed(t, keys.Cluster)),
		"Delete": d.open().Delete(t.Context(), "a", keys.PublicKey{}),
	} {
		if !keystoretest.Corrupt(err) || !strings.Contains(err.Error(), "(3)") || !strings.Contains(fault.HintOf(err), "--repair") {
			t.Errorf("%s: %v", doing, err)
		}
	}
	if len(d.ring.items) != 3 {
		t.Fatalf("the keyring has %d items", len(d.ring.items))
	}
	if _, err := keystore.Reconcile(t.Context(), d.open(), true); err != nil {
		t.Fatal(err)
	}
	entries, err := d.open().List(t.Context())
	if err != nil || len(entries) != 3 {
		t.Fatalf("%v, %v", entries, err)
	}
	for _, e := range entries {
		if got, err := d.open().Get(t.Context(), e.Name); err != nil || !seeds[got.PublicKey()] {
			t.Errorf("%s: %v", e.Name, err)
		}
	}
}

// A keyring that is out of reach is an error of the check, not a finding.
func TestReconcileUnreachableKeyring(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	store := keystoretest.RingStore(safefile.Disk{}, d.ring, d.dir, calm, func(context.Context, bool) error {
		return keyring.Unusable(keyring.Locked, nil, "a test")
	})
	for _, mend := range []bool{false, true} {
		if _, err := keystore.Reconcile(t.Context(), store, mend); !fault.Is(err, fault.Locked) {
			t.Errorf("error is %v", err)
		}
	}
	if _, _, err := keystore.Check(t.Context(), store); !fault.Is(err, fault.Locked) {
		t.Errorf("error is %v", err)
	}
}

// Once a call has hung, a command does not wait for another.
func TestPatienceIsLostOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	if err := d.open().Put(t.Context(), "a", keystoretest.NewSeed(t, keys.Cluster)); err != nil {
		t.Fatal(err)
	}
	block := make(chan struct{})
	t.Cleanup(func() { close(block) })
	d.ring.before = func(string, string) error { <-block; return errors.New("late") }
	store := keystoretest.RingStore(safefile.Disk{}, d.ring, d.dir, hasty, nil)
	before := d.ring.counted()
	for range 20 {
		if _, err := store.Get(t.Context(), "a"); !fault.Is(err, fault.Unavailable) {
			t.Fatalf("error is %v", err)
		}
		if err := keystoretest.Delete(t, store, "a"); !fault.Is(err, fault.Unavailable) {
			t.Fatalf("error is %v", err)
		}
	}
	if calls := d.ring.counted() - before; calls > 1 { // none where the machine is so busy that the probe took too long
		t.Fatalf("%d calls were made", calls)
	}
}
