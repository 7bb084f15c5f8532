package bucket_test

import (
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/keystore/store"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// host is a recipient who opens what is encrypted to it by name.
func host(t *testing.T, of person, name string) person {
	t.Helper()
	h := newcomer(t, of)
	r := h.recipient(t)
	r.Comment = name
	if added, err := of.open(t).Admit(t.Context(), r); err != nil || !added {
		t.Fatal(added, err)
	}
	return h
}

// opens tells which of the keys a person opens.
func (p person) opens(t *testing.T, seeds map[string]keys.Seed) map[string]bool {
	t.Helper()
	can := map[string]bool{}
	for name, seed := range seeds {
		got, err := p.open(t).Get(t.Context(), name)
		if err != nil && !fault.Is(err, fault.Locked) || err == nil && got.PublicKey() != seed.PublicKey() {
			t.Fatal(name, got, err)
		}
		can[name] = err == nil
	}
	return can
}

// A key that is to replace another is encrypted to the same, and to whom is named besides.
func TestWhatReplacesAKeyIsReadByTheSame(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	alice := newTeam(t, "team", server)
	seeds := alice.put(t, "web-1")
	one, two := host(t, alice, "host-web-1"), host(t, alice, "host-web-2")
	if _, err := alice.open(t).Encrypt(t.Context(), "web-1", []string{"host-web-1"}); err != nil {
		t.Fatal(err)
	}
	own := alice.open(t)
	own.Also([]string{"host-web-2"})
	var all []store.Named
	for name, old := range map[string]string{"web-1.2": "web-1", "other": ""} {
		seeds[name] = keystoretest.NewSeed(t, keys.Cluster)
		all = append(all, store.Named{Name: name, Seed: seeds[name], InPlaceOf: old})
	}
	keystoretest.Must(t, own.PutAll(t.Context(), all, func() {}))
	if can := one.opens(t, seeds); !can["web-1"] || !can["web-1.2"] || can["other"] {
		t.Errorf("host-web-1 opens %v", can)
	}
	if can := two.opens(t, seeds); can["web-1"] || !can["web-1.2"] || !can["other"] {
		t.Errorf("host-web-2 opens %v", can)
	}
}

// A host opens its own key and no other, whatever changes around it; who opens all opens
// them all.
func TestAHostOpensItsOwnKeyOnly(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	alice := newTeam(t, "team", server)
	seeds := alice.put(t, "shared", "web-1")
	one, two := host(t, alice, "host-web-1"), host(t, alice, "host-web-2")
	if can := one.opens(t, seeds); can["shared"] || can["web-1"] {
		t.Fatalf("a new host opens %v", can)
	}
	if left, err := alice.open(t).Encrypt(t.Context(), "web-1", []string{"host-web-1"}); err != nil || left != 0 {
		t.Fatal(left, err)
	}
	own := alice.open(t)
	own.Also([]string{"host-web-2"})
	seeds["web-2"] = keystoretest.NewSeed(t, keys.Cluster)
	keystoretest.Must(t, own.Put(t.Context(), "web-2", seeds["web-2"]))
	bob := newcomer(t, alice)
	if _, resealed, err := alice.open(t).Share(t.Context(), []recipientOf{bob.recipient(t)}); err != nil || resealed != 3 {
		t.Fatal(resealed, err)
	}
	keystoretest.Must(t, alice.open(t).Rename(t.Context(), "web-2", "web-2b", seeds["web-2"].PublicKey()))
	seeds["web-2b"] = seeds["web-2"]
	delete(seeds, "web-2")
	for name, c := range map[string]struct {
		who  person
		want []string
	}{
		"alice": {alice, []string{"shared", "web-1", "web-2b"}}, "bob": {bob, []string{"shared", "web-1", "web-2b"}},
		"host-web-1": {one, []string{"web-1"}}, "host-web-2": {two, []string{"web-2b"}},
	} {
		can := c.who.opens(t, seeds)
		opened := 0
		for _, key := range c.want {
			if can[key] {
				opened++
			}
		}
		for _, yes := range can {
			if yes {
				opened--
			}
		}
		if opened != 0 || !can[c.want[0]] {
			t.Errorf("%s opens %v, want %v", name, can, c.want)
		}
	}
	all, err := alice.open(t).Reaches(t.Context())
	if err != nil || len(all) != 3 || len(all[0].By) != 2 || len(all[1].By) != 3 || all[1].By[1].Comment != "host-web-1" {
		t.Fatalf("%+v, %v", all, err)
	}
}

// A host that may no longer open a key may have kept it; so may one that leaves.
func TestAKeyTakenFromAHostIsOwed(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	alice := newTeam(t, "team", server)
	seeds := alice.put(t, "a", "b")
	h := host(t, alice, "h")
	for _, name := range []string{"a", "b"} {
		if _, err := alice.open(t).Encrypt(t.Context(), name, []string{"h"}); err != nil {
			t.Fatal(err)
		}
	}
	if left, err := alice.open(t).Encrypt(t.Context(), "a", nil); err != nil || left != 1 {
		t.Fatal(left, err)
	}
	if can := h.opens(t, seeds); can["a"] || !can["b"] {
		t.Fatalf("it opens %v", can)
	}
	if _, resealed, err := alice.open(t).Unshare(t.Context(), "h", false); err != nil || resealed != 1 {
		t.Fatal(resealed, err)
	}
	debts, err := alice.open(t).Debts(t.Context())
	if err != nil || len(debts) != 2 || debts[0].Name != "a" || debts[len(debts)-1].Name != "b" {
		t.Fatalf("%+v, %v", debts, err)
	}
	if can := h.opens(t, seeds); can["a"] || can["b"] {
		t.Fatalf("who has left opens %v", can)
	}
	if _, err := alice.open(t).Encrypt(t.Context(), "a", []string{"h"}); !fault.Is(err, fault.NotFound) {
		t.Fatalf("encrypted to nobody: %v", err)
	}
	gone := alice.open(t)
	gone.Also([]string{"h"})
	if err := gone.Put(t.Context(), "c", keystoretest.NewSeed(t, keys.Cluster)); !fault.Is(err, fault.NotFound) {
		t.Fatalf("encrypted to nobody: %v", err)
	}
}

// A key that comes back is for the hosts again that could open it, but for those that it
// was taken from.
func TestAKeyThatComesBackIsForItsHosts(t *testing.T) {
	t.Parallel()
	alice := newTeam(t, "team", natstest.Start(t, natstest.JetStream(t)))
	seeds := alice.put(t, "web")
	stays, leaves := host(t, alice, "stays"), host(t, alice, "leaves")
	for _, to := range [][]string{{"leaves", "stays"}, {"stays"}} {
		if _, err := alice.open(t).Encrypt(t.Context(), "web", to); err != nil {
			t.Fatal(err)
		}
	}
	keystoretest.Must(t, alice.open(t).Delete(t.Context(), "web", seeds["web"].PublicKey()))
	all, err := alice.open(t).History(t.Context(), "web")
	keystoretest.Must(t, err)
	if _, err := alice.open(t).Recover(t.Context(), "web", all[1].Revision); err != nil { // which both could open
		t.Fatal(err)
	}
	if !stays.opens(t, seeds)["web"] || leaves.opens(t, seeds)["web"] {
		t.Errorf("who stays: %v, who leaves: %v", stays.opens(t, seeds), leaves.opens(t, seeds))
	}
	if debts, err := alice.open(t).Debts(t.Context()); err != nil || len(debts) != 1 || debts[0].Recipient != "leaves" {
		t.Error(debts, err)
	}
}
