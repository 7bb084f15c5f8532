package bucket_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/bucket"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// person is somebody with an identity, a folder that remembers, and a way to the
// servers.
type person struct {
	uri      string
	dir      string
	dial     bucket.Dial
	patience time.Duration
	now      func() time.Time
	notices  *[]string
}

// patience is that of who is not told how long to wait: a machine may be very busy.
const patience = 2 * time.Minute

// newTeam makes a keystore in a bucket of the servers, and its first maintainer.
func newTeam(t testing.TB, name string, servers ...*natstest.Server) person {
	t.Helper()
	p := newPerson(t, name, servers...)
	if err := p.open(t).Init(t.Context(), []agefile.Recipient{p.recipient(t)}, nil); err != nil {
		t.Fatal(err)
	}
	return p
}

// newPerson has an identity of their own.
func newPerson(t testing.TB, name string, servers ...*natstest.Server) person {
	t.Helper()
	p := person{dir: keystoretest.Folder(t), dial: dial, patience: patience, now: time.Now, notices: new([]string)}
	for _, s := range servers {
		if p.uri != "" {
			p.uri += ","
		}
		p.uri += s.URL()[len("nats://"):]
	}
	p.uri = "nats://" + p.uri + "/" + name
	keystoretest.NewIdentity(t, filepath.Join(p.dir, "id"))
	return p
}

// dial connects as nobody in particular.
func dial(ctx context.Context, at bucket.Address) (*natsconn.Conn, func(), error) {
	return dialThrough(natstest.Dial)(ctx, at)
}

func dialThrough(through natsconn.Dial) bucket.Dial {
	return func(ctx context.Context, at bucket.Address) (*natsconn.Conn, func(), error) {
		conn, err := natsconn.Connect(ctx, natsconn.Options{
			Server: natsconn.Server{URLs: at.URLs}, Name: "test", Timeout: 10 * time.Second, Reconnect: true, Dial: through,
		})
		if err != nil {
			return nil, nil, err
		}
		return conn, conn.Close, nil
	}
}

func (p person) recipient(t testing.TB) agefile.Recipient {
	t.Helper()
	known, err := agefile.LookAt(t.Context(), filepath.Join(p.dir, "id"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := agefile.ParseRecipient(known.Recipients[0])
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (p person) open(t testing.TB) *bucket.Store {
	t.Helper()
	at, err := bucket.ParseAddress(p.uri)
	if err != nil {
		t.Fatal(err)
	}
	return bucket.New(p.uri, at, bucket.Options{
		Dial: p.dial, Now: p.now, Random: rand.Reader, Memory: filepath.Join(p.dir, "data"), Patience: p.patience,
		Unlock: agefile.Unlock{IdentityFiles: []string{filepath.Join(p.dir, "id")}, Named: true},
		Notice: func(message string) { *p.notices = append(*p.notices, message) },
	})
}

// The contract, in buckets of one server.
func TestContractBucket(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t, natstest.JetStream(t))
	next := make(chan int, 1)
	next <- 0
	keystoretest.Run(t, func(t *testing.T) func() keystore.Store {
		n := <-next
		next <- n + 1
		p := newTeam(t, "b"+string(rune('a'+n/26))+string(rune('a'+n%26)), server)
		return func() keystore.Store { return p.open(t) }
	})
}

// recipientOf is short for it.
type recipientOf = agefile.Recipient

// put stores a new seed under each name.
func (p person) put(t testing.TB, names ...string) map[string]keys.Seed {
	t.Helper()
	seeds := map[string]keys.Seed{}
	for _, name := range names {
		seed, err := keys.Generate(keys.Cluster, rand.Reader)
		if err == nil {
			err = p.open(t).Put(t.Context(), name, seed)
		}
		if err != nil {
			t.Fatal(err)
		}
		seeds[name] = seed
	}
	return seeds
}

// revisions counts those that the bucket has of a name.
func (p person) revisions(t testing.TB, name string) int {
	t.Helper()
	all, err := p.open(t).History(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	return len(all)
}

// generation is that of the keystore, as it is remembered after a look.
func (p person) generation(t testing.TB) uint64 {
	t.Helper()
	if _, err := p.open(t).List(t.Context()); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(p.dir, "data", "buckets", "*.json"))
	if err != nil || len(files) != 1 {
		t.Fatal(files, err)
	}
	text, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	var seen struct {
		Generation uint64 `json:"generation"`
	}
	if err := json.Unmarshal(text, &seen); err != nil {
		t.Fatal(err)
	}
	return seen.Generation
}
