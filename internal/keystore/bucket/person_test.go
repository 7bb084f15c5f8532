package bucket_test

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"testing"
	"time"

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
	notices  *[]string
}

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
	p := person{dir: keystoretest.Folder(t), dial: dial, patience: 10 * time.Second, notices: new([]string)}
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
		Dial: p.dial, Now: time.Now, Random: rand.Reader, Memory: filepath.Join(p.dir, "data"), Patience: p.patience,
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
