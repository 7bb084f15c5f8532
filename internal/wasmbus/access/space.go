package access

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// mostSpaces is how many topic spaces are told apart.
const mostSpaces = 8

// findSpaces finds which connections reach one topic space: a connection for calls
// that can be asked to send to inboxes stays open, and every other is tried with it.
// Those that are out of its reach are tried with one of their own.
func (c Check) findSpaces(ctx context.Context, results []Result) {
	var left []int
	for i, r := range results {
		if r.Connected && !r.has(RuleSubscribe) {
			left = append(left, i)
		}
	}
	for space := 1; space <= mostSpaces && len(left) > 0 && ctx.Err() == nil; space++ {
		relay := c.openRelay(ctx, results, left)
		if relay == nil {
			break
		}
		results[relay.of].Space = space
		c.each(len(left), func(k int) {
			if r := &results[left[k]]; left[k] != relay.of {
				c.meet(ctx, relay, r, left[k], space)
			}
		})
		relay.conn.Close()
		left = slices.DeleteFunc(left, func(i int) bool { return results[i].Space != 0 })
	}
	c.judgeSpaces(ctx, results, left)
}

// judgeSpaces notes the connections that are not in the space of most others.
func (c Check) judgeSpaces(ctx context.Context, results []Result, apart []int) {
	counts := [mostSpaces + 1]int{}
	for _, r := range results {
		counts[r.Space]++
	}
	most := 1 + slices.Index(counts[1:], slices.Max(counts[1:]))
	first := slices.IndexFunc(results, func(r Result) bool { return r.Space == most })
	for i := range results {
		r := &results[i]
		switch {
		case r.Space != 0 && r.Space != most:
			r.notIn(results[first])
		case r.Space != 0 || !slices.Contains(apart, i):
		case ctx.Err() != nil:
			r.late()
		case first >= 0 && r.gap != "":
			r.notIn(results[first])
		case len(apart) > 1:
			r.doubtful(RuleNotTried, "whether it reaches the topic space of the others is not known: no connection for calls can be asked to send to it", "see what is wrong with the connections for rpc")
		}
	}
}

// notIn notes a connection that is apart from another.
func (r *Result) notIn(other Result) {
	gap := r.gap
	if gap == "" {
		gap = "no message comes over"
	}
	says := fmt.Sprintf("it does not reach the topic space of %s: %s", other.name(), gap)
	if mine, its := r.User.Account, other.User.Account; !mine.IsZero() && !its.IsZero() && mine != its {
		says += fmt.Sprintf("; it logs in to the account %s, the other to %s", mine, its)
	}
	r.wrong(RuleTopicSpace, says, "let all users of the lattice belong to one account, and all its servers to one cluster")
}

// relay is a connection that sends to the inboxes of others. It may do that only
// where it is asked, so it asks itself.
type relay struct {
	conn   *natsconn.Conn
	of     int // among the results
	to     Connection
	onCall string // where it is called
}

// openRelay opens the first relay that can be had, nil for none.
func (c Check) openRelay(ctx context.Context, results []Result, left []int) *relay {
	for _, i := range left {
		if !results[i].relays {
			continue
		}
		conn, err := c.connect(ctx, results[i].Connection)
		if err != nil {
			continue
		}
		r := &relay{conn, i, results[i].Connection, c.subjects(results[i].Connection, "relay").hears}
		_, err = conn.Subscribe(r.onCall, func(m *nats.Msg) { _ = m.Respond(m.Data) })
		if err == nil && conn.Settle(ctx) == nil {
			return r
		}
		conn.Close()
	}
	return nil
}

// The messages between a connection and the relay, each a bit of what came over.
const (
	asked    = 1 << iota // by the relay to the connection's inbox
	called               // by the relay to the connection's subject of calls
	answered             // by the relay, whom the connection has called
)

func words() map[string]int {
	return map[string]int{"asked": asked, "called": called, "answered": answered}
}

// betweenMessages is how long answers are waited for before the messages are sent
// again: in a cluster a subscription takes time to be known everywhere.
const betweenMessages = 100 * time.Millisecond

// meet tries a connection with the relay, and notes its space or the gap.
func (c Check) meet(ctx context.Context, with *relay, r *Result, number, space int) {
	conn, err := c.connect(ctx, r.Connection)
	if err != nil {
		c.unconnected(ctx, r, err)
		return
	}
	defer conn.Close()
	m := meeting{with: with, conn: conn, inbox: conn.NewInbox(), own: c.subjects(r.Connection, fmt.Sprintf("%d-%d", number, space)), heard: make(chan *nats.Msg, 64)}
	m.want = asked
	if m.calls = r.Purpose != wasmcloud.Control && with.to.Setup.Target.IgnoresClusterKeys() == r.Setup.Target.IgnoresClusterKeys(); m.calls && r.sends {
		m.want |= answered
	}
	if m.calls && r.hears {
		m.want |= called
	}
	within, cancel := context.WithTimeout(ctx, c.Wait)
	defer cancel()
	got, err := m.hold(within)
	switch {
	case ctx.Err() != nil:
	case err == nil && got == m.possible():
		r.Space = space
	case err != nil:
		r.gap = "the connection was lost: " + err.Error()
	case got == 0:
		r.gap = "no message comes over"
	case got&answered == 0:
		r.gap = "it hears the others, but they do not hear it"
	default:
		r.gap = "answers come over, but calls do not"
	}
}

// meeting is one connection and the relay while messages go between them.
type meeting struct {
	with  *relay
	conn  *natsconn.Conn
	inbox string
	own   subjects
	heard chan *nats.Msg
	calls bool // both call by the same subjects
	want  int
	sent  int
}

// reply is where the next answer is to come to: servers that allow one answer to a
// question count by that subject.
func (m *meeting) reply() string {
	m.sent++
	return fmt.Sprintf("%s.%d", m.inbox, m.sent)
}

// hold sends until everything has come over, or the time is up.
func (m *meeting) hold(ctx context.Context) (got int, err error) {
	for _, subject := range []string{m.inbox + ".*", m.own.hears} {
		if _, err := m.conn.ChanSubscribe(subject, m.heard); err != nil {
			return 0, err
		}
	}
	for {
		if err := m.conn.Settle(ctx); err != nil && ctx.Err() == nil {
			return got, err
		}
		if err := m.send(); err != nil {
			return got, err
		}
		again := time.After(betweenMessages)
		for waiting := true; waiting; {
			select {
			case heard := <-m.heard:
				if got |= words()[string(heard.Data)]; got&m.want == m.want {
					return m.want, nil
				}
			case <-again:
				waiting = false
			case <-ctx.Done():
				return got & m.possible(), nil
			}
		}
	}
}

// possible is what can come over at all: not a call that the relay may not make.
func (m *meeting) possible() int {
	for _, d := range m.with.conn.Denied() {
		if d.Subject == m.own.hears {
			return m.want &^ called
		}
	}
	return m.want
}

// send sends everything that should come over.
func (m *meeting) send() error {
	r := m.with
	if err := r.conn.PublishRequest(r.onCall, m.reply(), []byte("asked")); err != nil {
		return err
	}
	if m.want&called != 0 {
		if err := r.conn.Publish(m.own.hears, []byte("called")); err != nil {
			return err
		}
	}
	if m.want&answered != 0 {
		return m.conn.PublishRequest(r.onCall, m.reply(), []byte("answered"))
	}
	return nil
}
