package bucket

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// Waits. A server that takes over from another is there within a few seconds; what
// was asked of the other is lost, so each attempt is short.
const (
	attempt      = 1 * time.Second
	betweenTries = 50 * time.Millisecond
	// Patience is how long a bucket may take to answer or to take a write, unless
	// told otherwise.
	Patience = 10 * time.Second
)

// Codes of errors of JetStream. Source: nats-server v2.15 server/errors.json.
const (
	codeNoMessage      = 10037
	codeNoStream       = 10059
	codeUnavailable    = 10008 // for the moment: there is no leader
	codeWrongSequence  = 10071 // of the subject, and what it is
	codeWrongSequence2 = 10164 // the same, from a cluster
	codeNotEnabled     = 10076
	codeNotForAccount  = 10039
	codeNotMade        = 10049 // the files of a stream
)

var (
	// errNone: the bucket has no such message.
	errNone = errors.New("there is no such revision")
	// errChanged: what a write was made over is no longer there.
	errChanged = errors.New("somebody else changed it at the same time")
)

// stream is the bucket as its leader has it. Replicas may answer with old values, so
// none is ever asked: every read goes by the leader's own API.
type stream struct {
	conn     *natsconn.Conn
	bucket   string
	patience time.Duration
	read     *readings // where what is read is noted; nil for nowhere
	kept     *kept     // what answers in place of the leader; nil: the leader does
}

// query asks for one revision: that of a sequence, the last of a subject, or the next
// of a subject from a sequence on.
type query struct {
	Seq  uint64 `json:"seq,omitempty"`
	Last string `json:"last_by_subj,omitempty"`
	Next string `json:"next_by_subj,omitempty"`
}

// message is one revision of one key.
type message struct {
	Subject string    `json:"subject"`
	Seq     uint64    `json:"seq"`
	Data    []byte    `json:"data"`
	Time    time.Time `json:"time"`
}

// apiError is how JetStream says no.
type apiError struct {
	Code        int    `json:"err_code"`
	Description string `json:"description"`
}

func (e *apiError) Error() string { return e.Description }

func (s stream) subject(key string) string { return "$KV." + s.bucket + "." + key }

// last is the newest revision of a key.
func (s stream) last(ctx context.Context, key string) (message, error) {
	return s.get(ctx, query{Last: s.subject(key)})
}

// at is the revision itself.
func (s stream) at(ctx context.Context, seq uint64) (message, error) {
	if m, read := s.read.find(seq); read {
		return m, nil
	}
	return s.get(ctx, query{Seq: seq})
}

// revision is one of a key: errNone where that is another's.
func (s stream) revision(ctx context.Context, key string, seq uint64) (message, error) {
	m, err := s.at(ctx, seq)
	if err == nil && m.Subject != s.subject(key) {
		err = errNone
	}
	return m, err
}

// next is the first revision of a key, or of a pattern of keys, from one on.
func (s stream) next(ctx context.Context, key string, from uint64) (message, error) {
	return s.get(ctx, query{Seq: from, Next: s.subject(key)})
}

func (s stream) get(ctx context.Context, what query) (message, error) {
	if s.kept != nil {
		return s.kept.get(what)
	}
	var answer struct {
		Message message `json:"message"`
	}
	err := s.ask(ctx, "STREAM.MSG.GET.KV_"+s.bucket, what, &answer)
	var refused *apiError
	if errors.As(err, &refused) && refused.Code == codeNoMessage {
		err = errNone
	}
	if err == nil {
		s.read.add(answer.Message)
	}
	return answer.Message, err
}

// key is what a revision is of.
func (s stream) key(m message) string { return strings.TrimPrefix(m.Subject, s.subject("")) }

// ask asks JetStream, again where an answer is lost: what is asked changes nothing,
// or no more when it is asked twice.
func (s stream) ask(ctx context.Context, what string, with, answer any) error {
	subject := "$JS.API." + what
	body, err := json.Marshal(with)
	if err != nil {
		return err
	}
	within, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	for {
		err := s.askOnce(within, subject, body, answer)
		if err == nil || !transient(err) {
			return s.plainly(ctx, err)
		}
		if denied := s.denied(subject); denied != nil {
			return denied
		}
		if !pause(within) {
			return s.silent(ctx, err)
		}
	}
}

func (s stream) askOnce(ctx context.Context, subject string, body []byte, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	reply, err := s.conn.RequestWithContext(ctx, subject, body)
	if err != nil {
		return err
	}
	var refused struct {
		Error *apiError `json:"error"`
	}
	if err := json.Unmarshal(reply.Data, &refused); err != nil {
		return errors.New("the answer is not JetStream's")
	}
	if refused.Error != nil {
		return refused.Error
	}
	return json.Unmarshal(reply.Data, answer)
}

// transient tells whether asking again may help.
func transient(err error) bool {
	var refused *apiError
	if errors.As(err, &refused) {
		return refused.Code == codeUnavailable
	}
	for _, lost := range []error{
		context.DeadlineExceeded, nats.ErrTimeout, nats.ErrNoResponders, nats.ErrDisconnected, nats.ErrConnectionReconnecting,
		nats.ErrReconnectBufExceeded, nats.ErrStaleConnection,
	} {
		if errors.Is(err, lost) {
			return true
		}
	}
	return false
}

// pause waits a moment, and reports false when the time is over.
func pause(ctx context.Context) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(betweenTries):
		return true
	}
}

// plainly says of what JetStream refused what to do about it.
func (s stream) plainly(ctx context.Context, err error) error {
	var refused *apiError
	switch {
	case ctx.Err() != nil:
		return context.Cause(ctx)
	case !errors.As(err, &refused):
		return err
	case refused.Code == codeNoStream:
		return s.missing()
	case refused.Code == codeNotEnabled || refused.Code == codeNotForAccount:
		return fault.New(fault.Unavailable, "this NATS keeps no buckets").Because(err).
			WithHint("turn JetStream on, in the server and for the account, or use another keystore")
	}
	return err
}

// silent is the error of a bucket that did not answer within the time.
func (s stream) silent(ctx context.Context, last error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return fault.New(fault.Unavailable, "the bucket %s did not answer within %s", s.bucket, s.patience).Because(notJustLate(last)).Like(errSilent).
		WithHint("see how its servers are: nats stream info KV_%s; a bucket needs more than half of its replicas", s.bucket)
}

// denied is the error of what the server forbids: to whom it forbids something it
// answers nothing.
func (s stream) denied(subject string) error {
	for _, d := range s.conn.Denied() {
		if d.Subject == subject && d.Action == natsconn.Publish {
			return fault.New(fault.Unavailable, "the NATS server forbids this user %s", d).
				WithHint("%s", s.grantedBy(subject))
		}
	}
	return nil
}

// grantedBy says which permissions would allow publishing to a subject.
func (s stream) grantedBy(subject string) string {
	bucket := strings.TrimSuffix(s.bucket, permissions.RolloutSuffix)
	if role, found := permissions.KeystoreRoleFor(bucket, wasmcloud.Publish, subject); found {
		return fmt.Sprintf("give it those of latch nats permissions --for %s --bucket %s, or connect as another: LATCH_NATS_CREDS=FILE", role, bucket)
	}
	return "connect as another: LATCH_NATS_CREDS=FILE"
}
