package bucket_test

import (
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// What is unpublished is given to nobody, and can be published again; its generation
// stays taken, for a machine too that has never seen it.
func TestUnpublish(t *testing.T) {
	t.Parallel()
	alice := newTeam(t, "team", natstest.Start(t, natstest.JetStream(t)))
	store := alice.open(t)
	if _, _, err := store.Unpublish(t.Context(), "prod"); !fault.Is(err, fault.NotFound) {
		t.Fatal(err)
	}
	keystoretest.Must(t, alice.publish(t, "prod", 3, "three"))
	keystoretest.Must(t, alice.publish(t, "staging", 1, "one"))
	if was, changed, err := store.Unpublish(t.Context(), "prod"); !changed || was.Generation != 3 || err != nil {
		t.Fatal(was, changed, err)
	}
	if was, changed, err := store.Unpublish(t.Context(), "prod"); changed || was.Generation != 3 || err != nil {
		t.Errorf("the second time: %v, %t, %v", was, changed, err)
	}
	other := newcomer(t, alice)
	_, err := alice.open(t).Introduce(t.Context(), other.signingKey(t), "other")
	keystoretest.Must(t, err)
	if _, err := other.open(t).Fetch(t.Context(), "prod"); !fault.Is(err, fault.NotFound) || !strings.Contains(err.Error(), "is no longer published") {
		t.Error(err)
	}
	other.fetches(t, "", 1, "one")
	for _, step := range []struct {
		generation uint64
		text       string
	}{{2, "two"}, {3, "three and a remark"}} {
		if err := other.publish(t, "prod", step.generation, step.text); !fault.Is(err, fault.Refused) {
			t.Errorf("%v: %v", step, err)
		}
	}
	keystoretest.Must(t, other.publish(t, "prod", 3, "three"))
	alice.fetches(t, "prod", 3, "three")
	keystoretest.Must(t, alice.publish(t, "prod", 3, "three and a remark"))
	if _, _, err := alice.open(t).Unpublish(t.Context(), "prod"); err != nil {
		t.Fatal(err)
	}
	keystoretest.Must(t, alice.publish(t, "prod", 4, "four"))
	other.fetches(t, "prod", 4, "four")
}

// Who is no maintainer takes nothing off, though they may write to the bucket.
func TestOnlyAMaintainerUnpublishes(t *testing.T) {
	t.Parallel()
	alice := newTeam(t, "team", natstest.Start(t, natstest.JetStream(t)))
	bob := newcomer(t, alice)
	keystoretest.Must(t, alice.publish(t, "prod", 1, "one"))
	if _, _, err := bob.open(t).Unpublish(t.Context(), "prod"); !fault.Is(err, fault.Refused) {
		t.Error(err)
	}
	bob.fetches(t, "prod", 1, "one")
}

// The history has every manifest that was published, and gives each back, until those of
// a lattice that is published no more are purged: those of another stay.
func TestTheHistoryOfManifests(t *testing.T) {
	t.Parallel()
	alice := newTeam(t, "team", natstest.Start(t, natstest.JetStream(t)))
	store := alice.open(t)
	if all, err := store.Manifests(t.Context(), ""); len(all) > 0 || err != nil {
		t.Fatal(all, err)
	}
	for generation, text := range []string{"zero", "one", "two"} {
		keystoretest.Must(t, alice.publish(t, "prod", uint64(generation)+1, text))
	}
	keystoretest.Must(t, alice.publish(t, "an other", 9, "nine")) // whose name is no token of NATS
	all, err := store.Manifests(t.Context(), "prod")
	if err != nil || len(all) != 3 || all[0].Generation != 3 || !all[0].Current || all[1].Current || all[2].Signer.IsZero() {
		t.Fatalf("%+v %v", all, err)
	}
	if m, err := store.FetchRevision(t.Context(), "prod", all[2].Revision); err != nil || m.Generation != 1 || string(m.Text) != "zero" {
		t.Error(m, err)
	}
	if _, err := store.FetchRevision(t.Context(), "an other", all[2].Revision); !fault.Is(err, fault.NotFound) {
		t.Errorf("a revision of another lattice: %v", err)
	}
	for text, want := range map[string]bool{"zero": true, "two": true, "nine": false} {
		if was, err := store.WasPublished(t.Context(), "prod", []byte(text)); was != want || err != nil {
			t.Errorf("%s was published: %t, %v", text, was, err)
		}
	}
	if _, err := store.PurgeManifests(t.Context(), "prod"); !fault.Is(err, fault.Refused) {
		t.Errorf("what is published is purged: %v", err)
	}
	if _, _, err := store.Unpublish(t.Context(), "prod"); err != nil {
		t.Fatal(err)
	}
	if all, err := store.Manifests(t.Context(), ""); err != nil || len(all) != 4 || all[0].Lattice != "an other" || all[1].Current {
		t.Errorf("%+v %v", all, err)
	}
	if n, err := store.PurgeManifests(t.Context(), "prod"); n != 3 || err != nil {
		t.Errorf("%d are purged, %v", n, err)
	}
	if n, err := store.PurgeManifests(t.Context(), "prod"); n != 0 || err != nil {
		t.Errorf("%d are purged the second time, %v", n, err)
	}
	if _, err := store.Manifests(t.Context(), "prod"); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	alice.fetches(t, "an other", 9, "nine")
	if err := alice.publish(t, "prod", 2, "again"); !fault.Is(err, fault.Refused) {
		t.Errorf("a generation is free once it is purged: %v", err)
	}
	keystoretest.Must(t, alice.publish(t, "prod", 3, "two"))
	alice.fetches(t, "prod", 3, "two")
}

// A revision that mallory has put in is shown as what it is, and never given out.
func TestAForgedRevisionIsNotFetched(t *testing.T) {
	t.Parallel()
	alice, o, _ := robbed(t)
	keystoretest.Must(t, alice.publish(t, "prod", 1, "one"))
	keystoretest.Must(t, alice.publish(t, "prod", 2, "two"))
	forged := forgedManifest(t, newPerson(t, "team"))
	all := o.all()
	for i := range all {
		if strings.HasSuffix(all[i].subject, ".manifests.prod") {
			all[i].data = forged.data
			break
		}
	}
	o.become(all)
	found, err := alice.open(t).Manifests(t.Context(), "prod")
	if err != nil || len(found) != 2 || found[1].Lattice != "" || found[1].Generation != 0 || !found[1].Signer.IsZero() {
		t.Fatalf("%+v %v", found, err)
	}
	if _, err := alice.open(t).FetchRevision(t.Context(), "prod", found[1].Revision); !keystoretest.Corrupt(err) || fault.HintOf(err) == "" {
		t.Error(err)
	}
}

// To unpublish takes what to publish does; to purge takes more.
func TestWhoMayUnpublish(t *testing.T) {
	t.Parallel()
	server := withRoles(t, "team")
	alice := newTeam(t, "team", server)
	keystoretest.Must(t, alice.publish(t, "prod", 1, "one"))
	reader, writer, purger := alice.as(server, "keystore-reader").open(t), alice.as(server, "keystore-writer").open(t), alice.as(server, "keystore-purger").open(t)
	_, _, err := reader.Unpublish(t.Context(), "prod")
	forbidden(t, err, "$KV.team.root", "keystore-writer")
	all, err := reader.Manifests(t.Context(), "")
	if len(all) != 1 || err != nil {
		t.Fatal(all, err)
	}
	if _, err := reader.FetchRevision(t.Context(), "prod", all[0].Revision); err != nil {
		t.Error(err)
	}
	_, _, err = writer.Unpublish(t.Context(), "prod")
	keystoretest.Must(t, err)
	_, err = writer.PurgeManifests(t.Context(), "prod")
	forbidden(t, err, "$JS.API.STREAM.PURGE.KV_team", "keystore-purger")
	if n, err := purger.PurgeManifests(t.Context(), "prod"); n != 1 || err != nil {
		t.Error(n, err)
	}
}

// Of two who publish and unpublish at the same time the list tells who came last, and
// both are told so.
func TestPublishAndUnpublishAtOnce(t *testing.T) {
	t.Parallel()
	alice := newTeam(t, "team", natstest.Start(t, natstest.JetStream(t)))
	keystoretest.Must(t, alice.publish(t, "prod", 1, "one"))
	published, unpublished := make(chan error, 1), make(chan bool, 1)
	go func() { published <- alice.publish(t, "prod", 2, "two") }()
	go func() {
		was, _, err := alice.open(t).Unpublish(t.Context(), "prod")
		unpublished <- err == nil && was.Generation == 2
	}()
	if err := <-published; err != nil {
		t.Fatal(err)
	}
	last := <-unpublished
	if now, there, err := alice.open(t).Published(t.Context(), "prod"); err != nil || there == last || there && now.Generation != 2 {
		t.Errorf("generation %d is published: %t, %v; it was taken off: %t", now.Generation, there, err, last)
	}
}
