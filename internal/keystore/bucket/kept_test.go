package bucket_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
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

// copyFile is the only copy of a person.
func (p person) copyFile(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(p.dir, "data", "copies", "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	return files[0]
}

// edit changes the revisions in a copy.
func (p person) edit(t *testing.T, change func(revisions []map[string]any) []map[string]any) {
	t.Helper()
	path := p.copyFile(t)
	text, err := os.ReadFile(path)
	var doc struct {
		Bucket    string           `json:"bucket"`
		Current   time.Time        `json:"current"`
		Revisions []map[string]any `json:"revisions"`
	}
	if err == nil {
		err = json.Unmarshal(text, &doc)
	}
	if err == nil {
		doc.Revisions = change(doc.Revisions)
		text, err = json.Marshal(doc)
	}
	if err == nil {
		err = os.WriteFile(path, text, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// A copy that somebody changed is worth no more than a bucket that somebody changed.
func TestACopyIsJudgedAsTheBucketWouldBe(t *testing.T) {
	t.Parallel()
	spoil := func(key string) func(all []map[string]any) []map[string]any {
		return func(all []map[string]any) []map[string]any {
			for _, m := range all {
				if strings.HasSuffix(m["subject"].(string), "."+key) {
					data, _ := base64.StdEncoding.DecodeString(m["data"].(string))
					data[len(data)-2] ^= 1
					m["data"] = base64.StdEncoding.EncodeToString(data)
				}
			}
			return all
		}
	}
	for name, c := range map[string]struct {
		change func(all []map[string]any) []map[string]any
		says   string
	}{
		"list":     {spoil("root"), "is no list of keys"},
		"manifest": {spoil("manifests.prod"), "is not the manifest that was published"},
		"seed":     {spoil("seeds.web-1"), "it was exchanged"},
		"no list":  {func(all []map[string]any) []map[string]any { return all[:len(all)-1] }, "it is not in the copy"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			host, server, _, _ := copied(t)
			server.Stop()
			host.edit(t, c.change)
			offline, _, err := host.open(t).Copy("web-1").Offline()
			if err != nil {
				t.Fatal(err)
			}
			_, err = offline.Fetch(t.Context(), "prod")
			if err == nil {
				_, err = offline.Get(t.Context(), "web-1")
			}
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%v, want %q", err, c.says)
			}
		})
	}
}

// What this machine has seen since counts: a newer manifest, and who was dismissed. That
// the list is an older one does not.
func TestACopyIsNoOlderThanWhatWasSeen(t *testing.T) {
	t.Parallel()
	alice, _, _, _ := copied(t)
	from := func() *bucket.Store {
		offline, _, err := alice.open(t).Copy("web-1").Offline()
		if err != nil {
			t.Fatal(err)
		}
		return offline
	}
	alice.put(t, "another")
	read(t, from())
	if err := alice.publish(t, "prod", 2, "two"); err != nil {
		t.Fatal(err)
	}
	if _, err := from().Fetch(t.Context(), "prod"); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "generation 1, and 2 was seen here before") {
		t.Error(err)
	}
	seed, err := from().Get(t.Context(), "web-1")
	if err != nil {
		t.Fatal(err)
	}
	seed.Wipe()
	bob := newcomer(t, alice)
	_, err = alice.open(t).Introduce(t.Context(), bob.signingKey(t), "bob")
	keystoretest.Must(t, err)
	if _, err := alice.open(t).List(t.Context()); err != nil { // she sees that bob may change it
		t.Fatal(err)
	}
	if _, err := bob.open(t).Dismiss(t.Context(), alice.signingKey(t).String()); err != nil {
		t.Fatal(err)
	}
	if _, err := alice.open(t).List(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := from().Get(t.Context(), "web-1"); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "who is not trusted here") {
		t.Errorf("what one signed counts who was dismissed: %v", err)
	}
}

// Others can neither read a copy nor put one in its place.
func TestACopyIsPrivate(t *testing.T) {
	t.Parallel()
	host, _, store, made := copied(t)
	path := host.copyFile(t)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 && runtime.GOOS != "windows" {
		t.Fatal(info.Mode(), err)
	}
	text, err := os.ReadFile(path)
	if err != nil || keys.MayHoldSeed(text) || bytes.Contains(text, []byte("web-2")) {
		t.Errorf("it holds too much: %v", err)
	}
	made.Begin()
	read(t, store)
	if err := made.Save(); err != nil {
		t.Fatal(err)
	}
	again, err := os.Stat(path)
	if err != nil || !again.ModTime().Equal(info.ModTime()) {
		t.Errorf("it is written though nothing has changed: %v", err)
	}
	if runtime.GOOS == "windows" {
		return
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, _, err := host.open(t).Copy("web-1").Offline(); !fault.Is(err, fault.Refused) {
		t.Errorf("one that others can read is used: %v", err)
	}
}

// A look at what has not changed costs one question, however many seeds it needs.
func TestAnotherLookCostsOneQuestion(t *testing.T) {
	t.Parallel()
	alice, _, _, _ := copied(t)
	asked := 0
	counting := alice.through(&wires{said: func(_ *wires, data []byte) bool {
		asked += bytes.Count(data, []byte("STREAM.MSG.GET"))
		return true
	}})
	store := counting.open(t)
	made := store.Copy("web-1")
	for look, most := range []int{3, 1, 1} { // the list, the manifest, the seed; then whether the list is the newest
		before := asked
		made.Begin()
		read(t, store)
		if err := made.Save(); err != nil {
			t.Fatal(err)
		}
		if asked-before > most {
			t.Errorf("look %d asked %d times", look, asked-before)
		}
	}
}

// Who says no is not away: only where nobody answers does a copy count.
func TestAway(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		make func(t *testing.T) person
		away bool
	}{
		"nobody listens": {func(t *testing.T) person {
			alice, server, _, _ := copied(t)
			server.Stop()
			return alice
		}, true},
		"the servers answer nothing": {func(t *testing.T) person {
			alice, _, _, _ := copied(t)
			alice = alice.through(&wires{said: func(_ *wires, data []byte) bool { return !bytes.Contains(data, []byte("STREAM.MSG.GET")) }})
			alice.patience = 200 * time.Millisecond
			return alice
		}, true},
		"the bucket is gone": {func(t *testing.T) person {
			alice, server, _, _ := copied(t)
			o := newOperator(t, server)
			if err := o.js.DeleteStream(t.Context(), "KV_team"); err != nil {
				t.Fatal(err)
			}
			return alice
		}, false},
		"another list": {func(t *testing.T) person {
			alice, server, _, _ := copied(t)
			newOperator(t, server).publish(forged(t, newPerson(t, "team")))
			return alice
		}, false},
		"no rights": {func(t *testing.T) person {
			server := natstest.Config(t, `
jetstream: { store_dir: "`+t.TempDir()+`" }
listen: 127.0.0.1:-1
no_auth_user: all
authorization: { users: [
  { user: all, password: all }
  { user: none, password: none, permissions: { publish: ["x"], subscribe: ["_INBOX.>"] } }
] }`)
			return newTeam(t, "team", server).as(server, "none")
		}, false},
		"no login": {func(t *testing.T) person {
			server := natstest.Config(t, "listen: 127.0.0.1:-1\nauthorization: { user: u, password: p }")
			return newPerson(t, "team", server).as(server, "none")
		}, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := c.make(t).open(t).List(t.Context())
			if err == nil || bucket.Away(err) != c.away {
				t.Errorf("away: %v, of %v", bucket.Away(err), err)
			}
		})
	}
}
