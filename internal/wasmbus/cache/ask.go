package cache

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/natsconn"
)

// The waits for JetStream. A stream whose leader is gone answers nobody until there
// is another.
const (
	attempt      = 2 * time.Second
	patience     = 12 * time.Second
	betweenTries = 250 * time.Millisecond
)

// errAbsent says that there is no such stream.
var errAbsent = errors.New("there is no such stream")

// errForbidden says that the server forbids something.
var errForbidden = errors.New("it is forbidden")

// errNotMade says that a server could not make the files of a stream: for a moment while
// it still deletes those of one of the same name.
var errNotMade = errors.New("the stream was not made")

// errUnanswered says that it is not known whether a request was carried out.
var errUnanswered = errors.New("no answer")

// refusal is how JetStream says no.
type refusal struct {
	Code        int    `json:"code"`
	ErrCode     int    `json:"err_code"`
	Description string `json:"description"`
}

// The codes of refusals. Source: nats-server v2.15 server/errors.json.
const (
	codeClusterNotAvailable   = 10008
	codeClusterNotLeader      = 10009
	codeMessageNotFound       = 10037
	codeNotEnabledForAccount  = 10039
	codeStreamNotMade         = 10049
	codeStreamNotFound        = 10059
	codeReplicasNotSupported  = 10074
	codeJetStreamNotEnabled   = 10076
	codeStreamOffline         = 10118
	codeClusterNoPeersAtFirst = 10005
)

// ask sends a request to JetStream until it is answered, for as long as a stream
// may take to find a leader, and reads the answer: into is a pointer to a struct,
// and a refusal is an error. Only what may be done twice is asked like this.
func (c Cache) ask(ctx context.Context, verb, stream string, body, into any) error {
	subject := c.api(verb, stream)
	request, err := json.Marshal(body)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeoutCause(ctx, patience, errUnanswered)
	defer cancel()
	for {
		var data []byte
		data, err = c.askOnce(ctx, subject, request)
		if err == nil {
			err = c.open(subject, data, into)
		}
		if !errors.Is(err, errUnanswered) {
			return err
		}
		select {
		case <-time.After(betweenTries):
		case <-ctx.Done():
			if cause := context.Cause(ctx); !errors.Is(cause, errUnanswered) {
				return cause
			}
			return fault.New(fault.Unavailable, "%s did not answer within %s (%s)", c.place(), patience, subject).
				Because(err).WithHint("latch nats check")
		}
	}
}

// askOnce gives errUnanswered where asking again may help.
func (c Cache) askOnce(ctx context.Context, subject string, request []byte) ([]byte, error) {
	before := len(c.conn.Denied())
	inbox := c.conn.NewInbox()
	sub, err := c.conn.SubscribeSync(inbox)
	if err != nil {
		return nil, errors.Join(errUnanswered, err)
	}
	defer func() { _ = sub.Unsubscribe() }()
	if err := c.conn.PublishRequest(subject, inbox, request); err != nil {
		return nil, errors.Join(errUnanswered, err)
	}
	try, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	if err := c.conn.Settle(try); err != nil {
		return nil, errors.Join(errUnanswered, err)
	}
	if err := forbidden(c.conn.Denied()[before:], subject, inbox); err != nil {
		return nil, err
	}
	m, err := sub.NextMsgWithContext(try)
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return nil, c.none()
	case err != nil:
		return nil, errors.Join(errUnanswered, err)
	}
	return m.Data, nil
}

// none is the error where nobody answers for JetStream.
func (c Cache) none() error {
	return fault.New(fault.Unavailable, "there is no %s", c.place()).
		WithHint("the server keeps no streams, or does so in another domain: name it with --js-domain")
}

// forbidden is the error where one of the subjects was denied: a server tells it
// nobody who waits for an answer.
func forbidden(denied []natsconn.Denial, subjects ...string) error {
	for _, d := range denied {
		for _, subject := range subjects {
			if d.Subject == subject {
				return notAllowed(d)
			}
		}
	}
	return nil
}

func notAllowed(d natsconn.Denial) error {
	return fault.New(fault.Unavailable, "the server forbids %s", d).Like(errForbidden).
		WithHint("allow it to the user that latch connects as; latch nats permissions --for latch --with purge lists what latch needs")
}

// open reads an answer.
func (c Cache) open(subject string, data []byte, into any) error {
	var outer struct {
		Error *refusal `json:"error"`
	}
	if err := json.Unmarshal(data, &outer); err != nil {
		return fault.New(fault.Failed, "what answers on %s is not JetStream", subject)
	}
	if outer.Error != nil {
		return c.refused(subject, *outer.Error)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(data, into); err != nil {
		return fault.New(fault.Failed, "the answer on %s cannot be read", subject).Because(err)
	}
	return nil
}

func (c Cache) refused(subject string, r refusal) error {
	switch r.ErrCode {
	case codeStreamNotFound, codeMessageNotFound:
		return errAbsent
	case codeClusterNotAvailable, codeClusterNotLeader, codeStreamOffline:
		return fmt.Errorf("%w: %s", errUnanswered, r.Description)
	case codeNotEnabledForAccount, codeJetStreamNotEnabled:
		return c.none()
	case codeReplicasNotSupported, codeClusterNoPeersAtFirst:
		return fault.New(fault.Failed, "%s: %s", subject, r.Description).
			WithHint("--replicas sets another number of replicas")
	}
	err := fault.New(fault.Failed, "%s refuses %s: %s (%d)", c.place(), subject, r.Description, r.ErrCode)
	if r.ErrCode == codeStreamNotMade {
		err = err.Like(errNotMade)
	}
	return err
}
