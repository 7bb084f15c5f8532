package accounts

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// TestPushedOnceMore: a server that nobody knew of answers in the place of another, and
// that one hears only the second push.
func TestPushedOnceMore(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	others := server.Connect(t, natsconn.Login{})
	var pushes atomic.Int32
	_, err := others.Subscribe("$SYS.REQ.CLAIMS.UPDATE", func(m *nats.Msg) {
		heard := []string{"n1", "n3"}
		if pushes.Add(1) == 2 {
			heard = []string{"n1", "n2", "n3"}
		}
		for _, name := range heard {
			_ = m.Respond(fmt.Appendf(nil, `{"server":{"id":"%s","name":"%[1]s"},"data":{"code":200,"message":"jwt updated"}}`, name))
		}
	})
	if err == nil {
		err = others.Settle(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	operator := natstest.NewMemoryOperator(t)
	account := parse(t, operator.Account(t, "prod").JWT(t))
	s := Servers{Conn: server.Connect(t, natsconn.Login{}), Wait: 3 * time.Second}
	pushed, err := s.Push(t.Context(), account, []Server{{Name: "n1"}, {Name: "n2"}})
	if err != nil || !slices.Equal(pushed.Took, []string{"n1", "n2", "n3"}) || len(pushed.Silent) != 0 || pushes.Load() != 2 {
		t.Errorf("after %d pushes %+v, %v", pushes.Load(), pushed, err)
	}
}
