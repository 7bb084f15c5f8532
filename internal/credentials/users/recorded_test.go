package users

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// recorded is what hosts of every era were seen to do on NATS, with nothing turned
// on: role, targets, option, action, subject, queue.
func recorded(t *testing.T) [][]string {
	t.Helper()
	text, err := os.ReadFile("../../wasmcloud/permissions/testdata/recorded.tsv")
	if err != nil {
		t.Fatal(err)
	}
	var all [][]string
	for line := range strings.Lines(string(text)) {
		if columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t"); len(columns) == 6 && columns[2] == "" {
			all = append(all, columns)
		}
	}
	if len(all) < 100 {
		t.Fatalf("only %d recordings", len(all))
	}
	return all
}

// TestMintedUsersMeetNoViolation: hosts of every target, as users whose JWTs have the
// permissions that latch gives them, do all that they were seen to do.
func TestMintedUsersMeetNoViolation(t *testing.T) {
	t.Parallel()
	operator := natstest.NewMemoryOperator(t)
	account := operator.Account(t, "prod")
	s := natstest.Start(t, operator.Run(t))
	asker := s.Connect(t, account.User(t, "asker"))
	all, played := recorded(t), 0
	for _, target := range wasmcloud.AllTargets() {
		for _, p := range wasmcloud.Purposes() {
			set, err := permissions.Setup{Target: target, Lattice: "prod"}.Needs(p.Role())
			if err != nil {
				continue // its hosts make no such connection
			}
			host := s.Connect(t, account.User(t, target.String(), func(c *jwt.UserClaims) { c.Permissions = claimsOf(set) }))
			for _, r := range all {
				if isOf := func(name string) bool {
					return name == target.String() || name == "rust-1.0+" && slices.Contains([]string{"rust-1.0", "rust-1.3"}, target.String())
				}; r[0] == p.String() && slices.ContainsFunc(strings.Split(r[1], ","), isOf) {
					played++
					play(t, host, asker, r[3], r[4], r[5])
				}
			}
			if err := host.Settle(t.Context()); err != nil {
				t.Fatal(err)
			}
			if denied := host.Denied(); len(denied) > 0 {
				t.Errorf("%s %s: denied %v", target, p, denied)
			}
		}
	}
	if played < 200 {
		t.Errorf("only %d things were done", played)
	}
}

// play does one thing that was recorded. A question that is to be answered goes to
// the subscription that was made before.
func play(t *testing.T, host, asker *natsconn.Conn, action, subject, queue string) {
	t.Helper()
	var err error
	switch action {
	case "publish":
		err = host.Publish(subject, nil)
	case "subscribe":
		answer := func(m *nats.Msg) { _ = m.Respond([]byte("here")) }
		if queue != "" {
			_, err = host.QueueSubscribe(subject, queue, answer)
		} else {
			_, err = host.Subscribe(subject, answer)
		}
	case "respond":
		if err = host.Settle(t.Context()); err == nil {
			_, err = asker.Request(subject, nil, 20*time.Second)
		}
	default:
		t.Fatalf("what is it to %s?", action)
	}
	if err != nil {
		t.Errorf("%s %s: %v", action, subject, err)
	}
}
