package wasmbustest

import (
	"errors"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// Fleet is hosts that run: each answers on a connection that it shares with others.
type Fleet struct {
	mu      sync.Mutex
	running map[string][]*nats.Subscription // by the host's name
	pending sync.WaitGroup
}

// NewFleet has no hosts yet.
func NewFleet() *Fleet { return &Fleet{running: map[string][]*nats.Subscription{}} }

// Start starts hosts on a connection; one of the same name stops first, as when it
// restarts.
func (f *Fleet) Start(nc *nats.Conn, hosts ...Host) error {
	for _, h := range hosts {
		f.Stop(h.Name)
		sub, err := nc.Subscribe(h.Subject(), f.answering(h, time.Now().Add(-h.Uptime)))
		if err != nil {
			return err
		}
		f.add(h.Name, sub)
	}
	return settle(nc)
}

// settle waits until the server has what was subscribed to. A connection that is lost
// meanwhile subscribes anew as it comes back.
func settle(nc *nats.Conn) error {
	for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		err := nc.FlushTimeout(time.Second)
		if err == nil || nc.IsClosed() || time.Since(begun) > patience {
			return err
		}
	}
}

func (f *Fleet) add(name string, sub *nats.Subscription) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.running[name] = append(f.running[name], sub)
}

// Answer has a host that runs answer on a subject too, until it stops. Of several
// that answer on one subject, one does; who answers nil is silent.
func (f *Fleet) Answer(nc *nats.Conn, name, subject string, with func(data []byte) []byte) error {
	sub, err := nc.QueueSubscribe(subject, subject, func(m *nats.Msg) {
		if answer := with(m.Data); answer != nil && m.Reply != "" {
			_ = m.Respond(answer) // the asker is gone
		}
	})
	if err == nil {
		f.add(name, sub)
	}
	return err
}

// Stop stops hosts; one that does not run is none.
func (f *Fleet) Stop(names ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, name := range names {
		for _, sub := range f.running[name] {
			_ = sub.Unsubscribe()
		}
		delete(f.running, name)
	}
}

// Names are those of the hosts that run.
func (f *Fleet) Names() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var names []string
	for name := range f.running {
		names = append(names, name)
	}
	return names
}

// Close stops all hosts, and waits for answers that are on their way.
func (f *Fleet) Close() {
	f.Stop(f.Names()...)
	f.pending.Wait()
}

// answering gives what a host does when it is asked.
func (f *Fleet) answering(h Host, since time.Time) nats.MsgHandler {
	return func(m *nats.Msg) {
		if h.Manner.Silent || m.Reply == "" {
			return
		}
		now := h
		now.Uptime = time.Since(since)
		body := now.Reply()
		if h.Manner.Alter != nil {
			body = h.Manner.Alter(body)
		}
		answer := func() {
			for range max(1, h.Manner.Times) {
				if err := m.Respond(body); err != nil && !errors.Is(err, nats.ErrConnectionClosed) {
					return // it is larger than the server takes: the asker hears nothing
				}
			}
		}
		if h.Manner.Delay == 0 {
			answer()
			return
		}
		f.pending.Add(1)
		time.AfterFunc(h.Manner.Delay, func() { defer f.pending.Done(); answer() })
	}
}
