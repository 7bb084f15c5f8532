package cache

import (
	"context"
	"errors"
	"time"
)

// makeStreams makes those that are not there, with the configuration that they had.
func (r *Restoration) makeStreams(ctx context.Context) error {
	for _, t := range r.streams {
		if !t.before.Exists {
			config, err := t.configuration(r.Replicas)
			if err != nil {
				return err
			}
			if err := r.cache.create(ctx, t.CopiedStream.Stream, config); err != nil {
				return err
			}
			t.made = true
			if t.before, err = r.cache.look(ctx, t.before.Store); err != nil {
				return err
			}
		}
	}
	for _, t := range r.streams {
		var err error
		if t.publisher, err = r.cache.publisher(t.CopiedStream.Stream); err != nil {
			return err
		}
	}
	return nil
}

// create makes a stream, and tries again for a while where its server cannot yet.
func (c Cache) create(ctx context.Context, stream string, config any) error {
	const mostTries = 8
	for try := 1; ; try++ {
		err := c.ask(ctx, "STREAM.CREATE", stream, config, nil)
		if !errors.Is(err, errNotMade) || try == mostTries {
			return err
		}
		select {
		case <-time.After(betweenTries):
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
