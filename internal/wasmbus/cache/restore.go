package cache

import (
	"context"
	"encoding/json"
	"io"
	"maps"
	"strconv"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Restored is a stream that was restored.
type Restored struct {
	Stream            // as it is afterwards
	Made       bool   // it was not there
	Restored   uint64 // messages
	Conditions int    // headers that were left out, since a server would obey them anew
}

// Restoration puts back what a copy holds.
type Restoration struct {
	Copy     CopyInfo
	Add      bool // also to streams that hold something
	Replicas int  // of streams that are made; 0 for as many as they had

	cache   Cache
	streams []*target
}

// target is a stream that is restored.
type target struct {
	CopiedStream
	before    Stream
	made      bool
	publisher *publisher
}

// Restoration looks whether what a copy holds can be put back: nothing is changed.
// only names the streams that are wanted, none for all.
func (c Cache) Restoration(ctx context.Context, info CopyInfo, only []string, add bool, replicas int) (*Restoration, error) {
	if info.Lattice != c.lattice {
		return nil, fault.New(fault.Refused, "the copy is of the lattice %s, not of %s", info.Lattice, c.lattice).
			WithHint("--lattice %s restores it where it was", info.Lattice)
	}
	r := &Restoration{Copy: info, Add: add, Replicas: replicas, cache: c}
	stores := map[string]wasmcloud.Store{}
	for _, s := range wasmcloud.AllStores(c.lattice) {
		stores[s.Stream] = s
	}
	wanted := map[string]bool{}
	for _, name := range only {
		wanted[name] = true
	}
	for _, copied := range info.Streams {
		store, known := stores[copied.Stream]
		if !known {
			return nil, fault.New(fault.Failed, "the copy holds %s, which is no stream of a lattice's cache", copied.Stream)
		}
		if len(only) > 0 && !wanted[copied.Stream] {
			continue
		}
		delete(wanted, copied.Stream)
		before, err := c.look(ctx, store)
		if err != nil {
			return nil, err
		}
		if before.Messages > 0 && !add {
			return nil, fault.New(fault.Refused, "%s is not empty: it holds %d messages; nothing was restored", copied.Stream, before.Messages).
				WithHint("purge it first, or add to what is there with --add")
		}
		r.streams = append(r.streams, &target{CopiedStream: copied, before: before})
	}
	for name := range maps.Keys(wanted) {
		return nil, fault.New(fault.NotFound, "the copy holds no stream %s", name)
	}
	return r, nil
}

// Run restores from the copy. Streams that are not there are made. What it put
// into a stream that was empty is purged again where the whole cannot be restored.
func (r *Restoration) Run(ctx context.Context, from io.Reader, progress func(messages int64)) ([]Restored, error) {
	if err := r.makeStreams(ctx); err != nil {
		return nil, err
	}
	defer func() {
		for _, t := range r.streams {
			t.publisher.close()
		}
	}()
	_, err := ReadCopy(from, func(s CopiedStream, m Message) error {
		for _, t := range r.streams {
			if t.CopiedStream.Stream == s.Stream {
				progress(1)
				return t.publisher.put(ctx, m)
			}
		}
		return nil
	})
	if err != nil {
		return nil, r.undo(ctx, err)
	}
	all, err := r.check(ctx)
	if err != nil {
		return nil, r.undo(ctx, err)
	}
	return all, nil
}

// configuration is that of the copy, without what a server notes in it.
func (t *target) configuration(replicas int) (map[string]json.RawMessage, error) {
	config := map[string]json.RawMessage{}
	if err := json.Unmarshal(t.config, &config); err != nil {
		return nil, errDamaged
	}
	notes := map[string]string{}
	if err := json.Unmarshal(config["metadata"], &notes); err == nil {
		maps.DeleteFunc(notes, func(name, _ string) bool { return strings.HasPrefix(name, "_nats.") })
		if config["metadata"], err = json.Marshal(notes); err != nil {
			return nil, err
		}
	}
	if replicas > 0 {
		config["num_replicas"] = json.RawMessage(strconv.Itoa(replicas))
	}
	return config, nil
}

// check reads back what was sent. It counts more than what was answered: an answer
// that is lost does not mean that nothing was stored.
func (r *Restoration) check(ctx context.Context) ([]Restored, error) {
	var all []Restored
	for _, t := range r.streams {
		unsure := t.publisher.finish(ctx)
		now, err := r.cache.look(ctx, t.before.Store)
		if err != nil {
			return nil, err
		}
		found := newSum()
		err = r.cache.read(ctx, now.Stream, t.before.last+1, now.last, func(m Message) error {
			header, _, err := headerOf(m.Header)
			found.add(m.Subject, header, m.Data)
			return err
		})
		switch {
		case err != nil:
			return nil, err
		case !found.equal(t.publisher.sum) && unsure != nil:
			return nil, unsure
		case !found.equal(t.publisher.sum):
			return nil, fault.New(fault.Failed, "%s does not hold what was restored: %d messages were sent, %d other than that were read back",
				now.Stream, t.publisher.sum.count, found.count)
		}
		all = append(all, Restored{Stream: now, Made: t.made, Restored: found.count, Conditions: t.publisher.conditions})
	}
	return all, nil
}

// undo takes back what was put into streams that were empty, so that the command
// can be run again.
func (r *Restoration) undo(ctx context.Context, cause error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), aftermath)
	defer cancel()
	var left []string
	for _, t := range r.streams {
		if t.publisher.sent == 0 {
			continue
		}
		now, err := r.cache.look(ctx, t.before.Store)
		if err == nil && t.before.Messages == 0 {
			_, err = r.cache.purge(ctx, now)
		}
		if err != nil || t.before.Messages > 0 {
			left = append(left, now.Stream)
		}
	}
	if len(left) == 0 {
		return fault.New(fault.KindOf(cause), "nothing was restored").Because(cause).WithHint("%s", fault.HintOf(cause))
	}
	return fault.New(fault.Failed, "%s may hold a part of the copy", strings.Join(left, ", ")).Because(cause).
		WithHint("purge it, then run the command again")
}

// Messages is how many there are to restore.
func (r *Restoration) Messages() (count uint64) {
	for _, t := range r.streams {
		count += t.Messages
	}
	return count
}
