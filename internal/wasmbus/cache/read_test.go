package cache

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// FuzzLand: whatever answers for JetStream, a message is taken for the one that was
// asked for only where it says so, and no answer makes latch ask for too much at once.
func FuzzLand(f *testing.F) {
	f.Add([]byte(`{"message":{"subject":"$KV.LATTICEDATA_prod.A","seq":3,"data":"e30=","time":"2026-01-02T03:04:05Z"}}`))
	f.Add([]byte(`{"error":{"code":404,"err_code":10037,"description":"no message found"}}`))
	f.Add([]byte(`{"error":{"err_code":10008},"message":{"seq":3}}`))
	f.Add([]byte(`{"message":{"seq":4}}`))
	f.Add([]byte(`{"config":{"num_replicas":3},"state":{"messages":1,"subjects":{"a":1}},"cluster":{"replicas":[{"name":"b","offline":true}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		r := reader{stream: "KV_LATTICEDATA_prod", next: 5, out: 3, last: 9, landed: map[uint64]*Message{}, largest: 1, window: 8}
		err := r.land(3, data)
		m, here := r.landed[3]
		switch {
		case err != nil && here:
			t.Fatalf("refused, %v, and taken: %+v", err, m)
		case m != nil && m.Seq != 3, len(r.landed) > 1, r.window < 1 || r.window > mostUnderWay || r.largest < 1:
			t.Fatalf("landed are %v, %d at once", r.landed, r.window)
		}
		var info streamInfo
		if err := (Cache{}).open("$JS.API.STREAM.INFO.X", data, &info); err != nil {
			var syntax *json.SyntaxError
			if errors.As(err, &syntax) {
				t.Fatalf("what is no JSON is told as an answer: %v", err)
			}
			return
		}
		var s Stream
		if err := s.take(info); err == nil && !s.Exists {
			t.Fatal("a stream that is described is not there")
		}
	})
}

// Reading goes on and never back, whatever answers in JetStream's place.
func TestReadingNeverGoesBack(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	answers, asking := server.Connect(t, natsconn.Login{}), server.Connect(t, natsconn.Login{})
	if _, err := answers.Subscribe("$JS.API.STREAM.MSG.GET.X", func(m *nats.Msg) {
		answer := `{"error":{"code":404,"err_code":10037}}`
		if strings.Contains(string(m.Data), "next_by_subj") {
			answer = `{"message":{"seq":1}}`
		}
		_ = m.Respond([]byte(answer))
	}); err != nil {
		t.Fatal(err)
	}
	if err := answers.Settle(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := Of(asking, "prod", "").read(t.Context(), "X", 1, 1000, func(Message) error { return nil })
	if err == nil || !strings.Contains(err.Error(), "gives no message of X from") {
		t.Errorf("%v", err)
	}
}
