// Command latch manages the cluster keys of wasmCloud lattices.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/process"
)

// version is set by the linker for releases (-X main.version=v1.2.3), which can
// set nothing but a variable.
var version string

func main() {
	// The last two would else print the stack and the registers, in which a seed
	// may be. They stay caught: the process ends with the command, and letting go of
	// each takes two switches of threads, which together slow a short one by 8 %.
	ctx, _ := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGABRT)
	// Taken, SIGPIPE is an error of the write, which can be told; not the end.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	sys := process.Current(version, os.Args, os.Environ(), os.Stdin, os.Stdout, os.Stderr)
	os.Exit(cmd.Main(ctx, process.Private(sys)))
}
