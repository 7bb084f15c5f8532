package cache_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus"
	"github.com/latch-keys/latch/internal/wasmbus/cache"
	"github.com/latch-keys/latch/internal/wasmbus/wasmbustest"
)

func question() wasmbus.Question {
	return wasmbus.Question{Lattice: "prod", Timeout: 200 * time.Millisecond, Quiet: 20 * time.Millisecond}
}

// ask asks again where the question did not get to the server in time: a busy machine
// may need longer than a question lasts.
func ask(t *testing.T, watch *cache.Watch) (somebody bool, err error) {
	t.Helper()
	until(t, "the question gets to the server in time", func() bool {
		somebody, err = watch.Ask(t.Context())
		return !errors.Is(err, context.DeadlineExceeded)
	})
	return somebody, err
}

// TestHostsThatRun: whoever answers either question, or tells an event, keeps the
// cache from being purged, hosts of each version and whatever they say.
func TestHostsThatRun(t *testing.T) {
	t.Parallel()
	server := natstest.Cluster(t, 3)
	p := place{conn: server[0].Connect(t, natsconn.Login{})}
	other := server[2].Connect(t, natsconn.Login{})
	c := cache.Of(p.conn, "prod", "")
	key := natstest.Key(t, keys.Server).PublicKey().String()
	host := wasmbustest.Host{Name: "web-1", Key: key, Lattice: "prod", Labels: map[string]string{"latch_host": "web-1"}, Server: "127.0.0.1:4222"}
	for _, version := range append(wasmbustest.Releases(), "") {
		watch := begin(t, c)
		if _, err := ask(t, watch); err != nil {
			t.Fatalf("nobody runs, but %v", err)
		}
		fleet := wasmbustest.NewFleet()
		h, named := host, "web-1"
		if h.Version = version; version == "" {
			h.Version, h.Manner.Alter = "0.82.0", func([]byte) []byte { return []byte("{") }
			named = "an answer which cannot be read"
		}
		if version == "0.54.7" {
			named = key
		}
		if err := fleet.Start(other.Conn, h); err != nil {
			t.Fatal(err)
		}
		var err error
		until(t, "the subscription is known on the other server", func() bool {
			_, err = ask(t, watch)
			return err != nil
		})
		if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), named) {
			t.Errorf("%q: %v", version, err)
		}
		fleet.Close()
		watch.Close()
		until(t, "the subscription is gone", func() bool {
			w := begin(t, c)
			defer w.Close()
			_, err := ask(t, w)
			return err == nil
		})
	}
}

// TestHeartbeats: a host that answers nothing is heard, however its version tells
// that it is there.
func TestHeartbeats(t *testing.T) {
	t.Parallel()
	conn := start(t).Connect(t, natsconn.Login{})
	c := cache.Of(conn, "prod", "")
	for subject, event := range map[string]string{
		"wasmbus.evt.prod":                `{"source":"NHOST","type":"com.wasmcloud.lattice.host_heartbeat","data":{}}`,
		"wasmbus.evt.prod.host_heartbeat": `{"source":"NHOST","type":"com.wasmcloud.lattice.host_heartbeat"}`,
		"wasmbus.evt.prod.other":          strings.Repeat("x", 1<<20),
	} {
		watch := begin(t, c)
		if err := watch.Wait(t.Context(), 50*time.Millisecond); err != nil {
			t.Errorf("nobody is heard, but %v", err)
		}
		if err := conn.Publish(subject, []byte(event)); err != nil {
			t.Fatal(err)
		}
		err := watch.Wait(t.Context(), time.Minute)
		if !fault.Is(err, fault.Refused) || strings.Contains(event, "NHOST") != strings.Contains(err.Error(), "NHOST tells that it runs") {
			t.Errorf("%s: %v", subject, err)
		}
		if _, err := ask(t, watch); !fault.Is(err, fault.Refused) {
			t.Errorf("what was heard before is forgotten: %v", err)
		}
		watch.Close()
	}
	if err := conn.Publish("wasmbus.evt.stage", nil); err != nil {
		t.Fatal(err)
	}
	if err := begin(t, c).Wait(t.Context(), 50*time.Millisecond); err != nil {
		t.Errorf("another lattice is heard: %v", err)
	}
}

// TestObserver: somebody who listens to all and answers nothing is told of.
func TestObserver(t *testing.T) {
	t.Parallel()
	conn := start(t).Connect(t, natsconn.Login{})
	if _, err := conn.Subscribe(">", func(*nats.Msg) {}); err != nil {
		t.Fatal(err)
	}
	somebody, err := ask(t, begin(t, cache.Of(conn, "prod", "")))
	if err != nil || !somebody {
		t.Errorf("%v %v", somebody, err)
	}
}

// TestMayNotLook: who may not ask, or not listen, does not purge.
func TestMayNotLook(t *testing.T) {
	t.Parallel()
	const all = `"wasmbus.ctl.prod.ping.hosts", "wasmbus.ctl.v1.prod.host.ping"`
	for missing, permissions := range map[string]string{
		"publishing to wasmbus.ctl.v1.prod.host.ping":  `{publish: "wasmbus.ctl.prod.ping.hosts", subscribe: ["wasmbus.evt.>", "_INBOX.>"]}`,
		"publishing to wasmbus.ctl.prod.ping.hosts":    `{publish: "wasmbus.ctl.v1.>", subscribe: ["wasmbus.evt.>", "_INBOX.>"]}`,
		"this user to subscribe to wasmbus.evt.prod.*": `{publish: [` + all + `], subscribe: ["wasmbus.evt.prod", "_INBOX.>"]}`,
		"subscribing to _INBOX.":                       `{publish: [` + all + `], subscribe: ["wasmbus.evt.>"]}`,
		"":                                             `{publish: [` + all + `], subscribe: ["wasmbus.evt.prod", "wasmbus.evt.prod.*", "_INBOX.>"]}`,
	} {
		server := natstest.Config(t, `listen: 127.0.0.1:-1
authorization {users: [{user: u, password: x, permissions: `+permissions+`}]}`)
		conn := server.Connect(t, natsconn.Login{Name: "u", Password: "x"})
		watch, err := cache.Of(conn, "prod", "").Watch(t.Context(), question())
		if err == nil {
			_, err = ask(t, watch)
		}
		if missing == "" && err != nil || missing != "" && (!fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), " forbids "+missing)) {
			t.Errorf("%q: %v", missing, err)
		}
	}
}

// TestMayNotListenAnyMore: who loses the right to hear hosts while latch listens does
// not purge, although none was heard.
func TestMayNotListenAnyMore(t *testing.T) {
	t.Parallel()
	config := func(subscribe string) string {
		return `listen: 127.0.0.1:-1
authorization {users: [{user: u, password: x, permissions: {publish: "wasmbus.ctl.>", subscribe: [` + subscribe + `]}}]}`
	}
	server := natstest.Config(t, config(`"wasmbus.evt.>", "_INBOX.>"`))
	watch := begin(t, cache.Of(server.Connect(t, natsconn.Login{Name: "u", Password: "x"}), "prod", ""))
	if _, err := ask(t, watch); err != nil {
		t.Fatal(err)
	}
	server.Reconfigure(t, config(`"_INBOX.>"`))
	const says = "forbids this user to subscribe to wasmbus.evt.prod"
	if err := watch.Wait(t.Context(), time.Millisecond); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), says) {
		t.Errorf("waiting: %v", err)
	}
	if _, err := ask(t, watch); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), says) {
		t.Errorf("asking: %v", err)
	}
}

func begin(t *testing.T, c cache.Cache) *cache.Watch {
	t.Helper()
	watch, err := c.Watch(t.Context(), question())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(watch.Close)
	return watch
}
