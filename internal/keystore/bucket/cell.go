package bucket

import (
	"context"
	"errors"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/store"
	"github.com/latch-keys/latch/internal/natsconn"
)

// Cell is one value that many change by compare and set, in a bucket of its own that
// keeps no history: what was there before means nothing any more.
type Cell struct {
	using  func(ctx context.Context, act func(conn *natsconn.Conn) error) error
	bucket string
	key    string
}

// Cell is that of a key in the bucket that belongs to the keystore's and has a name of
// its own behind that.
func (s *Store) Cell(suffix, key string) *Cell {
	using := func(ctx context.Context, act func(conn *natsconn.Conn) error) error {
		return s.medium.using(ctx, func(on stream) error { return act(on.conn) })
	}
	return &Cell{using, s.medium.at.Bucket + suffix, key}
}

// CellOn is that of a key in a bucket that a connection reaches.
func CellOn(conn *natsconn.Conn, bucket, key string) *Cell {
	return &Cell{func(_ context.Context, act func(*natsconn.Conn) error) error { return act(conn) }, bucket, key}
}

// on has act use the cell's bucket, which is made where it is missing.
func (c *Cell) on(ctx context.Context, act func(s stream) error) error {
	return c.using(ctx, func(conn *natsconn.Conn) error {
		s := stream{conn: conn, bucket: c.bucket, patience: Patience}
		err := act(s)
		if !errors.Is(err, store.ErrNoPlace) {
			return err
		}
		if err := s.create(ctx, 1, s.usual(), new(streamInfo)); err != nil {
			return fault.Hint(err, "make it once as somebody who may: nats kv add %s --history 1 --replicas 3", c.bucket)
		}
		return act(s)
	})
}

// Read gives the value and its revision, zero where there is none yet.
func (c *Cell) Read(ctx context.Context) (data []byte, revision uint64, err error) {
	err = c.on(ctx, func(s stream) error {
		m, err := s.last(ctx, c.key)
		if errors.Is(err, errNone) {
			return nil
		}
		data, revision = m.Data, m.Seq
		return err
	})
	return data, revision, err
}

// Write puts a value over a revision, and reports false where that is not the newest
// any more: then it may have been written all the same, and written over since, where
// an answer was lost. No two may write the same: which of them did could not be told.
func (c *Cell) Write(ctx context.Context, data []byte, over uint64) (written bool, err error) {
	err = c.on(ctx, func(s stream) error {
		_, err := s.put(ctx, c.key, data, over)
		written = err == nil
		if errors.Is(err, errChanged) {
			return nil
		}
		return err
	})
	return written, err
}
