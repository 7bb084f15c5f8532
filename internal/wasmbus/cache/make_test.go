package cache

import (
	"errors"
	"sync/atomic"
	"testing"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// TestAStreamThatIsStillBeingDeleted: the server cannot make it at first; one that never
// can says why.
func TestAStreamThatIsStillBeingDeleted(t *testing.T) {
	t.Parallel()
	conn := natstest.Start(t).Connect(t, natsconn.Login{})
	for refusals, makes := range map[int64]bool{2: true, 1000: false} {
		var asked atomic.Int64
		sub, err := conn.Subscribe("$JS.API.STREAM.CREATE.S", func(m *nats.Msg) {
			answer := `{"error":{"code":500,"err_code":10049,"description":"error creating store for stream"}}`
			if asked.Add(1) > refusals {
				answer = `{}`
			}
			_ = m.Respond([]byte(answer))
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := Of(conn, "prod", "").create(t.Context(), "S", struct{}{}); (err == nil) != makes || err != nil && !errors.Is(err, errNotMade) {
			t.Errorf("refused %d times: %v", refusals, err)
		}
		if err := sub.Unsubscribe(); err != nil {
			t.Fatal(err)
		}
	}
}
