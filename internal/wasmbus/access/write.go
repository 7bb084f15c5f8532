package access

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// proveWrites has JetStream keep a message, in a stream of our own that is deleted
// again, once for each domain and account: that streams can be read says nothing of
// whether they can be written to.
func (c Check) proveWrites(ctx context.Context, results []Result) {
	proved := map[string]bool{}
	for i := range results {
		r := &results[i]
		where := fmt.Sprint(r.Setup.API(), r.Space, r.User.Account)
		if r.Purpose != wasmcloud.Control || len(r.Stores) == 0 || proved[where] {
			continue
		}
		proved[where] = true
		conn, err := c.connect(ctx, r.Connection)
		if err != nil {
			c.unconnected(ctx, r, err)
			continue
		}
		v := &visit{Check: c, Result: r, conn: conn}
		if err := v.write(ctx); err != nil {
			v.unwritten(ctx, err)
		}
		conn.Close()
	}
}

// unwritten notes why a message was not kept.
func (v *visit) unwritten(ctx context.Context, err error) {
	switch {
	case ctx.Err() != nil:
		v.late()
	case errors.Is(err, errForbidden):
		v.doubtful(RuleNotTried, "whether JetStream takes writes is not known: the user may not make a stream of its own, as it should not", "leave --write out, or try it with hosts whose user may do anything")
	case errors.Is(err, errSilent), errors.Is(err, nats.ErrNoResponders):
		v.wrong(RuleJetStream, "JetStream takes no writes: it does not answer", "see that more than half of its servers are up")
	default:
		v.wrong(RuleJetStream, "JetStream takes no writes: "+err.Error(), "see that more than half of its servers are up, and that the account's limits leave room")
	}
}

// ownStream is one message in memory that is gone within a minute, should nobody
// delete it.
type ownStream struct {
	Name     string        `json:"name"`
	Subjects []string      `json:"subjects"`
	Storage  string        `json:"storage"`
	Replicas int           `json:"num_replicas"`
	MaxAge   time.Duration `json:"max_age"`
	MaxBytes int64         `json:"max_bytes"`
}

// write keeps a message with as many copies as the lattice's streams have, and
// deletes it.
func (v *visit) write(ctx context.Context) error {
	own := ownStream{
		Name: "LATCH_CHECK_" + v.Word, Subjects: []string{ownToken + v.Word}, Storage: "memory", Replicas: 1,
		MaxAge: time.Minute, MaxBytes: 1 << 10,
	}
	for _, s := range v.Stores {
		own.Replicas = max(own.Replicas, s.Replicas)
	}
	text, err := json.Marshal(own)
	if err != nil {
		return err
	}
	defer v.tidy(ctx, own.Name) // it may be there although no answer came
	if err := v.order(ctx, v.Setup.API()+".STREAM.CREATE."+own.Name, text); err != nil {
		return err
	}
	return v.keep(ctx, own.Subjects[0], []byte(own.Name))
}

// keep has a message kept by a stream that was just made: in a cluster, servers come to
// know only after a while where its messages go.
func (v *visit) keep(ctx context.Context, subject string, message []byte) error {
	within, cancel := context.WithTimeout(ctx, v.Wait)
	defer cancel()
	for {
		err := v.order(ctx, subject, message)
		if !errors.Is(err, nats.ErrNoResponders) {
			return err
		}
		select {
		case <-time.After(betweenMessages):
		case <-within.Done():
			return err
		}
	}
}

// tidy deletes the stream, even if the time is up.
func (v *visit) tidy(ctx context.Context, name string) {
	err := v.order(context.WithoutCancel(ctx), v.Setup.API()+".STREAM.DELETE."+name, nil)
	if err != nil && !v.has(RuleJetStream) && !errors.Is(err, errForbidden) {
		v.doubtful(RuleJetStream, "the stream "+name+" may be left: "+err.Error(), "nats stream rm "+name)
	}
}

// order asks JetStream for something, and gives what it says against it.
func (v *visit) order(ctx context.Context, subject string, data []byte) error {
	answer, err := v.ask(ctx, subject, data)
	if err != nil {
		return err
	}
	var said streamInfo
	if err := json.Unmarshal(answer, &said); err != nil {
		return errors.New("what answers is not JetStream")
	}
	if said.Error != nil {
		return errors.New(said.Error.Description)
	}
	return nil
}
