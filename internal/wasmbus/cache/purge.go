package cache

import (
	"context"
	"errors"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
)

// nothingFilter is a subject that no stream of a lattice has.
const nothingFilter = "latch.rehearsal.of.a.purge"

// aftermath is how long is looked, once something was asked for, whether it was
// done, even when the person has given up meanwhile.
const aftermath = patience + attempt

// Rehearse purges nothing from each of the streams: it proves the right to purge,
// and that the stream can be changed at all, before anything is.
func (c Cache) Rehearse(ctx context.Context, streams []Stream) error {
	for _, s := range streams {
		if err := c.ask(ctx, "STREAM.PURGE", s.Stream, map[string]any{"filter": nothingFilter}, nil); err != nil {
			return fault.Hint(gone(err, s.Stream), "nothing was purged")
		}
	}
	return nil
}

// Purge purges what the streams held when they were looked at; what came later
// stays. It gives all of them as they are afterwards. The error says which of them
// were purged before one could not be.
func (c Cache) Purge(ctx context.Context, streams []Stream) ([]Stream, error) {
	var after []Stream
	var done []string
	for _, s := range streams {
		now, err := c.purge(ctx, s)
		if err != nil {
			return after, unfinished(err, done, streams[len(done):])
		}
		after, done = append(after, now), append(done, s.Stream)
	}
	for _, s := range after {
		if s.Messages > 0 {
			return after, fault.New(fault.Failed, "what there was is purged, but %s holds %d messages that came meanwhile: somebody writes to it", s.Stream, s.Messages).
				WithHint("stop every host of the lattice, then run the command again")
		}
	}
	return after, nil
}

// purge asks as often as it takes: it is for the messages up to a number, so that
// what was done is not done to others. Whatever is answered, the stream tells.
func (c Cache) purge(ctx context.Context, s Stream) (Stream, error) {
	asked := c.ask(ctx, "STREAM.PURGE", s.Stream, map[string]any{"seq": s.last + 1}, nil)
	look, cancel := context.WithTimeout(context.WithoutCancel(ctx), aftermath)
	defer cancel()
	now, err := c.look(look, s.Store)
	switch {
	case err != nil && asked == nil:
		return now, fault.New(fault.Failed, "JetStream says that %s was purged, and it could not be looked at", s.Stream).Because(err)
	case err != nil:
		return now, fault.New(fault.Failed, "it is not known whether %s was purged", s.Stream).Because(asked)
	case !now.Exists:
		return now, fault.New(fault.Failed, "%s was deleted while it was purged", s.Stream)
	case now.Messages == 0 || now.first > s.last:
		return now, nil
	case asked != nil:
		return now, asked
	}
	return now, fault.New(fault.Failed, "JetStream says that %s was purged, and its messages are still there", s.Stream)
}

// unfinished says how far a purge has come.
func unfinished(err error, done []string, left []Stream) error {
	var names []string
	for _, s := range left {
		names = append(names, s.Stream)
	}
	if len(done) == 0 {
		return fault.New(fault.KindOf(err), "%s could not be purged, and nothing was", names[0]).Because(err).WithHint("%s", fault.HintOf(err))
	}
	return fault.New(fault.Failed, "%s purged, %s not", strings.Join(done, ", "), strings.Join(names, ", ")).Because(err).
		WithHint("run the command again to purge the rest; what was purged is in the copy")
}

func gone(err error, stream string) error {
	if errors.Is(err, errAbsent) {
		return fault.New(fault.NotFound, "the stream %s is gone", stream)
	}
	return err
}
