package cmd_test

import (
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	natsserver "github.com/nats-io/nats-server/v2/server"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/invocation/invocationtest"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// listened is a lattice in phase switch, whose hosts call each other all the time.
type listened struct {
	dir, url string
	calling  atomic.Pointer[[]invocationtest.Caller] // who calls now
	rounds   atomic.Int64                            // of calls
}

// TestQuietIsHeard: the silence of an old key is recorded only where every host was
// heard and none with the old key; the next phase can be made to ask for it.
func TestQuietIsHeard(t *testing.T) {
	t.Parallel()
	l, old, fresh := newListened(t, natstest.Start(t))
	tap := []string{"invocation", "tap", "--nats", l.url, "--for", "1s", "--record", "--yes"}
	next := []string{"issuers", "rotate", "next", "--attest", "all", "--require-quiet", "1s"}

	l.call(t, fresh[0])
	if out := l.run(t, 3, time.Time{}, tap...); !strings.Contains(out, "were heard from 1 of 2 hosts") {
		t.Errorf("one host was silent: %s", out)
	}
	l.call(t, fresh[0], fresh[1], old)
	if out := l.run(t, 3, time.Time{}, tap...); !strings.Contains(out, "a call was signed with an old key") {
		t.Errorf("the old key was heard: %s", out)
	}
	if out := l.run(t, 5, time.Time{}, next...); !strings.Contains(out, "is not known") || !strings.Contains(out, "latch invocation tap --for 1s --record") {
		t.Errorf("nothing was recorded: %s", out)
	}

	l.call(t, fresh[0], fresh[1])
	if out := l.run(t, 0, time.Time{}, tap...); !strings.Contains(out, "no call was signed with an old key from ") {
		t.Errorf("all were heard: %s", out)
	}
	until := l.until(t)
	if out := l.run(t, 0, time.Time{}, "issuers", "rotate", "status"); !strings.Contains(out, "no call was signed with an old key from ") {
		t.Errorf("the status does not say what was heard: %s", out)
	}
	if out := l.run(t, 5, until.Add(time.Hour), next...); !strings.Contains(out, "more than 1s ago") {
		t.Errorf("that was an hour ago: %s", out)
	}
	if out := l.run(t, 0, until.Add(time.Second), next...); !strings.Contains(out, "phase retire (was switch)") {
		t.Errorf("all was quiet: %s", out)
	}
	if text := l.manifest(t); strings.Contains(text, "quiet") {
		t.Errorf("what was heard in the phase before is kept:\n%s", text)
	}
}

// TestListenerLosesItsRight: where the server takes the subscription away, tap ends
// with that, and records no silence.
func TestListenerLosesItsRight(t *testing.T) {
	t.Parallel()
	config := func(deny string) string {
		return `listen: 127.0.0.1:-1
authorization { users: [{user: x, password: y}], default_permissions: {subscribe: {deny: [` + deny + `]}} }
no_auth_user: x`
	}
	server := natstest.Config(t, config(`"other"`))
	l, _, fresh := newListened(t, server)
	l.call(t, fresh...)
	before := l.manifest(t)
	go func() {
		for t.Context().Err() == nil {
			if found, err := server.Subsz(&natsserver.SubszOptions{Subscriptions: true, Test: "wasmbus.rpc.prod.MABC"}); err == nil && found.Total > 0 {
				break
			}
			time.Sleep(5 * time.Millisecond)
		}
		server.Reconfigure(t, config(`"wasmbus.rpc.>"`))
	}()
	out := l.run(t, 4, time.Time{}, "invocation", "tap", "--nats", l.url, "--for", "1h", "--every", "20ms", "--record", "--yes")
	if !strings.Contains(out, "forbids this user to subscribe to wasmbus.rpc.prod.>") {
		t.Error(out)
	}
	if l.manifest(t) != before {
		t.Errorf("the manifest is changed:\n%s", l.manifest(t))
	}
}

// call has these hosts call from now on, and waits until no others do.
func (l *listened) call(t *testing.T, callers ...invocationtest.Caller) {
	t.Helper()
	l.calling.Store(&callers)
	for begun, round := time.Now(), l.rounds.Load(); l.rounds.Load() < round+2; time.Sleep(time.Millisecond) {
		if time.Since(begun) > time.Minute {
			t.Fatal("nobody calls")
		}
	}
}

func newListened(t *testing.T, server *natstest.Server) (l *listened, old invocationtest.Caller, fresh []invocationtest.Caller) {
	t.Helper()
	l = &listened{dir: t.TempDir(), url: server.URL()}
	caller := func(host string) invocationtest.Caller {
		c, err := invocationtest.ReadCaller(filepath.Join(l.dir, "env", host+".env"))
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	l.run(t, 0, time.Time{}, "lattice", "init", "--prefix", "prod", "--host", "web-1", "--host", "web-2")
	l.run(t, 0, time.Time{}, "env", "write")
	old = caller("web-1")
	l.run(t, 0, time.Time{}, "issuers", "rotate", "start")
	l.run(t, 0, time.Time{}, "env", "write")
	l.run(t, 0, time.Time{}, "issuers", "rotate", "next", "--attest", "all")
	l.run(t, 0, time.Time{}, "env", "write")
	fresh = []invocationtest.Caller{caller("web-1"), caller("web-2")}
	l.calling.Store(&[]invocationtest.Caller{})
	conn := server.Connect(t, natsconn.Login{})
	ended := make(chan struct{})
	t.Cleanup(func() { <-ended })
	go func() {
		defer close(ended)
		for t.Context().Err() == nil {
			for _, c := range *l.calling.Load() {
				call, err := c.Call("web-1")
				if err == nil {
					_ = conn.Publish("wasmbus.rpc.prod."+invocationtest.KeyOf("web-1", keys.Module), call) // the test may be over
				}
			}
			l.rounds.Add(1)
			time.Sleep(5 * time.Millisecond)
		}
	}()
	return l, old, fresh
}

// run runs a command, at a time if one is given, and gives all that it printed.
func (l *listened) run(t *testing.T, want int, at time.Time, args ...string) string {
	t.Helper()
	p := newProcess(t, append(args, "--manifest", filepath.Join(l.dir, "lattice.yaml"))...)
	p.Environ = append(p.Environ, "LATCH_KEYSTORE=dir:"+filepath.Join(l.dir, "k"))
	var d net.Dialer
	p.Dial = d.DialContext
	if !at.IsZero() {
		p.Now = func() time.Time { return at }
	}
	if code := cmd.Main(t.Context(), p.System); code != want {
		t.Fatalf("%q: exit code %d, want %d\n%s%s", args, code, want, &p.stdout, &p.stderr)
	}
	return p.stdout.String() + p.stderr.String()
}

func (l *listened) manifest(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(l.dir, "lattice.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// until is when the old key was last heard to be silent.
func (l *listened) until(t *testing.T) time.Time {
	t.Helper()
	found := regexp.MustCompile(`until: "?([0-9TZ:-]+)`).FindStringSubmatch(l.manifest(t))
	if found == nil {
		t.Fatalf("nothing was recorded:\n%s", l.manifest(t))
	}
	at, err := time.Parse(time.RFC3339, found[1])
	if err != nil {
		t.Fatal(err)
	}
	return at
}
