package published_test

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/bucket"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// team is the keystore of a team of one.
func team(t *testing.T) *keystore.Bucket {
	t.Helper()
	server := natstest.Start(t, natstest.JetStream(t))
	dir := keystoretest.Folder(t)
	identity := filepath.Join(dir, "id")
	keystoretest.NewIdentity(t, identity)
	known, err := agefile.LookAt(t.Context(), identity)
	if err != nil {
		t.Fatal(err)
	}
	to, err := agefile.ParseRecipient(known.Recipients[0])
	if err != nil {
		t.Fatal(err)
	}
	uri := server.URL() + "/team"
	at, err := bucket.ParseAddress(uri)
	if err != nil {
		t.Fatal(err)
	}
	store := bucket.New(uri, at, bucket.Options{
		Dial: func(ctx context.Context, at bucket.Address) (*natsconn.Conn, func(), error) {
			conn, err := natsconn.Connect(ctx, natsconn.Options{Server: natsconn.Server{URLs: at.URLs}, Name: "test", Dial: natstest.Dial})
			if err != nil {
				return nil, nil, err
			}
			return conn, conn.Close, nil
		},
		Unlock: agefile.Unlock{IdentityFiles: []string{identity}, Named: true}, Now: time.Now, Random: rand.Reader, Memory: dir,
	})
	if err := store.Init(t.Context(), []agefile.Recipient{to}, nil); err != nil {
		t.Fatal(err)
	}
	return store
}

// What a maintainer publishes as something else than it says of itself is refused.
func TestFetch(t *testing.T) {
	t.Parallel()
	store := team(t)
	seed := keystoretest.NewSeed(t, keys.Cluster)
	doc, err := lattice.New("lattice.yaml", lattice.Manifest{
		Lattice: "prod", Generation: 4, Target: wasmcloud.Targets()[0], Issuers: []lattice.Issuer{{Name: "one", PublicKey: seed.PublicKey()}},
		Hosts: []lattice.Host{{Name: "web-1", SignsWith: "one"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		published  string
		generation uint64
		text       []byte
		says       string
	}{
		{"prod", 4, doc.Bytes(), ""},
		{"prod", 5, doc.Bytes(), "says that it is generation 4 of prod, and was published as generation 5"},
		{"staging", 4, doc.Bytes(), "says that it is generation 4 of prod"},
		{"prod", 6, []byte("hosts: 1"), "the manifest of prod in nats://"},
	} {
		if _, _, err := store.Publish(t.Context(), keystore.Manifest{Lattice: step.published, Generation: step.generation, Text: step.text}, nil); err != nil {
			t.Fatal(err)
		}
		got, _, err := published.Fetch(t.Context(), store, step.published)
		switch {
		case step.says == "" && (err != nil || string(got.Bytes()) != string(doc.Bytes())):
			t.Errorf("%s %d: %v", step.published, step.generation, err)
		case step.says != "" && (err == nil || !strings.Contains(err.Error(), step.says) || fault.HintOf(err) == ""):
			t.Errorf("%s %d: %v, want %q", step.published, step.generation, err, step.says)
		}
	}
}

// Only a bucket holds manifests.
func TestIn(t *testing.T) {
	t.Parallel()
	store, err := keystore.Open("env:", keystore.Deps{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := published.In(store, "give one"); !fault.Is(err, fault.Usage) || !strings.Contains(err.Error(), "env: cannot give one") {
		t.Error(err)
	}
	if _, err := published.In(team(t), "give one"); err != nil {
		t.Error(err)
	}
}
