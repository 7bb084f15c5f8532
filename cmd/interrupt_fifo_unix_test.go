//go:build unix

package cmd_test

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/latch-keys/latch/cmd"
)

// An interrupt ends a command that waits in a read or an open of its own, where
// nothing but the end of the process could reach it.
func TestInterruptEndsWhatNeverComesBack(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"keys", "validate", "--file", "PIPE"},
		{"keys", "import", "PIPE"},
		{"env", "check", "PIPE"},
		{"lattice", "check", "PIPE"},
		{"lattice", "show", "PIPE"},
		{"keystore", "restore", "PIPE", "--keystore", "dir:K"},
		{"keys", "list", "--keystore", "age:K", "--identity-file", "PIPE"},
	} {
		p := newProcess(t, args...)
		pipe := filepath.Join(p.dir, "pipe")
		if err := syscall.Mkfifo(pipe, 0o600); err != nil {
			t.Fatal(err)
		}
		for i, arg := range p.Args {
			switch arg {
			case "PIPE":
				p.Args[i] = pipe
			case "dir:K", "age:K":
				p.Args[i] = arg[:4] + p.path("k")
			}
		}
		writer, err := os.OpenFile(pipe, os.O_RDWR, 0) // what is open is not written to
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan int, 1)
		go func() { ended <- cmd.Main(ctx, p.System) }()
		time.Sleep(10 * time.Millisecond) // whether it waits by now or not, it ends
		cancel()
		select {
		case code := <-ended:
			if code == 0 {
				t.Errorf("%v: done, with nothing to read", args)
			}
		case <-time.After(30 * time.Second):
			t.Errorf("%v: nothing ends it", args)
		}
		_ = writer.Close()
	}
}
