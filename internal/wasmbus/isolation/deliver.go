package isolation

import (
	"context"
	"fmt"
	"time"

	"github.com/latch-keys/latch/internal/natsconn"
)

// deliver makes a consumer of a stream of the lattice's own that delivers to the
// other: not what the stream holds, but the sign of life that a consumer gives.
func (t *trial) deliver(ctx context.Context) (verdict, error) {
	const beat, life = 200 * time.Millisecond, 5 * time.Second
	targets := t.targets(Deliver)
	if len(targets) == 0 {
		return verdict{late: func(w Way) Way { return t.notHeard(w, Deliver, 0) }}, nil
	}
	stream, conn, remove, err := t.ownStream(ctx)
	if err != nil || conn == nil {
		free, missing := t.freeBucket(ctx)
		if err == nil {
			err = missing
		}
		return verdict{late: func(w Way) Way { return t.byBucket(w, free, "and have it delivered to "+t.to.Lattice) }}, err
	}
	v := verdict{undo: remove}
	made := 0
	for _, target := range targets {
		r, end, err := t.from.api(ctx, conn, "CONSUMER.CREATE."+stream, map[string]any{"stream_name": stream, "config": map[string]any{
			"deliver_subject": target.subject, "deliver_policy": "new", "ack_policy": "none", "replay_policy": "instant",
			"idle_heartbeat": int64(beat), "inactive_threshold": int64(life), "mem_storage": true,
		}})
		if err != nil {
			return v, err
		}
		if end == done {
			made++
			undo := v.undo
			v.undo = func() { t.dropConsumer(conn, stream, r.Name); undo() }
		}
	}
	v.late = func(w Way) Way { return t.notHeard(w, Deliver, made) }
	return v, nil
}

// ownStream is a stream of the lattice's own that is there, or one made for this.
func (t *trial) ownStream(ctx context.Context) (name string, conn *natsconn.Conn, remove func(), err error) {
	for _, bucket := range t.from.Buckets {
		for _, c := range t.from.connections() {
			_, end, err := t.from.api(ctx, c.conn, "STREAM.INFO."+bucket, struct{}{})
			if err != nil {
				return "", nil, nil, err
			}
			if end == done {
				return bucket, c.conn, func() {}, nil
			}
		}
	}
	name = t.tokenOf(Deliver)
	conn, _, err = t.from.make(ctx, map[string]any{"name": name, "subjects": []string{t.from.RPCSubject(name)}})
	return name, conn, func() { t.from.unmake(conn, name) }, err
}

func (t *trial) dropConsumer(conn *natsconn.Conn, stream, consumer string) {
	ctx, cancel := context.WithTimeout(context.Background(), apiPatience)
	defer cancel()
	_, _, _ = t.from.api(ctx, conn, fmt.Sprintf("CONSUMER.DELETE.%s.%s", stream, consumer), struct{}{}) // it ends by itself where nobody listens
}
