package wasmbus

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// HeartbeatInterval is how often a host tells that it is there. Source:
// wasmcloud-otp v0.57.3 host/heartbeat_emitter.ex; wasmCloud v0.82.0
// crates/host/src/wasmbus/mod.rs.
const HeartbeatInterval = 30 * time.Second

// Event is what was heard in a lattice: who told it, and what.
type Event struct {
	Source string // the host's key, as a rule; empty where it cannot be read
	Type   string // such as com.wasmcloud.lattice.host_heartbeat
}

// Listener hears the events of a lattice: a host that answers no question tells
// every half minute that it is there.
type Listener struct {
	mu    sync.Mutex
	heard []Event
	first chan struct{} // closed when something is heard
	subs  []*nats.Subscription
}

// mostSources bounds how many sources are kept apart.
const mostSources = 100

// Listen begins to hear the events of a lattice. An error says that it may not, or
// cannot.
func Listen(ctx context.Context, conn *natsconn.Conn, lattice string) (*Listener, error) {
	l := &Listener{first: make(chan struct{})}
	before := len(conn.Denied())
	subjects := wasmcloud.EventSubjects(lattice)
	for _, subject := range subjects {
		sub, err := conn.Subscribe(subject, l.take)
		if err != nil {
			l.Close()
			return nil, unasked(err)
		}
		l.subs = append(l.subs, sub)
	}
	if err := conn.Settle(ctx); err != nil {
		l.Close()
		return nil, unasked(err)
	}
	for _, denial := range conn.Denied()[before:] {
		for _, subject := range subjects {
			if denial.Subject == subject {
				l.Close()
				return nil, fault.New(fault.Unavailable, "the server forbids %s, where hosts tell that they are there", denial).
					WithHint("allow it to the user that latch connects as; latch nats permissions --for latch --with purge lists what latch needs")
			}
		}
	}
	return l, nil
}

// take notes an event. Whatever it is, somebody sent it.
func (l *Listener) take(m *nats.Msg) {
	var read struct {
		Source string `json:"source"`
		Type   string `json:"type"`
	}
	if len(m.Data) <= mostBytes {
		_ = json.Unmarshal(m.Data, &read) // what cannot be read was sent nevertheless
	}
	event := Event{shorten(read.Source), shorten(read.Type)}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, known := range l.heard {
		if known.Source == event.Source {
			return
		}
	}
	if len(l.heard) == 0 {
		close(l.first)
	}
	if len(l.heard) < mostSources {
		l.heard = append(l.heard, event)
	}
}

func shorten(text string) string {
	if len(text) > longestText {
		text = text[:longestText]
	}
	return printable.Line(text)
}

// Heard are the first events of each source so far.
func (l *Listener) Heard() []Event {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]Event(nil), l.heard...)
}

// First is closed when something was heard.
func (l *Listener) First() <-chan struct{} { return l.first }

// Close ends the listening.
func (l *Listener) Close() {
	for _, sub := range l.subs {
		_ = sub.Unsubscribe()
	}
}
