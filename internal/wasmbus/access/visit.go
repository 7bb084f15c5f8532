package access

import (
	"context"
	"errors"
	"slices"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// visit is one connection while it is looked at.
type visit struct {
	Check
	*Result
	conn  *natsconn.Conn
	own   subjects
	needs permissions.Set
	inbox *nats.Subscription
	calls *nats.Subscription // to what own hears
}

// look goes through what a host does on the connection. An error ends it early.
func (v *visit) look(ctx context.Context) error {
	var err error
	if v.needs, err = v.Setup.Needs(v.Purpose.Role()); err != nil {
		return err
	}
	if v.Answer, err = v.conn.RTT(); err != nil {
		return err
	}
	v.Name, v.Version, v.Servers = v.conn.ConnectedServerName(), v.conn.ConnectedServerVersion(), v.conn.DiscoveredServers()
	if err := v.listen(ctx); err != nil {
		return err
	}
	if v.Purpose == wasmcloud.Control {
		err = v.askStores(ctx)
	} else {
		err = v.send(ctx)
	}
	if err != nil {
		return err
	}
	return v.compareRights(ctx)
}

// interrupted notes that the connection was lost, or the time was up.
func (v *visit) interrupted(ctx context.Context, err error) {
	if ctx.Err() != nil {
		v.late()
		return
	}
	v.wrong(RuleConnect, "the server ended the connection: "+err.Error(), "the server's log says why")
}

// listen subscribes to the inbox and to a subject of our own.
func (v *visit) listen(ctx context.Context) (err error) {
	inbox := v.conn.NewInbox()
	if v.inbox, err = v.conn.SubscribeSync(inbox); err != nil {
		return err
	}
	if v.calls, err = v.conn.SubscribeSync(v.own.hears); err != nil {
		return err
	}
	if err := v.conn.Settle(ctx); err != nil {
		return err
	}
	if v.forbidden(wasmcloud.Subscribe, inbox) {
		v.lacks(wasmcloud.Subscribe, inboxes)
	}
	v.hears = !v.forbidden(wasmcloud.Subscribe, v.own.hears)
	if !v.hears && v.needs.Allows(wasmcloud.Subscribe, v.own.hears) {
		v.lacks(wasmcloud.Subscribe, pattern(v.own.hears))
	}
	return nil
}

// inboxes is where answers come to.
const inboxes = "_INBOX.>"

// lacks notes a right that hosts need and that a server refused to us.
func (v *visit) lacks(action wasmcloud.Action, subject string) {
	const allow = "latch nats permissions --for "
	if action == wasmcloud.Subscribe {
		v.wrong(RuleSubscribe, "the user may not subscribe to "+subject, allow+v.Purpose.String())
		return
	}
	v.wrong(RulePublish, "the user may not publish to "+subject, allow+v.Purpose.String())
}

// forbidden reports whether the server has forbidden something on the subject.
func (v *visit) forbidden(action wasmcloud.Action, subject string) bool {
	of := natsconn.Publish
	if action == wasmcloud.Subscribe {
		of = natsconn.Subscribe
	}
	return slices.ContainsFunc(v.conn.Denied(), func(d natsconn.Denial) bool { return d.Action == of && d.Subject == subject })
}

// send calls ourselves: what is published to a subject of our own is heard there,
// and answered.
func (v *visit) send(ctx context.Context) error {
	loops := v.own.sends == v.own.hears && v.hears && !v.has(RuleSubscribe) // else nothing would come back
	question := &nats.Msg{Subject: v.own.sends, Data: []byte("self")}
	if loops {
		question.Reply = v.inbox.Subject
	}
	if err := v.conn.PublishMsg(question); err != nil {
		return err
	}
	if err := v.conn.Settle(ctx); err != nil {
		return err
	}
	v.sends = !v.forbidden(wasmcloud.Publish, v.own.sends)
	if !v.sends {
		if v.needs.Allows(wasmcloud.Publish, v.own.sends) {
			v.lacks(wasmcloud.Publish, pattern(v.own.sends))
		}
		return nil
	}
	if !loops {
		return nil
	}
	return v.answer(ctx)
}

// answer hears the call that was sent, answers it and hears the answer.
func (v *visit) answer(ctx context.Context) error {
	call, err := v.next(ctx, v.calls)
	switch {
	case err != nil:
		return err
	case call == nil:
		v.wrong(RuleLost, "what it publishes to "+pattern(v.own.sends)+" does not come back to it", "see whether the account maps, exports or imports that subject")
		return nil
	}
	if err := call.Respond(call.Data); err != nil {
		return err
	}
	if err := v.conn.Settle(ctx); err != nil {
		return err
	}
	if v.forbidden(wasmcloud.Publish, call.Reply) {
		v.lacks(wasmcloud.Publish, "the inbox of whoever calls (allow_responses)")
		return nil
	}
	answer, err := v.next(ctx, v.inbox)
	v.relays = answer != nil
	return err
}

// next is the next message within the time for one, nil where none comes.
func (v *visit) next(ctx context.Context, sub *nats.Subscription) (*nats.Msg, error) {
	within, cancel := context.WithTimeout(ctx, v.Wait)
	defer cancel()
	m, err := sub.NextMsgWithContext(within)
	if err != nil && ctx.Err() == nil && (errors.Is(err, context.DeadlineExceeded) || errors.Is(err, nats.ErrNoResponders)) {
		return nil, nil //nolint:nilnil // none came
	}
	return m, err
}
