package bucket_test

import (
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/bucket"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// copied is a store that has made a copy of one seed and one manifest.
func copied(t *testing.T) (host person, server *natstest.Server, store *bucket.Store, made *bucket.Copy) {
	t.Helper()
	server = natstest.Start(t, natstest.JetStream(t))
	alice := newTeam(t, "team", server)
	alice.put(t, "web-1", "web-2")
	if err := alice.publish(t, "prod", 1, "one"); err != nil {
		t.Fatal(err)
	}
	store = alice.open(t)
	made = store.Copy("web-1")
	made.Begin()
	read(t, store)
	if err := made.Save(); err != nil {
		t.Fatal(err)
	}
	return alice, server, store, made
}

// read reads what the host of copied needs.
func read(t *testing.T, store *bucket.Store) {
	t.Helper()
	if m, err := store.Fetch(t.Context(), "prod"); err != nil || string(m.Text) != "one" {
		t.Fatal(string(m.Text), err)
	}
	seed, err := store.Get(t.Context(), "web-1")
	if err != nil {
		t.Fatal(err)
	}
	seed.Wipe()
}

// What was kept answers as the bucket did, holds no more than was needed, and is not
// to be changed.
func TestACopyAnswersAsTheBucketDid(t *testing.T) {
	t.Parallel()
	host, server, _, _ := copied(t)
	server.Stop()
	asked := host.open(t)
	if _, err := asked.Fetch(t.Context(), "prod"); !bucket.Away(err) {
		t.Fatalf("nobody is away: %v", err)
	}
	offline, current, err := asked.Copy("web-1").Offline()
	if err != nil || time.Since(current) > time.Hour {
		t.Fatal(current, err)
	}
	read(t, offline)
	if _, err := offline.Get(t.Context(), "web-2"); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "has no web-2") {
		t.Error(err)
	}
	if err := offline.Put(t.Context(), "x", keystoretest.NewSeed(t, keys.Cluster)); !fault.Is(err, fault.Unavailable) {
		t.Error(err)
	}
	if _, _, err := asked.Copy("web-9").Offline(); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}
