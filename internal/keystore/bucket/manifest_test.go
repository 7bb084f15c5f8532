package bucket_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/bucket"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// publish puts a manifest of a lattice into the bucket.
func (p person) publish(t testing.TB, lattice string, generation uint64, text string) error {
	t.Helper()
	_, _, err := p.open(t).Publish(t.Context(), bucket.Manifest{Lattice: lattice, Generation: generation, Text: []byte(text)}, sameStart(text))
	return err
}

// sameStart lets manifests follow that begin with the same word.
func sameStart(text string) func(before []byte) string {
	word, _, _ := strings.Cut(text, " ")
	return func(before []byte) string {
		if strings.HasPrefix(string(before), word) {
			return ""
		}
		return "it begins otherwise"
	}
}

// fetches makes sure that a lattice's manifest is what is wanted.
func (p person) fetches(t testing.TB, lattice string, generation uint64, text string) {
	t.Helper()
	m, err := p.open(t).Fetch(t.Context(), lattice)
	if err != nil || m.Generation != generation || string(m.Text) != text {
		t.Errorf("%s: generation %d, %q, %v; want %d, %q", lattice, m.Generation, m.Text, err, generation, text)
	}
}

func TestTheGenerationOfAManifestOnlyGrows(t *testing.T) {
	t.Parallel()
	alice := newTeam(t, "team", natstest.Start(t, natstest.JetStream(t)))
	if _, err := alice.open(t).Fetch(t.Context(), "prod"); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
	for _, step := range []struct {
		lattice    string
		generation uint64
		text       string
		refused    bool
	}{
		{"prod", 3, "three", false},
		{"prod", 3, "three", false},
		{"prod", 3, "another", true},
		{"prod", 3, "three and a remark", false},
		{"prod", 3, "three", false},
		{"prod", 2, "two", true},
		{"staging", 1, "one", false},
		{"prod", 7, "seven", false},
		{"prod", 3, "three", true},
	} {
		err := alice.publish(t, step.lattice, step.generation, step.text)
		if fault.Is(err, fault.Refused) != step.refused || !step.refused && err != nil {
			t.Errorf("%v: %v", step, err)
		}
	}
	alice.fetches(t, "prod", 7, "seven")
	alice.fetches(t, "staging", 1, "one")
	if _, err := alice.open(t).Fetch(t.Context(), ""); !fault.Is(err, fault.Usage) || !strings.Contains(err.Error(), "prod, staging") {
		t.Errorf("one of two is taken: %v", err)
	}
}

// Who is no maintainer publishes nothing, though they may write to the bucket.
func TestOnlyAMaintainerPublishes(t *testing.T) {
	t.Parallel()
	alice := newTeam(t, "team", natstest.Start(t, natstest.JetStream(t)))
	bob := newcomer(t, alice)
	if err := bob.publish(t, "prod", 1, "bob's"); !fault.Is(err, fault.Refused) {
		t.Fatal(err)
	}
	if err := alice.publish(t, "prod", 1, "alice's"); err != nil {
		t.Fatal(err)
	}
	bob.fetches(t, "prod", 1, "alice's")
}

// To fetch, and to keep a copy, takes no right but to read; to publish takes more.
func TestWhoMayReadFetches(t *testing.T) {
	t.Parallel()
	server := natstest.Config(t, `
jetstream: { store_dir: "`+t.TempDir()+`" }
listen: 127.0.0.1:-1
no_auth_user: all
authorization: { users: [
  { user: all, password: all }
  { user: reader, password: reader, permissions: { publish: ["$JS.API.STREAM.MSG.GET.KV_team"], subscribe: ["_INBOX.>"] } }
] }`)
	alice := newTeam(t, "team", server)
	keystoretest.Must(t, alice.publish(t, "prod", 1, "one"))
	reader := alice.as(server, "reader")
	store := reader.open(t)
	made := store.Copy("web-1")
	made.Begin()
	if m, err := store.Fetch(t.Context(), ""); err != nil || string(m.Text) != "one" {
		t.Fatal(string(m.Text), err)
	}
	keystoretest.Must(t, made.Save())
	forbidden(t, reader.publish(t, "prod", 2, "two"), "$KV.team.manifests.prod", "keystore-writer")
}

// Whoever runs the servers exchanges a manifest, puts an older one in its place, or one
// that he has signed himself.
func TestTheOperatorCannotExchangeAManifest(t *testing.T) {
	t.Parallel()
	alice, o, _ := robbed(t)
	for generation := range uint64(3) {
		if err := alice.publish(t, "prod", generation+1, fmt.Sprint("text ", generation+1)); err != nil {
			t.Fatal(err)
		}
	}
	alice.fetches(t, "prod", 3, "text 3")
	all := o.all()
	older := stored{}
	for _, m := range all {
		if strings.HasSuffix(m.subject, ".manifests.prod") {
			older = m
			break
		}
	}
	mallory := newPerson(t, "team")
	for name, with := range map[string][]byte{
		"an older one":              older.data,
		"one that was changed":      append(bytes.Clone(older.data), 0),
		"one that mallory has made": forgedManifest(t, mallory).data,
	} {
		t.Run(name, func(t *testing.T) {
			put := append([]stored(nil), all...)
			for i := range put {
				if put[i].subject == older.subject {
					put[i].data = with
				}
			}
			operator{t, o.js}.become(put)
			_, err := newcomer(t, alice).open(t).Fetch(t.Context(), "prod")
			if findings, err := alice.open(t).Reconcile(t.Context(), false); err != nil || len(findings) != 1 || findings[0].Name != "manifests.prod" {
				t.Errorf("a check finds %v, %v", findings, err)
			}
			if err == nil || !strings.Contains(err.Error(), "is not the manifest that was published") || fault.HintOf(err) == "" {
				t.Error(err)
			}
		})
	}
}

// forgedManifest is one that somebody has published in a keystore of their own.
func forgedManifest(t *testing.T, by person) stored {
	t.Helper()
	server := natstest.Start(t, natstest.JetStream(t))
	by.uri = server.URL() + "/team"
	if err := by.open(t).Init(t.Context(), []recipientOf{by.recipient(t)}, nil); err != nil {
		t.Fatal(err)
	}
	if err := by.publish(t, "prod", 3, "mallory's"); err != nil {
		t.Fatal(err)
	}
	return newest(newOperator(t, server), "manifests.prod")
}

// A maintainer whose latch does not care takes a lattice back: the list is signed and
// follows, and who has seen the newer manifest refuses it all the same.
func TestAnOlderManifestIsRefusedWhoeverSignsIt(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	alice := newTeam(t, "team", server)
	host := newcomer(t, alice)
	if err := alice.publish(t, "prod", 5, "five"); err != nil {
		t.Fatal(err)
	}
	host.fetches(t, "prod", 5, "five")
	bucket.TakeBack(t, alice.open(t), "prod", 4, "four")
	if _, err := host.open(t).Fetch(t.Context(), "prod"); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "generation 4, and 5 was seen here before") {
		t.Error(err)
	}
	if _, err := host.open(t).Fetch(t.Context(), "prod"); !fault.Is(err, fault.Refused) {
		t.Errorf("the second time it is taken: %v", err)
	}
	bucket.TakeBack(t, alice.open(t), "prod", 5, "another five")
	if _, err := host.open(t).Fetch(t.Context(), "prod"); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "another than was seen here before") {
		t.Error(err)
	}
	if err := alice.publish(t, "prod", 6, "six"); err != nil {
		t.Fatal(err)
	}
	host.fetches(t, "prod", 6, "six")
}

// A publication that is cut short counts for nothing; done again, it goes on with what
// it had written.
func TestAPublicationGoesOn(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	alice := newTeam(t, "team", server)
	keystoretest.Must(t, alice.publish(t, "prod", 1, "one"))
	killed, ctx := alice.killedBefore(t, "$KV.team.root")
	if _, _, err := killed.open(t).Publish(ctx, bucket.Manifest{Lattice: "prod", Generation: 2, Text: []byte("two")}, sameStart("two")); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	alice.fetches(t, "prod", 1, "one")
	if was, err := alice.open(t).WasPublished(t.Context(), "prod", []byte("two")); was || err != nil {
		t.Errorf("what was cut short was published: %v", err)
	}
	keystoretest.Must(t, alice.publish(t, "prod", 2, "two"))
	alice.fetches(t, "prod", 2, "two")
	written := 0
	for _, m := range newOperator(t, server).all() {
		if strings.HasSuffix(m.subject, ".manifests.prod") {
			written++
		}
	}
	if written != 2 {
		t.Errorf("two manifests are written %d times", written)
	}
}

// Of two who publish the same generation at the same time one wins, and the other is
// told.
func TestTwoPublishAtOnce(t *testing.T) {
	t.Parallel()
	alice := newTeam(t, "team", natstest.Start(t, natstest.JetStream(t)))
	errs := map[string]chan error{"hers": make(chan error, 1), "his": make(chan error, 1)}
	for text, done := range errs {
		go func() { done <- alice.publish(t, "prod", 1, text) }()
	}
	winner := ""
	for text, done := range errs {
		switch err := <-done; {
		case err == nil && winner == "":
			winner = text
		case !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "another manifest of lattice prod was published as generation 1"):
			t.Errorf("%s: %v", text, err)
		}
	}
	alice.fetches(t, "prod", 1, winner)
}

// One of three servers is killed between any two publications, and then a second: no
// publication is lost, and what the machine kept answers when nobody does.
func TestPublishWhileServersAreKilled(t *testing.T) {
	t.Parallel()
	servers := natstest.Cluster(t, 3)
	p := newTeam(t, "team", servers...)
	p.put(t, "web-1")
	for generation := range uint64(6) {
		if generation == 3 {
			leader(t, servers).Stop()
		}
		text := fmt.Sprint("text ", generation+1)
		if err := p.publish(t, "prod", generation+1, text); err != nil {
			t.Fatal(err)
		}
		for _, s := range servers {
			if s.Running() {
				one := p
				one.uri = s.URL() + "/team"
				one.fetches(t, "prod", generation+1, text)
			}
		}
	}
	store := p.open(t)
	made := store.Copy("web-1")
	made.Begin()
	if _, err := store.Fetch(t.Context(), "prod"); err != nil {
		t.Fatal(err)
	}
	if err := made.Save(); err != nil {
		t.Fatal(err)
	}
	leader(t, servers).Stop()
	p.patience = time.Second
	if _, err := p.open(t).Fetch(t.Context(), "prod"); !bucket.Away(err) {
		t.Fatalf("two of three are gone: %v", err)
	}
	if err := p.publish(t, "prod", 7, "late"); !fault.Is(err, fault.Unavailable) {
		t.Fatal(err)
	}
	offline, _, err := p.open(t).Copy("web-1").Offline()
	if err != nil {
		t.Fatal(err)
	}
	if m, err := offline.Fetch(t.Context(), "prod"); err != nil || string(m.Text) != "text 6" {
		t.Error(string(m.Text), err)
	}
}
