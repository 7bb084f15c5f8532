package cmd_test

import (
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/printable"
)

// What is found is told in sentences, which a terminal must not break in the middle of
// words: a line is wider than it only where one word is, or a command to copy.
func TestSentencesFitTheTerminal(t *testing.T) {
	t.Parallel()
	const columns = 80
	dir := t.TempDir()
	inFolder(t, dir, 0, "lattice init --prefix prod --host web-1 --host web-2")
	inFolder(t, dir, 0, "env write")
	inFolder(t, dir, 0, "keys gen cluster --name other")
	token := inFolder(t, dir, 0, "invocation sign --key other --origin MA --target MB --operation Do -q")
	call := filepath.Join(dir, "call.txt")
	if err := os.WriteFile(call, token, 0o600); err != nil {
		t.Fatal(err)
	}
	for args, code := range map[string]int{
		"nats check --nats nats://127.0.0.1:1": 3,
		"scan " + filepath.Join(dir, "env"):    3,
		"invocation verify " + call:            3,
		"doctor":                               0,
		"issuers rotate start":                 0,
	} {
		p := newProcess(t, arguments(dir, args)...)
		p.System.Terminal.Stdout, p.System.Columns = true, func() int { return columns }
		p.System.Dial = (&net.Dialer{}).DialContext
		if got := cmd.Main(t.Context(), p.System); got != code || p.stdout.String() == "" {
			t.Errorf("%s: exit code %d, want %d\n%s%s", args, got, code, p.stdout.String(), p.stderr.String())
		}
		for line := range strings.Lines(p.stdout.String()) {
			line = strings.TrimSuffix(line, "\n")
			words := strings.Fields(line)
			wide := func(word string) bool { return printable.Width(word) > columns-8 }
			if printable.Width(line) > columns && !slices.ContainsFunc(words, wide) && !strings.Contains(line, "latch ") {
				t.Errorf("%s: %q", args, keys.Mask(line))
			}
		}
	}
}
