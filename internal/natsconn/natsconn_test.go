package natsconn_test

import (
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// TestLogins: every way to prove who one is lets in who is known, and nobody else.
func TestLogins(t *testing.T) {
	t.Parallel()
	operator := natstest.NewOperator(t)
	account := operator.Account(t, "lattices")
	user := natstest.Key(t, keys.User)
	named := natstest.Start(t, func(o *server.Options) {
		o.Users = []*server.User{{Username: "ann", Password: "secret"}}
		o.Nkeys = []*server.NkeyUser{{Nkey: user.PublicKey().String()}}
	})
	token := natstest.Start(t, func(o *server.Options) { o.Authorization = "a token" })
	jwts := natstest.Start(t, operator.Run(t))
	for name, c := range map[string]struct {
		server *natstest.Server
		login  natsconn.Login
	}{
		"a name":     {named, natsconn.Login{Name: "ann", Password: "secret"}},
		"a key":      {named, natsconn.Login{Seed: user}},
		"a token":    {token, natsconn.Login{Token: "a token"}},
		"a user JWT": {jwts, account.User(t, "u")},
		"a bearer":   {jwts, natsconn.Login{JWT: account.User(t, "b", func(c *jwt.UserClaims) { c.BearerToken = true }).JWT}},
	} {
		conn := c.server.Connect(t, c.login)
		if err := conn.Settle(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, wrong := range []natsconn.Login{{}, {Seed: natstest.Key(t, keys.User)}, {Name: "ann", Password: "wrong"}} {
			_, err := natsconn.Connect(t.Context(), c.server.Options(wrong))
			isFailure(t, name+", refused", err, natsconn.Authenticate, "lets nobody in")
		}
	}
}

func isFailure(t *testing.T, name string, err error, step natsconn.Step, says string) {
	t.Helper()
	var failure *natsconn.Failure
	if !errors.As(err, &failure) || failure.Step != step || !strings.Contains(err.Error(), says) {
		t.Errorf("%s: %v, want the step %s and %q", name, err, step, says)
		return
	}
	if !fault.Is(err, fault.Unavailable) || fault.HintOf(err) == "" {
		t.Errorf("%s: kind %s, hint %q", name, fault.KindOf(err), fault.HintOf(err))
	}
}

// TestFailures: the step is named that a connection failed at.
func TestFailures(t *testing.T) {
	t.Parallel()
	plain := natstest.Start(t)
	secured := natstest.Start(t, natstest.TLS(t))
	stopped := natstest.Start(t)
	stopped.Stop()
	for name, c := range map[string]struct {
		url  string
		tls  natsconn.TLS
		step natsconn.Step
		says string
	}{
		"a port where nobody listens":  {stopped.URL(), natsconn.TLS{}, natsconn.Reach, "refused"},
		"an unknown name":              {"nats://nowhere.invalid:4222", natsconn.TLS{}, natsconn.Resolve, "nowhere.invalid"},
		"a server that speaks HTTP":    {natstest.Impostor(t, "HTTP/1.1 400 Bad Request\r\n\r\n"), natsconn.TLS{}, natsconn.Reach, "is not NATS"},
		"a server that says nothing":   {natstest.Impostor(t, ""), natsconn.TLS{}, natsconn.Reach, "does not answer as NATS does"},
		"TLS where there is none":      {plain.URL(), natsconn.TLS{Required: true}, natsconn.TLSStep, "secure connection"},
		"an authority nobody knows":    {secured.URL(), natsconn.TLS{}, natsconn.TLSStep, "unknown authority"},
		"another authority":            {secured.URL(), natsconn.TLS{CA: natstest.CA(t)}, natsconn.TLSStep, "unknown authority"},
		"a file of authorities amiss":  {secured.URL(), natsconn.TLS{CA: "missing.pem"}, natsconn.TLSStep, "missing.pem"},
		"a certificate without a key":  {plain.URL(), natsconn.TLS{Certificate: "a.pem"}, natsconn.TLSStep, "belong together"},
		"a handshake nobody waits for": {plain.URL(), natsconn.TLS{First: true}, natsconn.TLSStep, "TLS"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			options := plain.Options(natsconn.Login{})
			options.Server = natsconn.Server{URLs: []string{c.url}, TLS: c.tls}
			if strings.Contains(c.says, "does not answer") {
				options.Timeout = 2 * time.Second
			}
			_, err := natsconn.Connect(t.Context(), options)
			isFailure(t, name, err, c.step, c.says)
		})
	}
}

// TestRefusedInACluster: what is said of a server is not what came of another of its
// cluster, of which it has told.
func TestRefusedInACluster(t *testing.T) {
	t.Parallel()
	open, shut, login := natstest.Divided(t)
	elsewhere := shut.Options(login)
	conn, err := natsconn.Connect(t.Context(), elsewhere)
	if err != nil || conn.ConnectedUrl() != open.URL() {
		t.Fatalf("another of the cluster is not tried: %v", err)
	}
	conn.Close()
	elsewhere.Alone = true
	_, err = natsconn.Connect(t.Context(), elsewhere)
	isFailure(t, "alone", err, natsconn.Authenticate, shut.URL()+" lets nobody in")

	unreached := shut.Options(natsconn.Login{Name: "stranger", Password: "x"})
	dial := unreached.Dial
	unreached.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if "nats://"+address != shut.URL() {
			return nil, errors.New("no route from here")
		}
		return dial(ctx, network, address)
	}
	_, err = natsconn.Connect(t.Context(), unreached)
	isFailure(t, "the others out of reach", err, natsconn.Authenticate, shut.URL()+" lets nobody in")
}

// TestSlowLogins: a server that asks whether the client is there before it has let it in
// is tried again, but not for ever.
func TestSlowLogins(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	sound, slow := strings.TrimPrefix(s.URL(), "nats://"), strings.TrimPrefix(natstest.Impostor(t, "INFO {\"server_id\":\"slow\"}\r\nPING\r\n"), "nats://")
	for _, c := range []struct {
		slow int
		says string
	}{{1, ""}, {2, ""}, {100, "more than a second"}} {
		tries := 0
		conn, err := natsconn.Connect(t.Context(), natsconn.Options{
			Server: natsconn.Server{URLs: []string{s.URL()}},
			Dial: func(ctx context.Context, network, _ string) (net.Conn, error) {
				var d net.Dialer
				if tries++; tries <= c.slow {
					return d.DialContext(ctx, network, slow)
				}
				return d.DialContext(ctx, network, sound)
			},
		})
		switch {
		case c.says != "":
			var failure *natsconn.Failure
			if !errors.As(err, &failure) || failure.Step != natsconn.Reach || !strings.Contains(err.Error(), c.says) {
				t.Errorf("%d times slow: %v", c.slow, err)
			}
		case err != nil:
			t.Errorf("%d times slow: %v", c.slow, err)
		default:
			conn.Close()
		}
	}
}

// TestTLS: a server is trusted by the authority that is named.
func TestTLS(t *testing.T) {
	t.Parallel()
	ca := natstest.CA(t)
	s := natstest.Start(t, natstest.TLSBy(t, ca))
	options := s.Options(natsconn.Login{})
	options.Server.TLS = natsconn.TLS{Required: true, CA: ca}
	conn, err := natsconn.Connect(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if state, err := conn.TLSConnectionState(); err != nil || !state.HandshakeComplete {
		t.Errorf("the connection is not secured: %v", err)
	}
}

// TestConnectEndsWithItsContext: neither a deadline nor Ctrl-C waits for a silent
// server.
func TestConnectEndsWithItsContext(t *testing.T) {
	t.Parallel()
	options := natstest.Start(t).Options(natsconn.Login{})
	options.Server.URLs = []string{natstest.Impostor(t, "")}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := natsconn.Connect(ctx, options)
	isFailure(t, "deadline", err, natsconn.Reach, "no answer within the time")

	ctx, cancel = context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)
	if _, err = natsconn.Connect(ctx, options); !fault.Is(err, fault.Interrupted) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestDenied: what a server forbids is known once it has settled, for every way to
// be forbidden something.
func TestDenied(t *testing.T) {
	t.Parallel()
	only := &server.SubjectPermission{Allow: []string{"ok", "_INBOX.>"}}
	s := natstest.Start(t, func(o *server.Options) {
		o.Users = []*server.User{{Username: "u", Password: "p", Permissions: &server.Permissions{Publish: only, Subscribe: only}}}
	})
	conn := s.Connect(t, natsconn.Login{Name: "u", Password: "p"})
	for _, err := range []error{conn.Publish("no.x", nil), conn.Publish("ok", nil), sub(conn.SubscribeSync("no.>")), sub(conn.QueueSubscribeSync("no.q", "workers"))} {
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := conn.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := []natsconn.Denial{{Action: natsconn.Publish, Subject: "no.x"}, {Action: natsconn.Subscribe, Subject: "no.>"}, {Action: natsconn.Subscribe, Subject: "no.q", Queue: "workers"}}
	got := conn.Denied()
	if len(got) != len(want) {
		t.Fatalf("denied %v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("denied %v, want %v", got[i], want[i])
		}
	}
}

func sub(_ *nats.Subscription, err error) error { return err }

// TestReconnects: a connection that is kept up is back after its server is, and
// nothing is kept for later meanwhile.
func TestReconnects(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	changes := make(chan error, 10)
	options := s.Options(natsconn.Login{})
	options.Reconnect, options.Changed = true, func(err error) { changes <- err }
	conn, err := natsconn.Connect(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	s.Stop()
	if lost := <-changes; lost == nil {
		t.Error("the loss has no cause")
	}
	if err := conn.Publish("later", []byte("x")); err == nil {
		t.Error("what was published without a connection is kept for later")
	}
	s.Restart(t)
	if back := <-changes; back != nil {
		t.Errorf("not back: %v", back)
	}
	if err := conn.Settle(t.Context()); err != nil {
		t.Error(err)
	}
	closed := conn.StatusChanged(nats.CLOSED)
	conn.Close()
	<-closed
	select {
	case told := <-changes:
		t.Errorf("that we close it ourselves is told as %v", told)
	default:
	}
}

// TestCluster: three servers are one, with a store that has three copies.
func TestCluster(t *testing.T) {
	t.Parallel()
	servers := natstest.Cluster(t, 3)
	conn := servers[0].Connect(t, natsconn.Login{})
	js, err := conn.JetStream()
	if err != nil {
		t.Fatal(err)
	}
	if _, err = js.AddStream(&nats.StreamConfig{Name: "S", Subjects: []string{"s"}, Replicas: 3}); err != nil {
		t.Error(err)
	}
}

// TestWatch: what is published is handed over, and a subscription that the server
// forbids is an error, which names it.
func TestWatch(t *testing.T) {
	t.Parallel()
	server := natstest.Config(t, `authorization { users: [
		{user: all, password: x}
		{user: some, password: x, permissions: {subscribe: {allow: ["b.>", "_INBOX.>"]}}}
	] }`)
	all := server.Connect(t, natsconn.Login{Name: "all", Password: "x"})
	some := server.Connect(t, natsconn.Login{Name: "some", Password: "x"})
	heard := make(chan string, 10)
	watch, err := some.Watch(t.Context(), "b.>", func(subject string, data []byte) { heard <- subject + " " + string(data) })
	if err != nil {
		t.Fatal(err)
	}
	if err := all.Publish("b.one", []byte("1")); err != nil {
		t.Fatal(err)
	}
	if got := <-heard; got != "b.one 1" || watch.Dropped() != 0 {
		t.Errorf("heard %q, %d dropped", got, watch.Dropped())
	}
	watch.Stop()
	if n := watch.Dropped(); n != 0 {
		t.Errorf("%d dropped after its end", n)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	before := some.NumSubscriptions()
	if _, err := some.Watch(ended, "b.>", nil); err == nil || some.NumSubscriptions() != before {
		t.Errorf("a watch that was not begun: %v, and %d subscriptions", err, some.NumSubscriptions()-before)
	}
	if _, err := some.Watch(t.Context(), "a.>", nil); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "forbids this user to subscribe to a.>") {
		t.Errorf("a forbidden subscription: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := some.Watch(ctx, "b.>", nil); !fault.Is(err, fault.Interrupted) {
		t.Errorf("interrupted: %v", err)
	}
}

// TestWatchLosesItsRight: that a server takes a subscription away while it listens is
// told, and not taken for silence.
func TestWatchLosesItsRight(t *testing.T) {
	t.Parallel()
	config := func(deny string) string {
		return `listen: 127.0.0.1:-1
authorization { users: [ {user: u, password: x, permissions: {subscribe: {deny: [` + deny + `]}}} ] }`
	}
	server := natstest.Config(t, config("c"))
	conn := server.Connect(t, natsconn.Login{Name: "u", Password: "x"})
	watch, err := conn.Watch(t.Context(), "b.>", func(string, []byte) {})
	if err != nil {
		t.Fatal(err)
	}
	other, err := conn.Watch(t.Context(), "d.>", func(string, []byte) {})
	if err != nil {
		t.Fatal(err)
	}
	server.Reconfigure(t, config(`c, "b.>"`))
	if err := conn.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := watch.Err(); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "forbids this user to subscribe to b.>") {
		t.Errorf("it hears nothing any more: %v", err)
	}
	if err := other.Err(); err != nil {
		t.Errorf("another subscription is as it was: %v", err)
	}
}
