package isolation

import (
	"context"

	"github.com/latch-keys/latch/internal/natsconn"
)

// stream makes a stream on a subject of the other lattice, which then sends there.
func (t *trial) stream(ctx context.Context) (verdict, error) {
	name, theirs := t.tokenOf(Stream), t.to.RPCSubject(t.tokenOf(Stream))
	conn, end, err := t.from.make(ctx, map[string]any{"name": name, "subjects": []string{theirs}})
	if err != nil || conn == nil {
		return t.unmade(ctx, end, "on subjects of "+t.to.Lattice, err)
	}
	v := verdict{undo: func() { t.from.unmake(conn, name) }, again: func() error { return t.to.RPC.Publish(theirs, []byte{0}) }}
	forbidden, err := asked(ctx, t.to.RPC, natsconn.Publish, theirs, v.again)
	v.late = func(w Way) Way {
		switch {
		case t.from.messagesIn(ctx, conn, name) > 0:
			return w.open("a stream keeps what is sent to %s", theirs)
		case forbidden:
			return w.untried("no connection of %s may send to a subject that is free to try", t.to.Lattice)
		}
		return w.notYet("a stream did not get what was sent")
	}
	return v, err
}

// mirror makes a mirror of a stream of the other lattice: of one made for it, or of a
// bucket that holds something.
func (t *trial) mirror(ctx context.Context) (verdict, error) {
	origin, v, err := t.origin(ctx)
	if err != nil {
		return v, err
	}
	name := t.tokenOf(Mirror)
	conn, end, err := t.from.make(ctx, map[string]any{"name": name, "mirror": map[string]any{"name": origin}})
	if origin == "" && end == refused {
		return verdict{late: func(w Way) Way {
			return w.untried("%s has no stream with anything in it, and may make none", t.to.Lattice)
		}}, err
	}
	if err != nil || conn == nil {
		without, err := t.unmade(ctx, end, "as mirrors of those of "+t.to.Lattice, err)
		v.late = without.late
		return v, err
	}
	v.late = func(w Way) Way {
		if t.from.messagesIn(ctx, conn, name) > 0 {
			return w.open("a mirror has what is in %s", origin)
		}
		return w.notYet("a mirror of %s stayed empty", origin)
	}
	remove := v.undo
	v.undo = func() { t.from.unmake(conn, name); remove() }
	return v, nil
}

// origin is a stream of the other lattice that holds something, "" for none; the verdict
// fills it again and takes away what was made for it, also where there is an error.
func (t *trial) origin(ctx context.Context) (name string, v verdict, err error) {
	v.undo = func() {}
	name, subject := "latch-"+t.token+"-origin", t.to.RPCSubject("latch-"+t.token+"-origin")
	conn, _, err := t.to.make(ctx, map[string]any{"name": name, "subjects": []string{subject}})
	if err != nil {
		return "", v, err
	}
	if conn != nil {
		v.undo = func() { t.to.unmake(conn, name) }
		v.again = func() error { return t.to.RPC.Publish(subject, []byte{0}) }
		return name, v, v.again()
	}
	for _, bucket := range t.to.Buckets {
		for _, c := range t.to.connections() {
			if t.to.messagesIn(ctx, c.conn, bucket) > 0 {
				return bucket, v, nil
			}
		}
	}
	return "", v, nil
}

// republish makes a stream of the lattice's own whose messages go on to the other.
func (t *trial) republish(ctx context.Context) (verdict, error) {
	name, own := t.tokenOf(Republish), t.from.RPCSubject(t.tokenOf(Republish))
	targets := t.targets(Republish)
	if len(targets) == 0 {
		return verdict{late: func(w Way) Way { return t.notHeard(w, Republish, 0) }}, nil
	}
	conn, end, err := t.from.make(ctx, map[string]any{
		"name": name, "subjects": []string{own},
		"republish": map[string]any{"src": own, "dest": targets[0].subject},
	})
	if err != nil || conn == nil {
		return t.unmade(ctx, end, "with what they hold sent on to "+t.to.Lattice, err)
	}
	v := verdict{
		late:  func(w Way) Way { return t.notHeard(w, Republish, 1) },
		again: func() error { return t.from.RPC.Publish(own, []byte{0}) },
		undo:  func() { t.from.unmake(conn, name) },
	}
	return v, v.again()
}

// unmade is the verdict where no stream of a free name can be made. Then a bucket that
// the hosts would make at their start is looked at: while it is not there, whoever may
// make it may make it in any way.
func (t *trial) unmade(ctx context.Context, end ended, how string, err error) (verdict, error) {
	if err != nil || end != denied {
		return verdict{late: func(w Way) Way {
			if end == nobody {
				return w.closed("it has no JetStream")
			}
			return w.closed("JetStream refuses such a stream")
		}}, err
	}
	free, err := t.freeBucket(ctx)
	return verdict{late: func(w Way) Way { return t.byBucket(w, free, how) }}, err
}

func (t *trial) byBucket(w Way, free, how string) Way {
	switch {
	case free == "":
		return w.closed("its users may make no stream but buckets that are there")
	case sameAccount(t.from, t.to):
		return w.open("its bucket %s is not there yet: its users may make it %s", free, how)
	case t.from.Account.IsZero() || t.to.Account.IsZero():
		return w.untried("its bucket %s is not there yet, and whether the lattices share an account is not known", free)
	}
	return w.closed("it has an account of its own")
}

// freeBucket is a bucket of the lattice that is not there and that one of its users
// may make, "" for none. Nothing is made: the request names two streams, which
// JetStream refuses.
func (t *trial) freeBucket(ctx context.Context) (string, error) {
	for _, bucket := range t.from.Buckets {
		for _, c := range t.from.connections() {
			r, end, err := t.from.api(ctx, c.conn, "STREAM.INFO."+bucket, struct{}{})
			const missing = 404
			if err != nil {
				return "", err
			}
			if end != refused || r.Error.Code != missing {
				continue
			}
			_, end, err = t.from.api(ctx, c.conn, "STREAM.CREATE."+bucket, map[string]any{"name": bucket + "-no"})
			if err != nil || end == refused {
				return bucket, err
			}
		}
	}
	return "", nil
}
