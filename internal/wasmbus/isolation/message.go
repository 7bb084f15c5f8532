package isolation

import (
	"context"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/natsconn"
)

// publish sends to subjects of the other lattice.
func (t *trial) publish(ctx context.Context) (verdict, error) {
	var allowed []func() error
	for _, e := range t.targets(Publish) {
		for _, c := range t.from.connections() {
			send := func() error { return c.conn.Publish(e.subject, nil) }
			denied, err := asked(ctx, c.conn, natsconn.Publish, e.subject, send)
			if err != nil {
				return verdict{}, err
			}
			if !denied {
				allowed = append(allowed, send)
			}
		}
	}
	return verdict{late: func(w Way) Way { return t.notHeard(w, Publish, len(allowed)) }, again: inTurn(allowed)}, nil
}

// notHeard is a way by which no message came.
func (t *trial) notHeard(w Way, kind Kind, allowed int) Way {
	switch {
	case len(t.targets(kind)) == 0:
		return w.untried("no connection of %s may listen to a subject that is free to try", t.to.Lattice)
	case allowed == 0:
		return w.closed("its users may not")
	}
	return w.notYet("what was sent did not arrive")
}

// subscribe listens in the other lattice while that sends to itself.
func (t *trial) subscribe(ctx context.Context) (verdict, error) {
	var subs []*nats.Subscription
	var allowed []func() error
	for _, theirs := range t.to.connections() {
		subject := theirs.subject(t.tokenOf(Subscribe))
		for _, c := range t.from.connections() {
			e, err := listen(ctx, named{c.purpose, c.conn, func(string) string { return subject }}, "")
			if err != nil {
				return verdict{}, err
			}
			if e.sub != nil {
				subs = append(subs, e.sub)
			}
		}
		send := func() error { return theirs.conn.Publish(subject, nil) }
		denied, err := asked(ctx, theirs.conn, natsconn.Publish, subject, send)
		if err != nil {
			return verdict{}, err
		}
		if !denied {
			allowed = append(allowed, send)
		}
	}
	return verdict{late: func(w Way) Way { return t.overheard(w, subs, len(allowed)) }, again: inTurn(allowed), undo: func() {
		for _, sub := range subs {
			_ = sub.Unsubscribe()
		}
	}}, nil
}

func (t *trial) overheard(w Way, subs []*nats.Subscription, sent int) Way {
	for _, sub := range subs {
		if pending, _, _ := sub.Pending(); pending > 0 {
			return w.open("it hears %s", sub.Subject)
		}
	}
	switch {
	case len(subs) == 0:
		return w.closed("its users may not")
	case sent == 0:
		return w.untried("no connection of %s may send to a subject that is free to try", t.to.Lattice)
	}
	return w.notYet("it did not hear what was sent")
}

// answer has a user of the lattice answer a question of its own lattice that names a
// subject of the other for the answer. Who asks needs no right to that subject.
func (t *trial) answer(ctx context.Context) (verdict, error) {
	own := t.from.RPCSubject(t.tokenOf(Answer))
	e, err := listen(ctx, named{"rpc", t.from.RPC, func(string) string { return own }}, "")
	if err != nil {
		return verdict{}, err
	}
	if e.sub == nil {
		return verdict{late: func(w Way) Way {
			return w.untried("no connection of %s may listen to a subject that is free to try", t.from.Lattice)
		}}, nil
	}
	v := verdict{undo: func() { _ = e.sub.Unsubscribe() }}
	var answered []func() error
	for _, theirs := range t.targets(Answer) {
		ask := func() error { return t.from.RPC.PublishRequest(own, theirs.subject, nil) }
		denied, err := asked(ctx, t.from.RPC, natsconn.Publish, own, ask)
		if err != nil || denied {
			v.late = func(w Way) Way { return w.untried("no connection of %s may ask itself", t.from.Lattice) }
			return v, err
		}
		within, cancel := context.WithTimeout(ctx, apiPatience)
		question, err := e.sub.NextMsgWithContext(within)
		cancel()
		if err != nil {
			return v, err
		}
		denied, err = asked(ctx, t.from.RPC, natsconn.Publish, theirs.subject, func() error { return question.Respond(nil) })
		if err != nil {
			return v, err
		}
		if !denied {
			answered = append(answered, ask)
		}
	}
	v.late = func(w Way) Way { return t.notHeard(w, Answer, len(answered)) }
	v.again = inTurn(append([]func() error{func() error { return respond(e.sub) }}, answered...))
	return v, nil
}

// respond answers the questions that have come: of those that are asked again, at the
// next look.
func respond(to *nats.Subscription) error {
	for {
		if pending, _, err := to.Pending(); err != nil || pending == 0 {
			return err
		}
		question, err := to.NextMsg(apiPatience)
		if err != nil {
			return err
		}
		if err := question.Respond(nil); err != nil {
			return err
		}
	}
}
