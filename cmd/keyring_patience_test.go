//go:build linux

package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keystore/secretservicetest"

	"github.com/latch-keys/latch/internal/oracle"
)

// Whatever is wrong with the keyring, and whatever the command: it ends by itself
// with exit code 4, says once what to do, and leaves no process behind. How long
// a keyring may take is the keystore's to prove, on a clock of its own: here the
// slowest is a figure and no limit, since the machine may be busy.
func TestKeyringNeverHoldsACommand(t *testing.T) {
	t.Parallel()
	latch := asLatch(t)
	stale := []string{"DBUS_SESSION_BUS_ADDRESS=unix:path=/nonexistent/bus", "XDG_RUNTIME_DIR=/nonexistent"}
	for name, environ := range map[string]func(t *testing.T) []string{
		"locked": func(t *testing.T) []string { return secretservicetest.Start(t, secretservicetest.Locked).Environ },
		"hung":   func(t *testing.T) []string { return secretservicetest.Start(t, secretservicetest.Hung).Environ },
		"absent": func(t *testing.T) []string { return secretservicetest.Start(t, secretservicetest.NoService).Environ },
		"stale":  func(*testing.T) []string { return stale },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			holdsNothing(t, latch, environ(t))
		})
	}
}

func holdsNothing(t *testing.T, latch string, environ []string) {
	t.Helper()
	home := furnished(t)
	environ = append(append([]string{"PATH=" + os.Getenv("PATH")}, environ...), "XDG_DATA_HOME="+filepath.Join(home, "data"), "LATCH_KEYSTORE=keyring:")
	commands := []string{
		"keys gen cluster --name x", "keys get old --seed", "keys delete old --yes --force", "keys rename old new --force", "keys list --check", "keys list --repair",
		"keystore check", "keystore copy keyring: dir:d", "keystore copy dir:one keyring:", "keystore backup b.age --to " + somebody,
		"keys export old --plain", "env write", "env print web-1", "lattice init --prefix p --host h --manifest p.yaml",
	}
	var slowest atomic.Int64
	var all sync.WaitGroup
	for _, line := range commands {
		all.Go(func() {
			cmd := exec.Command(latch, strings.Fields(line)...)
			cmd.Env, cmd.Dir = environ, home
			out, code, took := alone(t, cmd)
			slowest.Store(max(slowest.Load(), int64(took)))
			if code != 4 || strings.Count(out, "hint: ") != 1 {
				t.Errorf("%s: exit code %d: %s", line, code, out)
			}
		})
	}
	all.Wait()
	oracle.Figure(t, "%d commands, the slowest took %v", len(commands), time.Duration(slowest.Load()).Round(time.Millisecond))
}

// somebody is the recipient in age's own documentation.
const somebody = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"

// furnished is a folder with an index that names a key, a manifest that uses it,
// and a plain keystore with one key.
func furnished(t *testing.T) string {
	t.Helper()
	home := t.TempDir()
	const public = "CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMYMD"
	for path, text := range map[string]string{
		"data/latch/keyring.json": `{"version":1,"keys":[{"name":"old","public_key":"` + public + `","created":"2026-11-21T12:00:00Z"}]}`,
		"lattice.yaml": "version: 1\nlattice: prod\ntarget: otp\nkeystore: \"keyring:\"\nissuers:\n  - name: old\n    public_key: " + public +
			"\nhosts:\n  - name: web-1\n    signs_with: old\ngeneration: 1\n",
		"one/k.nk": "SCAAOBYHA4DQOBYHA4DQOBYHA4DQOBYHA4DQOBYHA4DQOBYHA4DQOB6MEM",
	} {
		path = filepath.Join(home, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return home
}
