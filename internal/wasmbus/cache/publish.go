package cache

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/fault"
)

// publisher stores messages in a stream, in order and with many under way.
type publisher struct {
	cache  Cache
	stream string
	*flight

	sent       uint64
	underWay   map[uint64]bool // by number
	largest    int
	sum        *sum // of what was sent
	conditions int  // headers that were left out
}

func (c Cache) publisher(stream string) (*publisher, error) {
	f, err := newFlight(c.conn)
	if err != nil {
		return nil, err
	}
	return &publisher{cache: c, stream: stream, flight: f, underWay: map[uint64]bool{}, largest: 1, sum: newSum()}, nil
}

// put sends a message as soon as not too many are under way.
func (p *publisher) put(ctx context.Context, m Message) error {
	header, conditions, err := headerOf(m.Header)
	if err != nil {
		return fault.New(fault.Failed, "the header of message %d of %s cannot be read", m.Seq, p.stream).Because(err)
	}
	p.largest = max(p.largest, len(m.Data)+len(m.Header))
	window := max(1, min(mostUnderWay, mostBytesUnderWay/p.largest))
	for len(p.underWay) >= window {
		if err := p.await(ctx); err != nil {
			return err
		}
	}
	number, begins := p.sent, p.sent == 0
	p.sent++
	p.conditions += conditions
	p.sum.add(m.Subject, header, m.Data)
	message := &nats.Msg{Subject: p.cache.publishTo(m.Subject), Header: header, Data: m.Data}
	if begins {
		return p.begin(ctx, message)
	}
	return p.dispatch(number, message)
}

func (p *publisher) dispatch(number uint64, m *nats.Msg) error {
	if err := p.send(number, m); err != nil {
		return fault.New(fault.Failed, "a message could not be sent to %s", p.stream).Because(err)
	}
	p.underWay[number] = true
	return nil
}

// begin sends the first message and waits for it. A stream that was just made is not
// known on every server of a cluster at once: where nobody takes the message, nobody
// has it, so that it is sent again.
func (p *publisher) begin(ctx context.Context, m *nats.Msg) error {
	for waited := time.Duration(0); ; waited += betweenTries {
		if err := p.dispatch(0, m); err != nil {
			return err
		}
		err := p.await(ctx)
		if !errors.Is(err, errNoStream) || waited >= patience {
			return err
		}
		select {
		case <-time.After(betweenTries):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// errNoStream says that no stream takes a message.
var errNoStream = errors.New("no stream takes it")

// finish waits until all that was sent is stored.
func (p *publisher) finish(ctx context.Context) error {
	for len(p.underWay) > 0 {
		if err := p.await(ctx); err != nil {
			return err
		}
	}
	return nil
}

// await waits for one to be stored. None is sent a second time: it might be stored
// a second time.
func (p *publisher) await(ctx context.Context) error {
	number, data, err := p.next(ctx)
	for waited := attempt; errors.Is(err, errUnanswered) && !errors.Is(err, nats.ErrNoResponders) && waited < patience; waited += attempt {
		if forbidden := p.forbidden(ctx); forbidden != nil {
			return forbidden
		}
		number, data, err = p.next(ctx)
	}
	switch {
	case errors.Is(err, nats.ErrNoResponders):
		return fault.New(fault.Failed, "no stream takes a message of %s: the stream that is there has other subjects than the copy", p.stream).Like(errNoStream)
	case errors.Is(err, errUnanswered):
		return fault.New(fault.Unavailable, "%s did not say that %s stored what it was sent", p.cache.place(), p.stream).Because(err)
	case err != nil:
		return err
	}
	var ack struct {
		Stream string   `json:"stream"`
		Domain string   `json:"domain"`
		Error  *refusal `json:"error"`
	}
	switch err := json.Unmarshal(data, &ack); {
	case err != nil:
		return fault.New(fault.Failed, "what answers for %s is not JetStream", p.stream)
	case p.cache.domain != "" && ack.Domain != "" && ack.Domain != p.cache.domain:
		return nil // a stream of another domain takes the same subject
	case ack.Error != nil:
		return fault.New(fault.Failed, "%s refuses a message: %s (%d)", p.stream, ack.Error.Description, ack.Error.ErrCode)
	case ack.Stream != p.stream:
		return fault.New(fault.Failed, "a message for %s was stored in another stream, %s: its subjects are not those of the copy", p.stream, ack.Stream)
	}
	delete(p.underWay, number)
	return nil
}
