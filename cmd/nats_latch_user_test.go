package cmd_test

import (
	"strings"
	"testing"

	"github.com/nats-io/jwt/v2"

	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus/wasmbustest"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// latchWorld is a server on which latch may do what `nats permissions --for latch`
// lists, less one permission if that is named, and the streams of a lattice.
func latchWorld(t *testing.T, target, without string) (*natsWorld, *natstest.Server) {
	t.Helper()
	w := newNATSWorld(t, natstest.NewMemoryOperator(t), target)
	account := w.operator.Account(t, "prod")
	s := natstest.Start(t, w.operator.Run(t), natstest.JetStream(t))
	admin := s.Connect(t, account.User(t, "admin"))
	for _, store := range wasmbustest.Stores() {
		if err := store.Make(admin.Conn, wasmcloud.JetStreamAPI, "prod", 1); err != nil {
			t.Fatal(err)
		}
	}
	hosts, err := wasmcloud.ParseTarget(target)
	if err != nil {
		t.Fatal(err)
	}
	set, err := permissions.Setup{Target: hosts, Lattice: "prod", Switches: permissions.On(wasmcloud.Switches()...)}.Needs(wasmcloud.LatchUser)
	if err != nil {
		t.Fatal(err)
	}
	found := without == ""
	ci := account.User(t, "ci", func(c *jwt.UserClaims) {
		c.Sub.Allow.Add(set.Subjects(wasmcloud.Subscribe)...)
		for _, subject := range set.Subjects(wasmcloud.Publish) {
			if subject == without {
				found = true
			} else {
				c.Pub.Allow.Add(subject)
			}
		}
	})
	if !found {
		t.Fatalf("latch does not need %s", without)
	}
	creds, err := jwt.FormatUserConfig(ci.JWT, ci.Seed.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	w.write(t, "ci.creds", creds)
	return w, s
}

// TestLatchRunsOnItsOwnPermissions: what latch says that it needs itself is enough
// for all that it does on NATS, whatever the lattice runs.
func TestLatchRunsOnItsOwnPermissions(t *testing.T) {
	t.Parallel()
	for _, target := range []string{"otp", "rust-0.82", "rust-1.3"} {
		w, s := latchWorld(t, target, "")
		for _, command := range []string{
			"lattice status --timeout 300ms",
			"cache show",
			"cache purge --copy " + w.path("c.jsonl") + " --confirm prod --wait 10ms",
			"cache restore " + w.path("c.jsonl"),
			"invocation tap --for 50ms --yes",
		} {
			args := append(strings.Fields(command), "--nats", s.URL(), "--creds", w.path("ci.creds"))
			code, stdout, stderr := w.latch(t, args...)
			if log := s.Log(); strings.Contains(log, "Violation") {
				t.Fatalf("%s, %s: %s", target, command, log)
			}
			if nobody := strings.HasPrefix(command, "lattice status"); code != 0 && !nobody {
				t.Errorf("%s, %s: exit %d\n%s%s", target, command, code, stdout, stderr)
			}
		}
	}
	w, s := latchWorld(t, "otp", "$JS.API.STREAM.INFO.KV_LATTICEDATA_prod")
	if _, stdout, stderr := w.latch(t, "cache", "show", "--nats", s.URL(), "--creds", w.path("ci.creds")); !strings.Contains(s.Log(), "Violation") {
		t.Errorf("without a permission nothing is missed: %s%s", stdout, stderr)
	}
}
