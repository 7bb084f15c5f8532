package cache

import (
	"context"
	"encoding/json"
	"errors"

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

// put sends a message as soon as not too many are under way. The first is waited
// for, to see whether it may be sent at all.
func (p *publisher) put(ctx context.Context, m Message) error {
	header, conditions, err := headerOf(m.Header)
	if err != nil {
		return fault.New(fault.Failed, "the header of message %d of %s cannot be read", m.Seq, p.stream).Because(err)
	}
	p.largest = max(p.largest, len(m.Data)+len(m.Header))
	window := max(1, min(mostUnderWay, mostBytesUnderWay/p.largest))
	for len(p.underWay) >= window || p.sent == 1 && len(p.underWay) == 1 {
		if err := p.await(ctx); err != nil {
			return err
		}
	}
	err = p.send(p.sent, &nats.Msg{Subject: p.cache.publishTo(m.Subject), Header: header, Data: m.Data})
	if err != nil {
		return fault.New(fault.Failed, "message %d of %s could not be sent", m.Seq, p.stream).Because(err)
	}
	p.underWay[p.sent] = true
	p.sent++
	p.conditions += conditions
	p.sum.add(m.Subject, header, m.Data)
	return nil
}

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
	if errors.Is(err, errUnanswered) {
		if forbidden := p.forbidden(ctx); forbidden != nil {
			return forbidden
		}
		if errors.Is(err, nats.ErrNoResponders) {
			return fault.New(fault.Failed, "no stream takes a message of %s: the stream that is there has other subjects than the copy", p.stream)
		}
		return fault.New(fault.Unavailable, "%s did not say that %s stored what it was sent", p.cache.place(), p.stream).Because(err)
	}
	if err != nil {
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
