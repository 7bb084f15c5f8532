// Command simulate runs a lattice that is not there: a NATS server on this machine
// with hosts that start from env files, as latch wrote them, and answer pings.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"

	"github.com/latch-keys/latch/internal/wasmbus/wasmbustest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	err := wasmbustest.Simulate(ctx, os.Args, os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "simulate:", err)
		os.Exit(1)
	}
}
