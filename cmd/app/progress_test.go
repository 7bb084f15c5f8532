package app

import (
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/process"
)

// A dumb terminal cannot take a line back, so it shows no progress.
func TestNoProgressOnADumbTerminal(t *testing.T) {
	t.Parallel()
	for term, shown := range map[string]bool{"dumb": false, "xterm": true} {
		var stderr strings.Builder
		now := time.Unix(0, 0)
		a := New(process.System{
			Stderr: &stderr, Terminal: process.Terminal{Stderr: true}, Environ: []string{"TERM=" + term},
			Now: func() time.Time { return now },
		})
		a.Attach(&cobra.Command{Use: "latch"})
		bar := a.Progress("making keys", 10, "keys")
		now = now.Add(time.Minute)
		bar.Add(5)
		bar.Close()
		if got := strings.Contains(stderr.String(), "making keys"); got != shown {
			t.Errorf("TERM=%s: shown is %v: %q", term, got, stderr.String())
		}
	}
}
