package wasmbustest

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// runHost is one host in a process of its own: it starts with its environment, and
// answers until it is told to end.
func runHost(ctx context.Context, release string, out io.Writer) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	environ := map[string]string{}
	for _, entry := range os.Environ() {
		name, value, _ := strings.Cut(entry, "=")
		environ[name] = value
	}
	h, err := Boot("host", release, environ, rand.Reader)
	if err != nil {
		return err
	}
	nc, err := nats.Connect("nats://"+h.Server, nats.RetryOnFailedConnect(true), nats.MaxReconnects(-1))
	if err != nil {
		return err
	}
	defer nc.Close()
	fleet := NewFleet()
	defer fleet.Close()
	if err := fleet.Start(nc, h); err != nil {
		return err
	}
	name, generation := h.Labels[wasmcloud.HostLabel], h.Labels[wasmcloud.GenerationLabel]
	fmt.Fprintf(out, "%s runs with generation %s\n", name, generation)
	<-ctx.Done()
	fmt.Fprintf(out, "%s has ended\n", name)
	return nil
}

// serveCluster runs a cluster until its urlFile is removed.
func serveCluster(ctx context.Context) error {
	const size = 3
	streams, err := os.MkdirTemp("", "simulated-lattice-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(streams) }()
	servers, err := natstest.RunCluster(streams, size)
	for _, s := range servers {
		defer s.Stop()
	}
	if err != nil {
		return err
	}
	addresses := make([]string, size)
	for i, s := range servers {
		addresses[i] = strings.TrimPrefix(s.URL(), "nats://")
	}
	return untilEnded(ctx, "nats://"+strings.Join(addresses, ","), func() error { return nil })
}
