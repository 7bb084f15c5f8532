package natsconn

import (
	"context"
	"net"
	"os"
	"strings"
	"testing"
	"time"
)

// TestTheNetworkNoticesFirst: a connection that fails by a deadline, just before the
// context ends by it.
func TestTheNetworkNoticesFirst(t *testing.T) {
	t.Parallel()
	failed := &net.OpError{Op: "dial", Net: "tcp", Err: os.ErrDeadlineExceeded}
	soon, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	for _, c := range []struct {
		ctx  context.Context
		want string
	}{{soon, "no answer within the time"}, {t.Context(), "i/o timeout"}} {
		if err := (Options{}).explain(c.ctx, failed, failed); !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v, want %q", err, c.want)
		}
	}
}
