package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/process"
)

func TestExitCodes(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		err  error
		want int
	}{
		"anything":                {errors.New("broken"), 1},
		"a usage error":           {UsageIn(&cobra.Command{Use: "x"}, "bad"), 2},
		"the answer no":           {No(), 3},
		"a missing file":          {fs.ErrNotExist, 4},
		"a store that is away":    {fault.New(fault.Unavailable, "away").Because(fs.ErrNotExist), 4},
		"a taken name":            {fmt.Errorf("a: %w", fault.New(fault.Exists, "taken")), 5},
		"a refusal of what fails": {fault.New(fault.Refused, "kept").Because(fs.ErrNotExist), 5},
		"Ctrl-C":                  {context.Canceled, 130},
		"a program's own":         {ExitWith(77), 77},
	} {
		var stderr strings.Builder
		a := New(process.System{Stderr: &stderr})
		a.Attach(&cobra.Command{Use: "latch"})
		if got := a.End(c.err); got != c.want {
			t.Errorf("%s: exit %d, want %d (%s)", name, got, c.want, stderr.String())
		}
	}
}

// TestInterruptedWhileFlagsAreRead: a command that is left is told of without a look
// at its flags, which it may still be reading.
func TestInterruptedWhileFlagsAreRead(t *testing.T) {
	t.Parallel()
	for form, want := range map[string]string{"text": "error: interrupted\n", "json": `"code": "interrupted"`} {
		var stderr strings.Builder
		a := New(process.System{Stderr: &stderr, Args: []string{"latch", "version", "-o", form}})
		root := &cobra.Command{Use: "latch"}
		a.Attach(root)
		stop, stopped := make(chan struct{}), make(chan struct{})
		go func() {
			defer close(stopped)
			for {
				_ = root.PersistentFlags().Set("output", form)
				select {
				case <-stop:
					return
				case <-time.After(time.Millisecond): // oftener, the race detector loses track
				}
			}
		}()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		err := a.Await(ctx, make(chan error))
		if code := a.End(err); code != 130 || !strings.Contains(stderr.String(), want) {
			t.Errorf("%s: exit %d, %s", form, code, stderr.String())
		}
		close(stop)
		<-stopped
	}
}
