package bucket

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// write writes a revision of a key over another, zero for none, reads it back and
// compares. errChanged: the other is no longer the newest. What is written when ctx ends
// is no failure: whoever asked is told that it was done.
func (s stream) write(ctx context.Context, key string, data []byte, over uint64) (uint64, error) {
	seq, err := s.put(ctx, key, data, over)
	if err != nil {
		return 0, err
	}
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.patience)
	defer cancel()
	return seq, s.confirm(within, key, seq, data)
}

// put is write without reading back.
//
// An error of NATS does not mean that nothing was written: the answer may have been
// lost. So the leader is asked what there is. Writing again is safe, since a write
// that came late after all has changed what the next one is made over.
func (s stream) put(ctx context.Context, key string, data []byte, over uint64) (uint64, error) {
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	within, cancel := context.WithTimeout(ctx, s.patience)
	defer cancel()
	for {
		seq, err := s.writeOnce(within, key, data, over)
		if err == nil {
			return seq, nil
		}
		if ctx.Err() == nil && !transient(err) && !isConflict(err) {
			return 0, s.plainly(ctx, err)
		}
		if denied := s.denied(s.subject(key)); denied != nil {
			return 0, denied
		}
		seq, settled, lookErr := s.look(within, key, data, over)
		switch {
		case settled && lookErr == nil:
			return seq, nil
		case ctx.Err() != nil:
			return s.lookAfter(ctx, key, data, over)
		case settled:
			return 0, lookErr
		case !pause(within) && ctx.Err() == nil:
			return 0, s.uncertain(key, err)
		}
	}
}

// lookAfter finds out what became of a write that was on its way when ctx ended. It takes
// a third of the patience at the most: somebody waits.
func (s stream) lookAfter(ctx context.Context, key string, data []byte, over uint64) (uint64, error) {
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.patience/3)
	defer cancel()
	for {
		seq, settled, err := s.look(within, key, data, over)
		switch {
		case settled:
			return seq, err
		case !pause(within):
			return 0, context.Cause(ctx)
		}
	}
}

// look finds out what became of a write whose answer was lost: settled where that is
// known for good.
func (s stream) look(ctx context.Context, key string, data []byte, over uint64) (seq uint64, settled bool, err error) {
	now, err := s.last(ctx, key)
	switch {
	case errors.Is(err, errNone) && over == 0, err == nil && now.Seq == over:
		return 0, false, nil // not yet
	case err == nil && bytes.Equal(now.Data, data):
		return now.Seq, true, nil
	case err == nil || errors.Is(err, errNone):
		return 0, true, errChanged
	case fault.Is(err, fault.Unavailable) || ctx.Err() != nil:
		return 0, false, err
	}
	return 0, true, err
}

func (s stream) writeOnce(ctx context.Context, key string, data []byte, over uint64) (uint64, error) {
	ctx, cancel := context.WithTimeout(ctx, attempt)
	defer cancel()
	m := nats.NewMsg(s.subject(key))
	m.Data = data
	m.Header.Set("Nats-Expected-Last-Subject-Sequence", strconv.FormatUint(over, 10))
	m.Header.Set("Nats-Expected-Stream", "KV_"+s.bucket)
	reply, err := s.conn.RequestMsgWithContext(ctx, m)
	if errors.Is(err, nats.ErrMaxPayload) {
		return 0, fault.New(fault.Refused, "%s would be %d bytes, more than the NATS server takes", key, len(data)).
			WithHint("raise max_payload of the servers: 1MB holds the list of some ten thousand keys")
	}
	if err != nil {
		return 0, err
	}
	var ack struct {
		Error *apiError `json:"error"`
		Seq   uint64    `json:"seq"`
	}
	switch err := json.Unmarshal(reply.Data, &ack); {
	case err != nil || ack.Error == nil && ack.Seq == 0:
		return 0, errors.New("the answer is not JetStream's")
	case ack.Error != nil:
		return 0, ack.Error
	}
	return ack.Seq, nil
}

func isConflict(err error) bool {
	var refused *apiError
	return errors.As(err, &refused) && (refused.Code == codeWrongSequence || refused.Code == codeWrongSequence2)
}

// confirm reads a revision back from the leader.
func (s stream) confirm(ctx context.Context, key string, seq uint64, data []byte) error {
	back, err := s.at(ctx, seq)
	switch {
	case err != nil:
		return fmt.Errorf("failed to read back revision %d of %s, just written: %w", seq, key, err)
	case back.Subject != s.subject(key) || !bytes.Equal(back.Data, data):
		return store.Damaged(fault.New(fault.Failed, "revision %d of %s is not what was just written", seq, key).
			WithHint("find out what else writes to the bucket, or answers in its place"))
	}
	return nil
}

// uncertain is the error of a write of which it is not known what became.
func (s stream) uncertain(key string, last error) error {
	return fault.New(fault.Unavailable, "the bucket %s did not confirm within %s that %s was written", s.bucket, s.patience, key).Because(notJustLate(last)).
		WithHint("it may have been: look with latch keys list when the servers answer, nats stream info KV_%s tells; doing it again is safe", s.bucket)
}

// notJustLate is a cause that says more than that time went by.
func notJustLate(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}
