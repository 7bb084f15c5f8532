package isolation

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/natsconn"
)

// reply is the part of JetStream's answers that is looked at. Source: nats-server
// v2.15 server/jetstream_api.go.
type reply struct {
	Name  string `json:"name"` // of a consumer that was made
	State struct {
		Messages uint64 `json:"messages"`
	} `json:"state"`
	Error *struct {
		Code        int    `json:"code"`
		Description string `json:"description"`
	} `json:"error"`
}

// ended says how a request to JetStream ended.
type ended uint8

const (
	done    ended = iota
	refused       // by JetStream: see the reply's error
	denied        // by the user's permissions
	nobody        // no JetStream for this account
)

// apiPatience is how long JetStream may take to answer.
const apiPatience = 10 * time.Second

// api asks JetStream as one of the side's connections.
func (s Side) api(ctx context.Context, conn *natsconn.Conn, what string, question any) (reply, ended, error) {
	payload, err := json.Marshal(question)
	if err != nil {
		return reply{}, refused, err
	}
	inbox, subject := conn.NewInbox(), s.API+"."+what
	answers, err := conn.SubscribeSync(inbox)
	if err != nil {
		return reply{}, refused, err
	}
	defer func() { _ = answers.Unsubscribe() }()
	forbidden, err := asked(ctx, conn, natsconn.Publish, subject, func() error { return conn.PublishRequest(subject, inbox, payload) })
	if err != nil {
		return reply{}, refused, err
	}
	if forbidden {
		return reply{}, denied, nil
	}
	within, cancel := context.WithTimeout(ctx, apiPatience)
	defer cancel()
	m, err := answers.NextMsgWithContext(within)
	switch {
	case errors.Is(err, nats.ErrNoResponders), err != nil && ctx.Err() == nil:
		return reply{}, nobody, nil
	case err != nil:
		return reply{}, nobody, context.Cause(ctx)
	}
	var r reply
	if err := json.Unmarshal(m.Data, &r); err != nil {
		return reply{}, refused, fmt.Errorf("JetStream's answer cannot be read: %w", err)
	}
	if r.Error != nil {
		return r, refused, nil
	}
	return r, done, nil
}

// messagesIn are those of a stream, 0 where it cannot be told.
func (s Side) messagesIn(ctx context.Context, conn *natsconn.Conn, stream string) uint64 {
	r, end, err := s.api(ctx, conn, "STREAM.INFO."+stream, struct{}{})
	if err != nil || end != done {
		return 0
	}
	return r.State.Messages
}

// make makes a stream as the first of the side's connections that may, and gives how
// to take it away. conn is nil where none may or JetStream refuses.
func (s Side) make(ctx context.Context, config map[string]any) (made *natsconn.Conn, end ended, err error) {
	name := fmt.Sprint(config["name"])
	config["storage"], config["max_age"] = "memory", int64(time.Minute)
	worst := denied
	for _, c := range s.connections() {
		end, err := s.create(ctx, c.conn, name, config)
		if err != nil {
			return nil, end, err
		}
		if end == done {
			return c.conn, done, nil
		}
		if end != denied {
			worst = end
		}
	}
	return nil, worst, nil
}

// create asks for a stream. An interrupt waits for the answer: what is made behind our
// back is not taken away.
func (s Side) create(ctx context.Context, conn *natsconn.Conn, name string, config map[string]any) (ended, error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*apiPatience)
	defer cancel()
	_, end, err := s.api(ctx, conn, "STREAM.CREATE."+name, config)
	return end, err
}

// unmake takes a stream away, even after an interrupt.
func (s Side) unmake(conn *natsconn.Conn, name string) {
	if conn == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), apiPatience)
	defer cancel()
	_, _, _ = s.api(ctx, conn, "STREAM.DELETE."+name, struct{}{}) // what stays is empty within a minute
}
