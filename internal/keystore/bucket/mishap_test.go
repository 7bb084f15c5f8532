package bucket_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// Clocks that jump, by years and back: what counts is what was read, not when.
func TestClocksThatJump(t *testing.T) {
	t.Parallel()
	p := newTeam(t, "team", natstest.Start(t, natstest.JetStream(t)))
	other := newPerson(t, "team")
	var names []string
	for i, year := range []int{2026, 2046, 1971, 2026, 2199} {
		p.now = func() time.Time { return time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC) }
		name := fmt.Sprintf("key-%d", i)
		seed := p.put(t, name)[name]
		names = append(names, name)
		for _, each := range names {
			if _, err := p.open(t).Get(t.Context(), each); err != nil {
				t.Fatalf("in %d: %v", year, err)
			}
		}
		keystoretest.Must(t, p.open(t).Rename(t.Context(), name, name+"-new", seed.PublicKey()))
		names[i] = name + "-new"
		if _, _, err := p.open(t).Share(t.Context(), []recipientOf{other.recipient(t)}); err != nil {
			t.Fatalf("in %d: %v", year, err)
		}
		if _, _, err := p.open(t).Unshare(t.Context(), other.recipient(t).Text, false); err != nil {
			t.Fatalf("in %d: %v", year, err)
		}
	}
	entries, err := p.open(t).List(t.Context())
	if err != nil || len(entries) != len(names) || entries[1].Created.Year() != 2046 {
		t.Error(entries, err)
	}
}

// A revision that a disk has spoilt: that key is named, the others open, and an earlier
// revision gives it back.
func TestACorruptedRecordIsGotOver(t *testing.T) {
	t.Parallel()
	alice, o, seeds := robbed(t)
	bob := newcomer(t, alice)
	if _, _, err := alice.open(t).Share(t.Context(), []recipientOf{bob.recipient(t)}); err != nil { // each has a second revision now
		t.Fatal(err)
	}
	all := o.all()
	for i := len(all) - 1; i >= 0; i-- {
		if all[i].subject == "$KV.team.seeds.a" {
			all[i].data[len(all[i].data)/2] ^= 1
			break
		}
	}
	o.become(all)
	store := alice.open(t)
	if _, err := store.Get(t.Context(), "a"); !keystoretest.Corrupt(err) {
		t.Fatal(err)
	}
	if got, err := store.Get(t.Context(), "b"); err != nil || got.PublicKey() != seeds["b"].PublicKey() {
		t.Error(got, err)
	}
	if entries, err := store.List(t.Context()); err != nil || len(entries) != 2 {
		t.Error(entries, err)
	}
	history, err := store.History(t.Context(), "a")
	if err != nil || len(history) != 2 {
		t.Fatal(history, err)
	}
	keystoretest.Must(t, store.Delete(t.Context(), "a", seeds["a"].PublicKey()))
	if public, err := store.Recover(t.Context(), "a", history[1].Revision); err != nil || public != seeds["a"].PublicKey() {
		t.Fatal(public, err)
	}
	if got, err := bob.open(t).Get(t.Context(), "a"); err != nil || got.PublicKey() != seeds["a"].PublicKey() {
		t.Error(got, err)
	}
}
