package bucket_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/bucket"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// withRoles is a server with a user of each role of the bucket, as the table of
// permissions has them, and one who may do everything.
func withRoles(t *testing.T, name string) *natstest.Server {
	t.Helper()
	var users strings.Builder
	for _, role := range permissions.KeystoreRoles() {
		set, err := role.In(name)
		keystoretest.Must(t, err)
		fmt.Fprintf(&users, "{ user: %s, password: %[1]s, ", role)
		set.WriteConfig(&users, 0)
		users.WriteString("}\n")
	}
	return natstest.Config(t, `
jetstream: { store_dir: "`+t.TempDir()+`" }
listen: 127.0.0.1:-1
no_auth_user: all
authorization: { users: [
{ user: all, password: all }
`+users.String()+`] }`)
}

// The least that each role must be allowed is enough for what it does, and what it is not
// allowed is said as such, with the role that is.
func TestTheLeastPermissions(t *testing.T) {
	t.Parallel()
	server := withRoles(t, "team")
	alice := newTeam(t, "team", server)
	alice.put(t, "a")
	reader, writer, purger := alice.as(server, "keystore-reader"), alice.as(server, "keystore-writer"), alice.as(server, "keystore-purger")
	if _, err := reader.open(t).Get(t.Context(), "a"); err != nil {
		t.Fatalf("a reader cannot read: %v", err)
	}
	seed := keystoretest.NewSeed(t, keys.Cluster)
	forbidden(t, reader.open(t).Put(t.Context(), "b", seed), "$KV.team.seeds.b", "keystore-writer")
	forbidden(t, keystoretest.Delete(t, reader.open(t), "a"), "$KV.team.root", "keystore-writer")
	bob := newcomer(t, alice)
	_, _, err := reader.open(t).Share(t.Context(), []recipientOf{bob.recipient(t)})
	forbidden(t, err, "$KV.team.seeds.a", "keystore-writer")

	keystoretest.Must(t, writer.open(t).Put(t.Context(), "b", seed))
	if _, _, err := writer.open(t).Share(t.Context(), []recipientOf{bob.recipient(t)}); err != nil {
		t.Fatal(err)
	}
	keystoretest.Must(t, writer.open(t).Rename(t.Context(), "b", "c", seed.PublicKey()))
	keystoretest.Must(t, keystoretest.Delete(t, writer.open(t), "c"))
	_, err = writer.open(t).Purge(t.Context(), "c")
	forbidden(t, err, "$JS.API.STREAM.PURGE.KV_team", "keystore-purger")
	if n, err := purger.open(t).Purge(t.Context(), "c"); n == 0 || err != nil {
		t.Errorf("%d revisions were purged, %v", n, err)
	}
	rollout := alice.as(server, "keystore-rollout")
	cell := func(who person) *bucket.Cell { return who.open(t).Cell(permissions.RolloutSuffix, "turn") }
	_, _, err = cell(alice.as(server, "keystore-maker")).Read(t.Context()) // which makes it
	keystoretest.Must(t, err)
	if written, err := cell(rollout).Write(t.Context(), []byte("web-1"), 0); !written || err != nil {
		t.Error(written, err)
	}
	if _, _, err = cell(writer).Read(t.Context()); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a writer sees whose turn it is: %v", err)
	}
	_, err = rollout.open(t).Get(t.Context(), "a")
	forbidden(t, err, "$JS.API.STREAM.MSG.GET.KV_team", "keystore-reader")
}

// Only the role that is for it makes the bucket, and it can use it then.
func TestWhoMakesTheBucket(t *testing.T) {
	t.Parallel()
	server := withRoles(t, "team")
	alice := newPerson(t, "team", server)
	me := []recipientOf{alice.recipient(t)}
	forbidden(t, alice.as(server, "keystore-purger").open(t).Init(t.Context(), me, nil), "$JS.API.STREAM.CREATE.KV_team", "keystore-maker")
	maker := alice.as(server, "keystore-maker")
	keystoretest.Must(t, maker.open(t).Init(t.Context(), me, nil))
	keystoretest.Must(t, maker.open(t).Put(t.Context(), "a", keystoretest.NewSeed(t, keys.Cluster)))
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

func forbidden(t *testing.T, err error, subject, role string) {
	t.Helper()
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "forbids this user publishing to "+subject) ||
		!strings.Contains(fault.HintOf(err), "--for "+role+" --bucket team") {
		t.Errorf("%v (%s), want that publishing to %s is forbidden, and allowed to %s", err, fault.HintOf(err), subject, role)
	}
}
