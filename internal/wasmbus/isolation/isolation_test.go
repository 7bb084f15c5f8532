package isolation

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"

	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// What comes is waited for as long as it takes; that nothing comes must show sometime.
const (
	longest = time.Minute
	nothing = 300 * time.Millisecond
)

// least are the permissions that a host of 0.82.0 was seen to run under.
func least(lattice string, control bool) func(*jwt.UserClaims) {
	return func(c *jwt.UserClaims) {
		c.Resp = &jwt.ResponsePermission{MaxMsgs: 1, Expires: time.Minute}
		c.Sub.Allow.Add("_INBOX.>")
		if !control {
			c.Pub.Allow.Add("wasmbus.rpc." + lattice + ".>")
			c.Sub.Allow.Add("wasmbus.rpc." + lattice + ".>")
			return
		}
		c.Sub.Allow.Add("wasmbus.ctl." + lattice + ".>")
		c.Pub.Allow.Add("wasmbus.evt."+lattice, "wasmbus.evt."+lattice+".>")
		for _, bucket := range buckets(lattice) {
			c.Pub.Allow.Add(
				"$JS.API.STREAM.CREATE."+bucket, "$JS.API.STREAM.INFO."+bucket, "$JS.API.CONSUMER.CREATE."+bucket,
				"$JS.API.CONSUMER.CREATE."+bucket+".>", "$JS.API.CONSUMER.DELETE."+bucket+".>", "$"+strings.ReplaceAll(bucket, "_", ".")+".>")
		}
	}
}

func buckets(lattice string) []string {
	return []string{"KV_LATTICEDATA_" + lattice, "KV_CONFIGDATA_" + lattice}
}

func anything(string, bool) func(*jwt.UserClaims) { return func(*jwt.UserClaims) {} }

// side connects as the users of a lattice.
func side(t *testing.T, s *natstest.Server, a *natstest.Account, lattice string, rights func(string, bool) func(*jwt.UserClaims)) Side {
	t.Helper()
	of := sideOf(t, s, lattice, a.User(t, "ctl", rights(lattice, true)), a.User(t, "rpc", rights(lattice, false)))
	of.Account = a.Seed.PublicKey()
	return of
}

// sideOf connects to a server as a lattice that logs in so.
func sideOf(t *testing.T, s *natstest.Server, lattice string, control, rpc natsconn.Login) Side {
	t.Helper()
	return Side{
		Lattice: lattice, API: "$JS.API", Buckets: buckets(lattice), Control: s.Connect(t, control), RPC: s.Connect(t, rpc),
		ControlSubject: func(token string) string { return "wasmbus.ctl." + lattice + "." + token },
		RPCSubject:     func(token string) string { return "wasmbus.rpc." + lattice + "." + token },
	}
}

// makeBuckets makes what hosts make at their start.
func makeBuckets(t *testing.T, conn *natsconn.Conn, lattices ...string) {
	t.Helper()
	for _, lattice := range lattices {
		for _, stream := range buckets(lattice) {
			bucket := strings.TrimPrefix(stream, "KV_")
			config := fmt.Sprintf(`{"name":%q,"subjects":["$KV.%s.>"],"storage":"memory","max_msgs_per_subject":1,"allow_direct":true,"deny_delete":true}`, stream, bucket)
			m, err := conn.Request("$JS.API.STREAM.CREATE."+stream, []byte(config), 10*time.Second)
			if err != nil || strings.Contains(string(m.Data), `"error"`) {
				t.Fatalf("%v: %s", err, m.Data)
			}
		}
	}
}

func streams(t *testing.T, conn *natsconn.Conn) string {
	t.Helper()
	m, err := conn.Request("$JS.API.STREAM.NAMES", nil, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	return string(m.Data)
}

func consumers(t *testing.T, conn *natsconn.Conn, stream string) string {
	t.Helper()
	m, err := conn.Request("$JS.API.CONSUMER.NAMES."+stream, nil, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	return string(m.Data)
}

// shown are the outcomes of one direction, in the order of kinds.
func shown(ways []Way, from string) string {
	var all []string
	for _, w := range ways {
		if w.From == from {
			all = append(all, fmt.Sprintf("%s %s", w.Kind, w.Outcome))
		}
	}
	return strings.Join(all, ", ")
}

const allOpen = "publish open, subscribe open, stream open, mirror open, republish open, deliver open, answer open"

// TestAcrossACluster: two lattices on different servers, which know only after a moment
// who listens at the other, and which streams there are.
func TestAcrossACluster(t *testing.T) {
	t.Parallel()
	cluster := natstest.Cluster(t, 3)
	a, b := sideOf(t, cluster[0], "a", natsconn.Login{}, natsconn.Login{}), sideOf(t, cluster[2], "b", natsconn.Login{}, natsconn.Login{})
	for n := range 5 {
		ways, err := Try(t.Context(), a, b, fmt.Sprintf("t%d", n), longest)
		if err != nil {
			t.Fatal(err)
		}
		if fromA, fromB := shown(ways, "a"), shown(ways, "b"); fromA != allOpen || fromB != allOpen {
			t.Errorf("from a: %s\nfrom b: %s", fromA, fromB)
		}
	}
}

// TestTwoLattices: in one account each way is found open that is, whatever its users
// may do; in two accounts none is. Nothing is left behind.
func TestTwoLattices(t *testing.T) {
	t.Parallel()
	const (
		none   = "publish closed, subscribe closed, stream closed, mirror closed, republish closed, deliver closed, answer closed"
		atAll  = "publish closed, subscribe closed, stream open, mirror open, republish open, deliver open, answer open"
		atHost = "publish closed, subscribe closed, stream closed, mirror closed, republish closed, deliver open, answer open"
	)
	for name, c := range map[string]struct {
		accounts int
		rights   func(string, bool) func(*jwt.UserClaims)
		buckets  bool
		want     string
	}{
		"one account, all rights":                    {1, anything, false, allOpen},
		"one account, all rights, running":           {1, anything, true, allOpen},
		"one account, least rights, not started yet": {1, least, false, atAll},
		"one account, least rights, running":         {1, least, true, atHost},
		"two accounts, all rights":                   {2, anything, false, none},
		"two accounts, all rights, running":          {2, anything, true, none},
		"two accounts, least rights":                 {2, least, false, none},
		"two accounts, least rights, running":        {2, least, true, none},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			operator := natstest.NewOperator(t)
			accounts := []*natstest.Account{operator.Account(t, "a")}
			if c.accounts == 2 {
				accounts = append(accounts, operator.Account(t, "b"))
			}
			server := natstest.Start(t, operator.Run(t), natstest.JetStream(t))
			ofA, ofB := accounts[0], accounts[len(accounts)-1]
			adminA, adminB := server.Connect(t, ofA.User(t, "admin")), server.Connect(t, ofB.User(t, "admin"))
			if c.buckets {
				makeBuckets(t, adminA, "a")
				makeBuckets(t, adminB, "b")
			}
			wait := longest
			if c.want == none {
				wait = nothing
			}
			before := streams(t, adminA) + streams(t, adminB)
			ways, err := Try(t.Context(), side(t, server, ofA, "a", c.rights), side(t, server, ofB, "b", c.rights), "t1", wait)
			if err != nil {
				t.Fatal(err)
			}
			for _, from := range []string{"a", "b"} {
				if got := shown(ways, from); got != c.want {
					t.Errorf("from %s: %s\nwant %s\n%+v", from, got, c.want, ways)
				}
			}
			isolated, tried := Isolated(ways)
			if isolated != (c.want == none) || !tried {
				t.Errorf("isolated %v, all tried %v", isolated, tried)
			}
			if after := streams(t, adminA) + streams(t, adminB); after != before {
				t.Errorf("streams were left: %s, before %s", after, before)
			}
			if c.buckets {
				for _, bucket := range buckets("a") {
					if got := consumers(t, adminA, bucket); !strings.Contains(got, `"total":0`) {
						t.Errorf("consumers were left: %s", got)
					}
				}
			}
		})
	}
}

// TestInterruptedLeavesNothing: what was made for a trial is taken away too where it is
// interrupted.
func TestInterruptedLeavesNothing(t *testing.T) {
	t.Parallel()
	operator := natstest.NewOperator(t)
	a, b := operator.Account(t, "a"), operator.Account(t, "b")
	server := natstest.Start(t, operator.Run(t), natstest.JetStream(t))
	admin := server.Connect(t, a.User(t, "admin"))
	ctx, cancel := context.WithCancel(t.Context())
	ofA, ofB := side(t, server, a, "a", anything), side(t, server, b, "b", anything)
	ended := make(chan error, 1)
	go func() {
		_, err := Try(ctx, ofA, ofB, "t1", time.Hour)
		ended <- err
	}()
	for begun := time.Now(); !strings.Contains(streams(t, admin), string(Republish)); time.Sleep(time.Millisecond) {
		if time.Since(begun) > longest {
			t.Fatal("no stream is made")
		}
	}
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
	if left := streams(t, admin); !strings.Contains(left, `"total":0`) {
		t.Errorf("streams were left: %s", left)
	}
}
