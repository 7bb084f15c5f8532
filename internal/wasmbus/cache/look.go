package cache

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Stream is one of the lattice's streams, as it is.
type Stream struct {
	wasmcloud.Store

	Exists   bool
	Messages uint64
	Bytes    uint64
	Storage  string // memory or file
	Replicas int
	Leader   string   // the server that leads it, "" where it is one that is alone
	Down     []string // servers whose replica is offline
	Holds    []Count  // what is stored, by kind
	Hidden   error    // why it may not be looked at, nil where it may

	first, last uint64          // the sequence numbers of its messages
	config      json.RawMessage // as JetStream gives it
}

// Count is how much there is of a kind.
type Count struct {
	Entry wasmcloud.Entry
	N     uint64
}

// Look tells how the streams of the lattice are: those of hosts of every version. A
// host's user may look at those of its own version alone; the error says where one
// may look at none.
func (c Cache) Look(ctx context.Context) ([]Stream, error) {
	var all []Stream
	hidden := 0
	for _, store := range wasmcloud.AllStores(c.lattice) {
		s, err := c.look(ctx, store)
		if errors.Is(err, errForbidden) {
			s, hidden = Stream{Store: store, Hidden: err}, hidden+1
		} else if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	if hidden == len(all) {
		return nil, all[0].Hidden
	}
	return all, nil
}

// streamInfo is what JetStream tells of a stream.
type streamInfo struct {
	Config json.RawMessage `json:"config"`
	State  struct {
		Messages uint64            `json:"messages"`
		Bytes    uint64            `json:"bytes"`
		First    uint64            `json:"first_seq"`
		Last     uint64            `json:"last_seq"`
		Subjects map[string]uint64 `json:"subjects"`
	} `json:"state"`
	Cluster struct {
		Leader   string `json:"leader"`
		Replicas []struct {
			Name    string `json:"name"`
			Offline bool   `json:"offline"`
		} `json:"replicas"`
	} `json:"cluster"`
	Total int `json:"total"` // of subjects, a page of which is told
}

func (c Cache) look(ctx context.Context, store wasmcloud.Store) (Stream, error) {
	s := Stream{Store: store}
	counts := map[wasmcloud.Entry]uint64{}
	for offset := 0; ; {
		var info streamInfo
		question := map[string]any{"subjects_filter": ">", "offset": offset}
		if err := c.ask(ctx, "STREAM.INFO", store.Stream, question, &info); errors.Is(err, errAbsent) {
			return Stream{Store: store}, nil
		} else if err != nil {
			return s, err
		}
		if err := s.take(info); err != nil {
			return s, err
		}
		for subject, n := range info.State.Subjects {
			counts[wasmcloud.EntryOf(c.lattice, subject)] += n
		}
		offset += len(info.State.Subjects)
		if len(info.State.Subjects) == 0 || offset >= info.Total {
			break
		}
	}
	for _, kind := range wasmcloud.Entries() {
		if counts[kind] > 0 {
			s.Holds = append(s.Holds, Count{kind, counts[kind]})
		}
	}
	return s, nil
}

func (s *Stream) take(info streamInfo) error {
	var config struct {
		Replicas int    `json:"num_replicas"`
		Storage  string `json:"storage"`
	}
	if err := json.Unmarshal(info.Config, &config); err != nil {
		return err
	}
	s.Exists, s.config = true, info.Config
	s.Messages, s.Bytes, s.first, s.last = info.State.Messages, info.State.Bytes, info.State.First, info.State.Last
	s.Replicas, s.Storage, s.Leader = config.Replicas, config.Storage, info.Cluster.Leader
	s.Down = nil
	for _, r := range info.Cluster.Replicas {
		if r.Offline {
			s.Down = append(s.Down, r.Name)
		}
	}
	return nil
}
