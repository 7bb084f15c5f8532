package wasmbus

import (
	"context"
	"encoding/json"
	"sync"
	"time"

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
	mu      sync.Mutex
	heard   []Event
	first   chan struct{} // closed when something is heard
	watches []*natsconn.Watch
}

// mostSources bounds how many sources are kept apart.
const mostSources = 100

// Listen begins to hear the events of a lattice. An error says that it may not, or
// cannot.
func Listen(ctx context.Context, conn *natsconn.Conn, lattice string) (*Listener, error) {
	l := &Listener{first: make(chan struct{})}
	for _, subject := range wasmcloud.EventSubjects(lattice) {
		watch, err := conn.Watch(ctx, subject, func(_ string, data []byte) { l.take(data) })
		if err != nil {
			l.Close()
			return nil, unheard(err)
		}
		l.watches = append(l.watches, watch)
	}
	return l, nil
}

// Err says that the server took the right to hear the events away, nil while it has
// not: that no host was heard says nothing then.
func (l *Listener) Err() error {
	for _, watch := range l.watches {
		if err := watch.Err(); err != nil {
			return unheard(err)
		}
	}
	return nil
}

func unheard(err error) error {
	return fault.Hint(err, "hosts tell there that they run; latch nats permissions --for latch --with purge lists what latch needs")
}

// take notes an event. Whatever it is, somebody sent it.
func (l *Listener) take(data []byte) {
	var read struct {
		Source string `json:"source"`
		Type   string `json:"type"`
	}
	if len(data) <= mostBytes {
		_ = json.Unmarshal(data, &read) // what cannot be read was sent nevertheless
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
	for _, watch := range l.watches {
		watch.Stop()
	}
}
