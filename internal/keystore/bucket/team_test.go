package bucket_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

func TestShareAndUnshare(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	alice := newTeam(t, "team", server)
	alice.put(t, "a", "b", "c")
	bob := newcomer(t, alice)
	if _, err := bob.open(t).Get(t.Context(), "a"); !fault.Is(err, fault.Locked) {
		t.Fatalf("a stranger opens it: %v", err)
	}
	r := bob.recipient(t)
	r.Comment = "bob"
	added, resealed, err := alice.open(t).Share(t.Context(), []recipientOf{r, r})
	if err != nil || resealed != 3 || len(added) != 1 {
		t.Fatal(added, resealed, err)
	}
	if added, resealed, err := alice.open(t).Share(t.Context(), []recipientOf{r}); err != nil || resealed != 0 || len(added) != 0 {
		t.Fatal(added, resealed, err)
	}
	if _, err := bob.open(t).Get(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if _, _, err := alice.open(t).Unshare(t.Context(), alice.recipient(t).Text, false); !fault.Is(err, fault.Refused) {
		t.Fatalf("she locked herself out: %v", err)
	}
	gone, resealed, err := alice.open(t).Unshare(t.Context(), "bob", false)
	if err != nil || resealed != 3 || gone.Text != r.Text {
		t.Fatal(gone, resealed, err)
	}
	if _, err := bob.open(t).Get(t.Context(), "a"); !fault.Is(err, fault.Locked) {
		t.Fatalf("who has left opens it: %v", err)
	}
	if _, _, err := alice.open(t).Unshare(t.Context(), "bob", false); !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
	if _, _, err := alice.open(t).Unshare(t.Context(), alice.recipient(t).Text, true); !fault.Is(err, fault.Refused) {
		t.Fatalf("the last one left: %v", err)
	}
}

// Who has left could open certain keys: they stay on the list until they are gone.
func TestWhatALeaverCouldOpenIsOwed(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	alice := newTeam(t, "team", server)
	seeds := alice.put(t, "before")
	bob := newcomer(t, alice)
	if _, _, err := alice.open(t).Share(t.Context(), []recipientOf{bob.recipient(t)}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := alice.open(t).Unshare(t.Context(), bob.recipient(t).Text, false); err != nil {
		t.Fatal(err)
	}
	alice.put(t, "after")
	debts, err := alice.open(t).Debts(t.Context())
	if err != nil || len(debts) != 1 || debts[0].PublicKey != seeds["before"].PublicKey() || len(debts[0].Revisions) != 1 {
		t.Fatal(debts, err)
	}
	all, err := alice.open(t).History(t.Context(), "before")
	if err != nil || len(all) != 3 || all[1].Revision != debts[0].Revisions[0] {
		t.Fatalf("%v is not the revision in %v, %v", debts[0].Revisions, all, err)
	}
	if err := alice.open(t).Rename(t.Context(), "before", "renamed", debts[0].PublicKey); err != nil {
		t.Fatal(err)
	}
	if findings, err := alice.open(t).Reconcile(t.Context(), false); err != nil || len(findings) != 1 {
		t.Fatalf("a new name is no new key: %v, %v", findings, err)
	}
	if findings, err := alice.open(t).Reconcile(t.Context(), true); err != nil || len(findings) != 1 || findings[0].Mended {
		t.Fatalf("a repair does not tell what is left to do: %v, %v", findings, err)
	}
	if err := keystoretest.Delete(t, alice.open(t), "renamed"); err != nil {
		t.Fatal(err)
	}
	if findings, err := alice.open(t).Reconcile(t.Context(), false); err != nil || len(findings) != 0 {
		t.Fatal(findings, err)
	}
}

// A key that comes back is still owed, also where somebody left while it was deleted.
func TestAKeyThatComesBackIsStillOwed(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	alice := newTeam(t, "team", server)
	seed := alice.put(t, "web")["web"]
	var names []string
	for _, early := range []bool{true, false} {
		leaver := newcomer(t, alice).recipient(t)
		names = append(names, leaver.Text)
		if _, _, err := alice.open(t).Share(t.Context(), []recipientOf{leaver}); err != nil {
			t.Fatal(err)
		}
		leave := func() {
			if _, _, err := alice.open(t).Unshare(t.Context(), leaver.Text, false); err != nil {
				t.Fatal(err)
			}
		}
		if early {
			leave()
		}
		keystoretest.Must(t, alice.open(t).Delete(t.Context(), "web", seed.PublicKey()))
		if !early {
			leave()
		}
		all, err := alice.open(t).History(t.Context(), "web")
		keystoretest.Must(t, err)
		if _, err := alice.open(t).Recover(t.Context(), "web", all[0].Revision); err != nil {
			t.Fatal(err)
		}
		debts, err := alice.open(t).Debts(t.Context())
		if err != nil || len(debts) != len(names) {
			t.Fatalf("owed is %v, %v", debts, err)
		}
		for i, d := range debts {
			if d.Recipient != names[i] || d.Name != "web" || d.PublicKey != seed.PublicKey() {
				t.Errorf("owed is %v, not what %s could open", d, names[i])
			}
		}
	}
}

// A change of recipients that is cut short counts for nothing, and the next run goes on
// where it stopped.
func TestAChangeOfRecipientsGoesOn(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	alice := newTeam(t, "team", server)
	alice.put(t, "a", "b", "c", "d")
	bob := newcomer(t, alice)
	killed, ctx := alice.killedBefore(t, "$KV.team.seeds.c")
	if _, _, err := killed.open(t).Share(ctx, []recipientOf{bob.recipient(t)}); !errors.Is(err, context.Canceled) || !strings.HasPrefix(err.Error(), "nothing was changed: ") {
		t.Fatal(err)
	}
	all, err := alice.open(t).Recipients(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	if _, err := bob.open(t).Get(t.Context(), "a"); !fault.Is(err, fault.Locked) {
		t.Fatalf("half of it counts: %v", err)
	}
	if _, resealed, err := alice.open(t).Share(t.Context(), []recipientOf{bob.recipient(t)}); err != nil || resealed != 4 {
		t.Fatal(resealed, err)
	}
	for _, name := range []string{"a", "b", "c", "d"} {
		if n := alice.revisions(t, name); n != 2 {
			t.Errorf("%s was encrypted anew %d times", name, n-1)
		}
		if _, err := bob.open(t).Get(t.Context(), name); err != nil {
			t.Error(err)
		}
	}
}

// What was deleted comes back, encrypted to who are recipients now, until it is purged.
func TestDeletedSeedsComeBack(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	alice := newTeam(t, "team", server)
	old := alice.put(t, "a")["a"]
	was, err := alice.open(t).History(t.Context(), "a")
	if err != nil || len(was) != 1 || !was[0].Current || was[0].PublicKey != old.PublicKey() {
		t.Fatal(was, err)
	}
	keystoretest.Must(t, keystoretest.Delete(t, alice.open(t), "a"))
	bob := newcomer(t, alice)
	if _, _, err := alice.open(t).Share(t.Context(), []recipientOf{bob.recipient(t)}); err != nil {
		t.Fatal(err)
	}
	replaced := alice.put(t, "a")["a"]
	if _, err := alice.open(t).Recover(t.Context(), "a", was[0].Revision); !fault.Is(err, fault.Exists) {
		t.Fatalf("it was written over: %v", err)
	}
	keystoretest.Must(t, alice.open(t).Rename(t.Context(), "a", "b", replaced.PublicKey()))
	public, err := alice.open(t).Recover(t.Context(), "a", was[0].Revision)
	if err != nil || public != old.PublicKey() {
		t.Fatal(public, err)
	}
	if got, err := bob.open(t).Get(t.Context(), "a"); err != nil || got.PublicKey() != old.PublicKey() {
		t.Fatal(got, err)
	}
	if _, err := alice.open(t).Purge(t.Context(), "a"); err != nil {
		t.Fatal(err)
	}
	if _, err := bob.open(t).Get(t.Context(), "a"); err != nil {
		t.Fatalf("what is in use was purged: %v", err)
	}
	if _, err := alice.open(t).Recover(t.Context(), "a", was[0].Revision); !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
}

// Changes that are never finished do not push out what is in use, though a bucket keeps
// 64 revisions of a key.
func TestUnfinishedChangesPushOutNothing(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	alice := newTeam(t, "team", server)
	seed := alice.put(t, "a")["a"]
	o := newOperator(t, server)
	for range 63 {
		o.publish(stored{"$KV.team.seeds.a", []byte("begun, and never finished")})
	}
	bob := newcomer(t, alice)
	if _, _, err := alice.open(t).Share(t.Context(), []recipientOf{bob.recipient(t)}); !fault.Is(err, fault.Refused) || !strings.Contains(fault.HintOf(err), "purge") {
		t.Fatal(err)
	}
	if purged, err := alice.open(t).Purge(t.Context(), "a"); err != nil || purged != 63 {
		t.Fatal(purged, err)
	}
	if _, resealed, err := alice.open(t).Share(t.Context(), []recipientOf{bob.recipient(t)}); err != nil || resealed != 1 {
		t.Fatal(resealed, err)
	}
	if got, err := bob.open(t).Get(t.Context(), "a"); err != nil || got.PublicKey() != seed.PublicKey() {
		t.Fatal(got, err)
	}
}

// The same bucket, made twice at once, has one keystore.
func TestInitOnce(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	all := []person{newPerson(t, "team", server), newPerson(t, "team", server)}
	errs := make(chan error, len(all))
	for _, p := range all {
		go func() { errs <- p.open(t).Init(t.Context(), []recipientOf{p.recipient(t)}, nil) }()
	}
	first, second := <-errs, <-errs
	if (first == nil) == (second == nil) || !fault.Is(first, fault.Exists) && !fault.Is(second, fault.Exists) {
		t.Fatal(first, second)
	}
	if err := all[0].open(t).Init(t.Context(), nil, []byte("secret")); !fault.Is(err, fault.Usage) {
		t.Fatal(err)
	}
	if err := all[0].open(t).Put(t.Context(), "a", keys.Seed{}); err == nil {
		t.Fatal("no seed was stored")
	}
}

// A name that several have takes none of them off, since another of them would stay.
func TestANameThatSeveralHave(t *testing.T) {
	t.Parallel()
	alice := newPerson(t, "team", natstest.Start(t, natstest.JetStream(t)))
	to := []recipientOf{alice.recipient(t), newPerson(t, "team").recipient(t), newPerson(t, "team").recipient(t)}
	to[1].Comment, to[2].Comment = "bob", "bob"
	keystoretest.Must(t, alice.open(t).Init(t.Context(), to, nil))
	if _, _, err := alice.open(t).Unshare(t.Context(), "bob", false); !fault.Is(err, fault.Usage) {
		t.Fatal(err)
	}
	for _, which := range []string{to[1].Text, "bob"} { // there is one bob left
		if _, _, err := alice.open(t).Unshare(t.Context(), which, false); err != nil {
			t.Fatal(which, err)
		}
	}
	users := []keys.PublicKey{keystoretest.NewSeed(t, keys.User).PublicKey(), keystoretest.NewSeed(t, keys.User).PublicKey()}
	for _, key := range users {
		if _, err := alice.open(t).Introduce(t.Context(), key, "bob"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := alice.open(t).Dismiss(t.Context(), "bob"); !fault.Is(err, fault.Usage) {
		t.Fatal(err)
	}
	if gone, err := alice.open(t).Dismiss(t.Context(), users[1].String()); err != nil || gone != users[1] {
		t.Fatal(gone, err)
	}
}
