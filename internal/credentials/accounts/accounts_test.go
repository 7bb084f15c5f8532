package accounts

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/credentials/users"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

const patience = 30 * time.Second

func serversOf(t *testing.T, s *natstest.Server, login natsconn.Login) Servers {
	t.Helper()
	return Servers{Conn: s.Connect(t, login), Wait: patience, Quiet: patience}
}

// quiet is what is waited for more servers than are known of; where too few have
// answered, they are asked again.
const quiet = 100 * time.Millisecond

// list gets the servers, as many as there are.
func list(t *testing.T, s Servers, want int) []Server {
	t.Helper()
	s.Quiet = quiet
	for begun := time.Now(); time.Since(begun) < patience; {
		all, err := s.List(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if len(all) == want {
			return all
		}
	}
	t.Fatalf("not %d servers after %s", want, patience)
	return nil
}

func parse(t *testing.T, text string) users.Account {
	t.Helper()
	a, err := users.ParseAccount(text)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// revoke gives the account without the user.
func revoke(t *testing.T, a users.Account, user natsconn.Login, operator keys.Seed) (users.Account, []lattice.RevokedUser) {
	t.Helper()
	revoked := []lattice.RevokedUser{{PublicKey: user.Seed.PublicKey(), At: time.Now().UTC().Truncate(time.Second)}}
	next, err := a.WithRevoked(revoked, nil, operator)
	if err != nil {
		t.Fatal(err)
	}
	return next, revoked
}

// TestRevokedOnEveryServer: after a push to one server of three, every one of them
// refuses the revoked user and lets the other in; an older copy that somebody pushes
// later is known by what it lacks.
func TestRevokedOnEveryServer(t *testing.T) {
	t.Parallel()
	operator := natstest.NewOperator(t)
	account := operator.Account(t, "prod")
	cluster := natstest.Cluster(t, 3, operator.RunEach(t))
	provider, host := account.User(t, "provider"), account.User(t, "host")
	for _, s := range cluster {
		s.Connect(t, provider)
	}
	s := serversOf(t, cluster[0], operator.System.User(t, "admin"))
	known := list(t, s, 3)
	before, err := s.Copies(t.Context(), account.Seed.PublicKey(), known)
	if err != nil || len(before.Kept) != 3 || len(before.InUse) != 3 {
		t.Fatalf("%d kept, %d in use, %v", len(before.Kept), len(before.InUse), err)
	}
	if err := before.Newest().CheckSigner(operator.Seed.PublicKey(), known[0].Operators); err != nil {
		t.Fatal(err)
	}
	next, revoked := revoke(t, before.Newest(), provider, operator.Seed)
	pushed, err := s.Push(t.Context(), next, known)
	if err != nil || len(pushed.Took) != 3 || len(pushed.Silent) != 0 || !pushed.Kept {
		t.Fatalf("pushed %+v, %v", pushed, err)
	}
	after, err := s.Copies(t.Context(), account.Seed.PublicKey(), known)
	if err != nil || len(after.all()) != 6 || slices.ContainsFunc(after.all(), func(a users.Account) bool { return len(a.Missing(revoked)) > 0 }) {
		t.Fatalf("read back %d copies, %v", len(after.all()), err)
	}
	addresses := s.Addresses()
	if len(addresses) != 3 {
		t.Fatalf("addresses %v", addresses)
	}
	if got := LetIn(t.Context(), cluster[0].Options(provider), addresses); !Everywhere(got, false) {
		t.Errorf("the revoked user: %+v", got)
	}
	if got := LetIn(t.Context(), cluster[0].Options(host), addresses); !Everywhere(got, true) {
		t.Errorf("the other user: %+v", got)
	}
	if _, err := s.Push(t.Context(), before.Newest(), known); err != nil {
		t.Fatal(err)
	}
	rolled, err := s.Copies(t.Context(), account.Seed.PublicKey(), known)
	if err != nil || len(rolled.InUse) != 3 {
		t.Fatal(err)
	}
	for _, c := range rolled.InUse {
		if len(c.Account.Missing(revoked)) != 1 {
			t.Errorf("%s: the older copy was not noticed", c.Server)
		}
	}
}

// TestEachServerAnswersForItself: one that refuses a user is not said to let it in because
// the others of its cluster do.
func TestEachServerAnswersForItself(t *testing.T) {
	t.Parallel()
	open, shut, login := natstest.Divided(t)
	got := LetIn(t.Context(), open.Options(login), []string{open.URL(), shut.URL()})
	if !Everywhere(got[:1], true) || !Everywhere(got[1:], false) {
		t.Errorf("%+v", got)
	}
}

// TestMemoryResolver: it forgets at the next start, and does nothing about an account
// of which no user has come.
func TestMemoryResolver(t *testing.T) {
	t.Parallel()
	operator := natstest.NewMemoryOperator(t)
	account, idle := operator.Account(t, "prod"), operator.Account(t, "idle")
	server := natstest.Start(t, operator.Run(t))
	user := account.User(t, "provider")
	server.Connect(t, user)
	s := serversOf(t, server, operator.System.User(t, "admin"))
	known := list(t, s, 1)
	copies, err := s.Copies(t.Context(), account.Seed.PublicKey(), known)
	if err != nil || len(copies.Kept) != 0 || len(copies.InUse) != 1 {
		t.Fatalf("%+v, %v", copies, err)
	}
	next, _ := revoke(t, copies.Newest(), user, operator.Seed)
	pushed, err := s.Push(t.Context(), next, known)
	if err != nil || len(pushed.Took) != 1 || pushed.Kept {
		t.Fatalf("pushed %+v, %v", pushed, err)
	}
	if got := LetIn(t.Context(), server.Options(user), s.Addresses()); !Everywhere(got, false) {
		t.Errorf("the revoked user: %+v", got)
	}
	unused, _ := revoke(t, parse(t, idle.JWT(t)), idle.User(t, "nobody"), operator.Seed)
	if _, err := s.Push(t.Context(), unused, known); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "keeps accounts in memory") {
		t.Errorf("an account that is not loaded: %v", err)
	}
}

// TestServersThatCannotBeAsked: whoever is not of the system account, and servers
// that have no operator.
func TestServersThatCannotBeAsked(t *testing.T) {
	t.Parallel()
	operator := natstest.NewOperator(t)
	account := operator.Account(t, "prod")
	inMode := natstest.Start(t, operator.Run(t))
	s := serversOf(t, inMode, account.User(t, "ordinary"))
	s.Quiet = quiet
	if _, err := s.List(t.Context()); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "does not belong to their system account") {
		t.Errorf("an ordinary user: %v", err)
	}
	admin := natstest.Key(t, keys.User)
	plain := natstest.Config(t, `listen: "127.0.0.1:-1"
system_account: SYS
accounts { SYS { users: [ {nkey: "`+admin.PublicKey().String()+`"} ] } }`)
	s = serversOf(t, plain, natsconn.Login{Seed: admin})
	s.Quiet = quiet
	if _, err := s.List(t.Context()); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "is not in operator mode") {
		t.Errorf("a server with its own users: %v", err)
	}
}

// TestResolverThatRefuses: an operator that lets only its signing keys sign.
func TestResolverThatRefuses(t *testing.T) {
	t.Parallel()
	operator := natstest.NewOperator(t)
	account := operator.Account(t, "prod")
	server := natstest.Start(t, operator.Run(t))
	s := serversOf(t, server, operator.System.User(t, "admin"))
	known := list(t, s, 1)
	foreign := natstest.Key(t, keys.Operator)
	next, _ := revoke(t, parse(t, account.JWT(t)), account.User(t, "u"), foreign)
	if err := next.CheckSigner(next.Issuer(), known[0].Operators); !fault.Is(err, fault.Refused) {
		t.Errorf("a foreign operator: %v", err)
	}
	broken := users.Account{}
	if _, err := s.Push(t.Context(), broken, known); err == nil || !strings.Contains(err.Error(), "did not take the account") {
		t.Errorf("no account at all: %v", err)
	}
}

// TestReadBackSaysWhatItHasFound: the time is over in the middle of a look, and what the
// one before has found is told.
func TestReadBackSaysWhatItHasFound(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	operator := natstest.NewMemoryOperator(t)
	account := operator.Account(t, "prod")
	old := parse(t, account.JWT(t))
	next, revoked := revoke(t, old, account.User(t, "provider"), operator.Seed)
	within, end := context.WithCancel(t.Context())
	defer end()
	asked := 0
	other := server.Connect(t, natsconn.Login{})
	_, err := other.Subscribe("$SYS.REQ.ACCOUNT."+old.PublicKey().String()+".CLAIMS.LOOKUP", func(m *nats.Msg) {
		if asked++; asked == 1 {
			_ = m.Respond([]byte(old.JWT()))
			return
		}
		end()
	})
	if err == nil {
		err = other.Settle(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	s := Servers{Conn: server.Connect(t, natsconn.Login{}), Wait: patience, Quiet: time.Millisecond}
	stale, kept, err := s.readBack(t.Context(), within, Revocation{After: next, Servers: []Server{{Name: "n1"}}}, revoked)
	if err != nil || len(stale) != 0 || kept != 1 {
		t.Errorf("%v, %d kept, %v", stale, kept, err)
	}
}

// TestAServerThatAnswersLate: the first one tells how many there are, so that another is
// waited for longer than for one that nobody knows of.
func TestAServerThatAnswersLate(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	two := server.Connect(t, natsconn.Login{})
	varz := fmt.Sprintf(`"data":{"trusted_operators_claim":[{"sub":%q,"nats":{}}]}`, natstest.Key(t, keys.Operator).PublicKey())
	_, err := two.Subscribe("$SYS.REQ.SERVER.>", func(m *nats.Msg) {
		if m.Subject == "$SYS.REQ.SERVER.PING" {
			_ = m.Respond([]byte(`{"server":{"id":"A","name":"n1"},"statsz":{"active_servers":2}}`))
			return
		}
		_ = m.Respond([]byte(`{"server":{"id":"A","name":"n1"},` + varz + `}`))
		time.AfterFunc(quiet, func() { _ = m.Respond([]byte(`{"server":{"id":"B","name":"n2"},` + varz + `}`)) })
	})
	if err == nil {
		err = two.Settle(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	s := Servers{Conn: server.Connect(t, natsconn.Login{}), Wait: patience, Quiet: time.Millisecond}
	if found, err := s.List(t.Context()); err != nil || len(found) != 2 {
		t.Errorf("%+v, %v", found, err)
	}
}
