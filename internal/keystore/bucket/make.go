package bucket

import (
	"context"
	"errors"
	"fmt"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// history is how many revisions of a key a bucket keeps, the most that there can be.
const history = 64

// Config is how a bucket is made.
type Config struct {
	Replicas int // 0: three in a cluster, one on a server that stands alone
}

func (s stream) missing() error {
	return fault.New(fault.Unavailable, "there is no bucket %s", s.bucket).Because(store.ErrNoPlace).
		WithHint("check the name, or make it: latch keystore init nats://HOST:PORT/%s --to RECIPIENT", s.bucket)
}

// streamConfig is what the nats command makes of a bucket, but that reads go by the
// leader. Source: nats.go v1.55 jetstream/kv.go.
type streamConfig struct {
	Name            string   `json:"name"`
	Subjects        []string `json:"subjects"`
	MaxMsgsPer      int      `json:"max_msgs_per_subject"`
	MaxBytes        int64    `json:"max_bytes"`
	Replicas        int      `json:"num_replicas"`
	Storage         string   `json:"storage"`
	Retention       string   `json:"retention"`
	Discard         string   `json:"discard"`
	DenyDelete      bool     `json:"deny_delete"`
	AllowRollup     bool     `json:"allow_rollup_hdrs"`
	AllowDirect     bool     `json:"allow_direct"`
	MaxMsgs         int      `json:"max_msgs"`
	MaxAge          int      `json:"max_age"`
	MaxConsumers    int      `json:"max_consumers"`
	DuplicateWindow int64    `json:"duplicate_window"`
}

const duplicateWindow = 120_000_000_000 // nanoseconds

// make makes the bucket, unless it is there: one that others have made must keep
// history, and is taken as it is.
func (s stream) make(ctx context.Context, c Config) error {
	var info streamInfo
	err := s.ask(ctx, "STREAM.INFO.KV_"+s.bucket, map[string]any{}, &info)
	if err == nil {
		return info.fits(s.bucket, c)
	}
	if !errors.Is(err, store.ErrNoPlace) {
		return err
	}
	if c.Replicas == 0 {
		c.Replicas = s.usual()
	}
	return s.create(ctx, history, c.Replicas, &info)
}

// create makes the bucket. A server that is still deleting one of that name cannot yet.
func (s stream) create(ctx context.Context, revisions, replicas int, info *streamInfo) error {
	const mostTries = 20
	config := streamConfig{
		Name: "KV_" + s.bucket, Subjects: []string{s.subject(">")}, MaxMsgsPer: revisions, MaxBytes: -1, Replicas: replicas,
		Storage: "file", Retention: "limits", Discard: "new", DenyDelete: true, AllowRollup: true,
		MaxMsgs: -1, MaxConsumers: -1, DuplicateWindow: duplicateWindow,
	}
	err := s.ask(ctx, "STREAM.CREATE.KV_"+s.bucket, config, info)
	var refused *apiError
	for try := 1; errors.As(err, &refused) && refused.Code == codeNotMade && try < mostTries && pause(ctx); try++ {
		err = s.ask(ctx, "STREAM.CREATE.KV_"+s.bucket, config, info)
	}
	if errors.As(err, &refused) {
		return fault.New(fault.Unavailable, "the bucket %s could not be made with %d replica%s", s.bucket, replicas, map[bool]string{true: "s"}[replicas != 1]).Because(err).
			WithHint("give fewer with --replicas, or more servers to the cluster")
	}
	return err
}

// usual is of how many replicas a bucket is made that nobody says of how many.
func (s stream) usual() int {
	if s.conn.ConnectedClusterName() != "" {
		return 3
	}
	return 1
}

// streamInfo is what a server says of a bucket.
type streamInfo struct {
	Config streamConfig `json:"config"`
	State  struct {
		Subjects map[string]int `json:"subjects"`
	} `json:"state"`
}

// fits makes sure that a bucket that was there is one that seeds can be kept in.
func (i streamInfo) fits(bucket string, c Config) error {
	var why string
	switch {
	case i.Config.MaxMsgsPer < history:
		why = fmt.Sprintf("it keeps %d revisions of a key, not %d", i.Config.MaxMsgsPer, history)
	case i.Config.MaxAge > 0:
		why = "what is in it goes after some time"
	case c.Replicas > 0 && i.Config.Replicas != c.Replicas:
		why = fmt.Sprintf("it has %d replicas, not %d", i.Config.Replicas, c.Replicas)
	default:
		return nil
	}
	return fault.New(fault.Refused, "the bucket %s is there already, and cannot be used so: %s", bucket, why).
		WithHint("give another name, or change it: nats stream edit KV_%s", bucket)
}

// count is how many revisions of a key there are.
func (s stream) count(ctx context.Context, key string) (int, error) {
	var info streamInfo
	err := s.ask(ctx, "STREAM.INFO.KV_"+s.bucket, map[string]any{"subjects_filter": s.subject(key)}, &info)
	return info.State.Subjects[s.subject(key)], err
}
