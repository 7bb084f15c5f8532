package bucket_test

import (
	"context"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/bucket"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// The least that a reader and a writer must be allowed is enough, and what they are not
// allowed is said as such.
func TestTheLeastPermissions(t *testing.T) {
	t.Parallel()
	server := natstest.Config(t, `
jetstream: { store_dir: "`+t.TempDir()+`" }
listen: 127.0.0.1:-1
no_auth_user: all
authorization: { users: [
  { user: all, password: all }
  { user: reader, password: reader, permissions: { publish: ["$JS.API.STREAM.MSG.GET.KV_team"], subscribe: ["_INBOX.>"] } }
  { user: writer, password: writer, permissions: {
    publish: ["$JS.API.STREAM.MSG.GET.KV_team", "$JS.API.STREAM.INFO.KV_team", "$KV.team.>"], subscribe: ["_INBOX.>"] } }
] }`)
	alice := newTeam(t, "team", server)
	alice.put(t, "a")
	reader, writer := alice.as(server, "reader"), alice.as(server, "writer")
	if _, err := reader.open(t).Get(t.Context(), "a"); err != nil {
		t.Fatalf("a reader cannot read: %v", err)
	}
	seed := keystoretest.NewSeed(t, keys.Cluster)
	forbidden(t, reader.open(t).Put(t.Context(), "b", seed), "$KV.team.seeds.b")
	forbidden(t, keystoretest.Delete(t, reader.open(t), "a"), "$KV.team.root")
	bob := newcomer(t, alice)
	_, _, err := reader.open(t).Share(t.Context(), []recipientOf{bob.recipient(t)})
	forbidden(t, err, "$KV.team.seeds.a")

	keystoretest.Must(t, writer.open(t).Put(t.Context(), "b", seed))
	if _, _, err := writer.open(t).Share(t.Context(), []recipientOf{bob.recipient(t)}); err != nil {
		t.Fatal(err)
	}
	keystoretest.Must(t, writer.open(t).Rename(t.Context(), "b", "c", seed.PublicKey()))
	keystoretest.Must(t, keystoretest.Delete(t, writer.open(t), "c"))
	_, err = writer.open(t).Purge(t.Context(), "c")
	forbidden(t, err, "$JS.API.STREAM.PURGE.KV_team")
}

// as is the same person as another user of the server.
func (p person) as(server *natstest.Server, user string) person {
	p.dial = func(ctx context.Context, at bucket.Address) (*natsconn.Conn, func(), error) {
		o := server.Options(natsconn.Login{Name: user, Password: user})
		o.Server.URLs = at.URLs
		conn, err := natsconn.Connect(ctx, o)
		if err != nil {
			return nil, nil, err
		}
		return conn, conn.Close, nil
	}
	return p
}

func forbidden(t *testing.T, err error, subject string) {
	t.Helper()
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "forbids this user publishing to "+subject) || fault.HintOf(err) == "" {
		t.Errorf("%v, want that publishing to %s is forbidden", err, subject)
	}
}

// A host takes turns with the rights that docs/teams.md lists; who may not make the
// bucket is told how it is made.
func TestACellNeedsNoMore(t *testing.T) {
	t.Parallel()
	server := natstest.Config(t, `
jetstream: { store_dir: "`+t.TempDir()+`" }
listen: 127.0.0.1:-1
authorization: { users: [
  { user: first, password: first, permissions: {
    publish: ["$JS.API.STREAM.MSG.GET.KV_team_rollout", "$KV.team_rollout.>", "$JS.API.STREAM.CREATE.KV_team_rollout"], subscribe: ["_INBOX.>"] } }
  { user: host, password: host, permissions: {
    publish: ["$JS.API.STREAM.MSG.GET.KV_team_rollout", "$KV.team_rollout.>"], subscribe: ["_INBOX.>"] } }
] }`)
	as := func(user string) *bucket.Cell {
		return bucket.CellOn(server.Connect(t, natsconn.Login{Name: user, Password: user}), "team_rollout", "prod")
	}
	_, _, err := as("host").Read(t.Context())
	forbidden(t, err, "$JS.API.STREAM.CREATE.KV_team_rollout")
	if hint := fault.HintOf(err); !strings.Contains(hint, "nats kv add team_rollout --history 1 --replicas 3") {
		t.Errorf("hint: %s", hint)
	}
	count(t, as("first"), "first")
	count(t, as("host"), "host")
	if data, revision, err := as("host").Read(t.Context()); err != nil || number(data) != 2 || revision != 2 {
		t.Errorf("%s at revision %d, %v", data, revision, err)
	}
}
