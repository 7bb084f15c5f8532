package cache_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmbus/cache"
	"github.com/latch-keys/latch/internal/wasmbus/wasmbustest"
)

// TestShapes: what hosts of each version keep is shown, copied, purged, and put back
// byte for byte, wherever it lies; also into streams that are gone meanwhile.
func TestShapes(t *testing.T) {
	t.Parallel()
	for at, p := range places(t) {
		for i, s := range wasmbustest.Stores() {
			t.Run(p.name+", "+s.Name, func(t *testing.T) {
				t.Parallel()
				lattice := fmt.Sprintf("prod-%d-%d", at, i)
				stream := fmt.Sprintf(s.Stream, lattice)
				made(t, p, s, lattice)
				c := cache.Of(p.conn, lattice, p.domain)
				before := contents(t, p, stream)
				if len(before) != len(s.Entries) {
					t.Fatalf("%d messages of %d are there", len(before), len(s.Entries))
				}
				full := find(t, c, stream)
				if full.Messages != uint64(len(before)) || full.Replicas != p.replicas || inWords(full.Holds) != s.Holds || full.Bytes == 0 || len(full.Down) > 0 {
					t.Errorf("it is shown as %+v", full)
				}
				text := copied(t, c)
				purged(t, c)
				if empty := find(t, c, stream); !empty.Exists || empty.Messages != 0 || empty.Bytes != 0 {
					t.Errorf("after the purge it is %+v", empty)
				}
				restored(t, c, text)
				same(t, before, contents(t, p, stream))

				config := full.Storage
				request(t, p.conn, p.api()+".STREAM.DELETE."+stream, "")
				restored(t, c, text)
				same(t, before, contents(t, p, stream))
				if made := find(t, c, stream); made.Storage != config || made.Replicas != p.replicas {
					t.Errorf("it was made anew as %+v", made)
				}
			})
		}
	}
}

// TestNothingThere: a lattice without streams has a cache that is empty.
func TestNothingThere(t *testing.T) {
	t.Parallel()
	c := cache.Of(start(t).Connect(t, natsconn.Login{}), "prod", "")
	streams, err := c.Look(t.Context())
	if err != nil || len(streams) != 4 {
		t.Fatal(streams, err)
	}
	for _, s := range streams {
		if s.Exists || s.Messages > 0 {
			t.Errorf("%+v", s)
		}
	}
}

func inWords(counts []cache.Count) string {
	var words []string
	for _, c := range counts {
		words = append(words, c.Entry.Count(c.N))
	}
	return strings.Join(words, ", ")
}

func find(t testing.TB, c cache.Cache, stream string) cache.Stream {
	t.Helper()
	streams, err := c.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(streams, func(s cache.Stream) bool { return s.Stream == stream })
	if i < 0 {
		t.Fatalf("%s is not among the streams", stream)
	}
	return streams[i]
}

// full are the streams that hold something.
func full(t testing.TB, c cache.Cache) []cache.Stream {
	t.Helper()
	streams, err := c.Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(streams, func(s cache.Stream) bool { return s.Messages == 0 })
}

func quietly(int64) {}

// copied is a copy of the cache, which must be whole.
func copied(t testing.TB, c cache.Cache) []byte {
	t.Helper()
	var text bytes.Buffer
	if err := c.Copy(t.Context(), &text, full(t, c), time.Unix(1700000000, 0), quietly); err != nil {
		t.Fatal(err)
	}
	if _, err := cache.ReadCopy(bytes.NewReader(text.Bytes()), ignored); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

func ignored(cache.CopiedStream, cache.Message) error { return nil }

func purged(t testing.TB, c cache.Cache) {
	t.Helper()
	streams := full(t, c)
	if err := c.Rehearse(t.Context(), streams); err != nil {
		t.Fatal(err)
	}
	if len(full(t, c)) != len(streams) {
		t.Fatal("the rehearsal purged something")
	}
	if _, err := c.Purge(t.Context(), streams); err != nil {
		t.Fatal(err)
	}
}

func restore(ctx context.Context, c cache.Cache, text []byte, add bool) ([]cache.Restored, error) {
	info, err := cache.ReadCopy(bytes.NewReader(text), ignored)
	if err != nil {
		return nil, err
	}
	r, err := c.Restoration(ctx, info, nil, add, 0)
	if err != nil {
		return nil, err
	}
	return r.Run(ctx, bytes.NewReader(text), quietly)
}

func restored(t testing.TB, c cache.Cache, text []byte) []cache.Restored {
	t.Helper()
	all, err := restore(t.Context(), c, text, false)
	if err != nil {
		t.Fatalf("%v (%s)", err, fault.HintOf(err))
	}
	return all
}

// held is the first and the last number of a stream's messages.
type held struct {
	First uint64 `json:"first_seq"`
	Last  uint64 `json:"last_seq"`
}

func sequences(t testing.TB, p place, stream string) held {
	t.Helper()
	var info struct {
		State held `json:"state"`
	}
	if err := json.Unmarshal(request(t, p.conn, p.api()+".STREAM.INFO."+stream, ""), &info); err != nil {
		t.Fatal(err)
	}
	return info.State
}

// contents are the messages of a stream in their order, read one by one by the test:
// subject, data and header.
func contents(t testing.TB, p place, stream string) []string {
	t.Helper()
	held := sequences(t, p, stream)
	var all []string
	for seq := held.First; seq <= held.Last; seq++ {
		answer, err := p.conn.Request(p.api()+".STREAM.MSG.GET."+stream, []byte(`{"seq":`+strconv.FormatUint(seq, 10)+`}`), 10*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		var found struct {
			Message *struct {
				Subject string `json:"subject"`
				Header  []byte `json:"hdrs"`
				Data    []byte `json:"data"`
			} `json:"message"`
		}
		if err := json.Unmarshal(answer.Data, &found); err != nil {
			t.Fatal(err)
		}
		if found.Message == nil {
			continue
		}
		header := nats.Header{}
		if len(found.Message.Header) > 0 {
			if header, err = nats.DecodeHeadersMsg(found.Message.Header); err != nil {
				t.Fatal(err)
			}
		}
		all = append(all, fmt.Sprintf("%s %q %v", found.Message.Subject, found.Message.Data, header))
	}
	return all
}

func same(t testing.TB, before, after []string) {
	t.Helper()
	if !slices.Equal(before, after) {
		t.Errorf("it held %d messages and holds %d: %.300s, now %.300s", len(before), len(after), before, after)
	}
}
