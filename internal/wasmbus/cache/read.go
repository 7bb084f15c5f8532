package cache

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/fault"
)

// Message is one that a stream holds.
type Message struct {
	Seq     uint64    `json:"seq"`
	Time    time.Time `json:"time"`
	Subject string    `json:"subject"`
	Header  []byte    `json:"header,omitempty"` // as it travels
	Data    []byte    `json:"data"`
}

// gapsBeforeJump is how many numbers without a message are asked for one by one.
const gapsBeforeJump = 64

// reader reads a stream in order, with many requests under way. It asks whoever
// leads the stream, since a replica may lag behind.
type reader struct {
	cache  Cache
	stream string
	*flight

	next, out, last uint64              // the number to ask for, the one to hand out, and the end
	jumpAt, jumpTo  uint64              // numbers from the one to below the other have no messages
	landed          map[uint64]*Message // those that came before their turn; nil for none there
	gaps            int                 // numbers in a row without a message
	largest         int
	window          int
}

// read gives the messages of a stream from a sequence number to another, in order.
func (c Cache) read(ctx context.Context, stream string, first, last uint64, take func(Message) error) error {
	first, err := c.seek(ctx, stream, first) // proves the right to read, and skips what is gone
	if errors.Is(err, errAbsent) || err == nil && first > last {
		return nil
	}
	if err != nil {
		return err
	}
	f, err := newFlight(c.conn)
	if err != nil {
		return err
	}
	defer f.close()
	r := reader{cache: c, stream: stream, flight: f, next: first, out: first, last: last, landed: map[uint64]*Message{}, largest: 1, window: 8}
	return r.run(ctx, take)
}

// getAnswer is what JetStream gives for a message that is asked for.
type getAnswer struct {
	Message *struct {
		Subject string    `json:"subject"`
		Seq     uint64    `json:"seq"`
		Header  []byte    `json:"hdrs"`
		Data    []byte    `json:"data"`
		Time    time.Time `json:"time"`
	} `json:"message"`
	Error *refusal `json:"error"`
}

// seek finds the first number from one on that has a message; errAbsent for none.
func (c Cache) seek(ctx context.Context, stream string, from uint64) (uint64, error) {
	var found getAnswer
	err := c.ask(ctx, "STREAM.MSG.GET", stream, map[string]any{"seq": from, "next_by_subj": ">"}, &found)
	if err == nil && (found.Message == nil || found.Message.Seq < from) { // or reading would never end
		err = fault.New(fault.Failed, "%s gives no message of %s from %d on, which was asked for", c.place(), stream, from)
	}
	if err != nil {
		return 0, err
	}
	return found.Message.Seq, nil
}

func (r *reader) run(ctx context.Context, take func(Message) error) error {
	silent := time.Duration(0)
	for r.out <= r.last {
		if err := r.fill(); err != nil {
			return err
		}
		number, data, err := r.flight.next(ctx)
		switch {
		case errors.Is(err, errUnanswered) && silent < patience:
			silent += attempt
			err = r.again(ctx)
		case errors.Is(err, errUnanswered):
			err = fault.New(fault.Unavailable, "%s stopped answering while %s was read", r.cache.place(), r.stream).Because(err)
		case err == nil:
			if err = r.land(number, data); err == nil {
				silent = 0
				err = r.drain(ctx, take)
			}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// fill asks for as many as may be under way.
func (r *reader) fill() error {
	for r.next <= r.last && r.next < r.out+uint64(r.window) {
		if err := r.request(r.next); err != nil {
			return err
		}
		r.next++
	}
	return nil
}

func (r *reader) request(number uint64) error {
	body, err := json.Marshal(map[string]uint64{"seq": number})
	if err != nil {
		return err
	}
	m := nats.NewMsg(r.cache.api("STREAM.MSG.GET", r.stream))
	m.Data = body
	return r.send(number, m)
}

// again asks anew for what has not come: a stream's leader may have gone, and what
// it was asked with it.
func (r *reader) again(ctx context.Context) error {
	if err := r.forbidden(ctx); err != nil {
		return err
	}
	r.window = 8
	for number := r.out; number < r.next; number++ {
		if number == r.jumpAt {
			number = r.jumpTo
		}
		if _, here := r.landed[number]; !here && number < r.next {
			if err := r.request(number); err != nil {
				return err
			}
		}
	}
	return nil
}

// land takes an answer in. One that comes a second time is dropped.
func (r *reader) land(number uint64, data []byte) error {
	if _, here := r.landed[number]; here || number < r.out || number >= r.next {
		return nil
	}
	var answer getAnswer
	if err := json.Unmarshal(data, &answer); err != nil {
		return fault.New(fault.Failed, "message %d of %s cannot be read", number, r.stream).Because(err)
	}
	switch {
	case answer.Error != nil && answer.Error.ErrCode == codeMessageNotFound:
		r.landed[number] = nil
	case answer.Error != nil:
		if err := r.cache.refused(r.cache.api("STREAM.MSG.GET", r.stream), *answer.Error); !errors.Is(err, errUnanswered) {
			return err
		}
	case answer.Message == nil || answer.Message.Seq != number:
		return fault.New(fault.Failed, "%s gives another message of %s than was asked for", r.cache.place(), r.stream)
	default:
		m := answer.Message
		r.landed[number] = &Message{Seq: m.Seq, Time: m.Time, Subject: m.Subject, Header: m.Header, Data: m.Data}
		r.largest = max(r.largest, len(data))
		r.window = max(1, min(r.window+1, mostUnderWay, mostBytesUnderWay/r.largest))
	}
	return nil
}

// drain hands out what is in turn.
func (r *reader) drain(ctx context.Context, take func(Message) error) error {
	for r.out <= r.last {
		m, here := r.landed[r.out]
		if !here {
			break
		}
		delete(r.landed, r.out)
		r.out = r.over(r.out + 1)
		if m == nil {
			r.gaps++
			continue
		}
		r.gaps = 0
		if err := take(*m); err != nil {
			return err
		}
	}
	return r.jump(ctx)
}

// jump skips a long row of numbers without messages.
func (r *reader) jump(ctx context.Context) error {
	if r.gaps < gapsBeforeJump || r.next > r.last || r.out <= r.jumpAt {
		return nil
	}
	to, err := r.cache.seek(ctx, r.stream, r.next)
	switch {
	case errors.Is(err, errAbsent):
		to = r.last + 1
	case err != nil:
		return err
	}
	r.gaps, r.jumpAt, r.jumpTo = 0, r.next, to
	r.next, r.out = to, r.over(r.out)
	return nil
}

// over is where a number leads: past the numbers that were jumped over.
func (r *reader) over(number uint64) uint64 {
	if number == r.jumpAt {
		return r.jumpTo
	}
	return number
}
