package wasmbustest_test

import (
	"crypto/rand"
	"testing"

	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus/wasmbustest"
)

// TestHostsStartWhileTheServerDoes: hosts that start as the connection is lost are there
// when it is back.
func TestHostsStartWhileTheServerDoes(t *testing.T) {
	t.Parallel()
	server := natstest.Start(t)
	options := server.Options(natsconn.Login{})
	options.Reconnect = true
	conn, err := natsconn.Connect(t.Context(), options)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	host, err := wasmbustest.Boot("web-1", "0.82.0", map[string]string{"WASMCLOUD_LATTICE": "prod"}, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	fleet := wasmbustest.NewFleet()
	defer fleet.Close()
	restarted := make(chan struct{})
	go func() {
		defer close(restarted)
		for range 20 {
			server.Restart(t)
		}
	}()
	defer func() { <-restarted }()
	for running := true; running; {
		select {
		case <-restarted:
			running = false
		default:
		}
		if err := fleet.Start(conn.Conn, host); err != nil {
			t.Fatal(err)
		}
	}
}
