//go:build unix

package secretservicetest

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/godbus/dbus/v5"

	"github.com/latch-keys/latch/internal/oracle"
)

// State is what the keyring is like.
type State int

// The states.
const (
	Unlocked  State = iota // ready for use
	Locked                 // its collection locked, and nobody to prompt
	NoService              // a bus with nothing on it
	NoKeyring              // a service that has no keyring yet, as --start leaves it for a new person
	Hung                   // the service is there and never answers
)

// Session is a running bus.
type Session struct {
	// Environ is what a process must have in its environment to use the bus and
	// nothing of the user's own: HOME, XDG_RUNTIME_DIR, XDG_DATA_HOME,
	// DBUS_SESSION_BUS_ADDRESS.
	Environ []string
	address string
	home    string
}

// Beside is a second session of the same person at the same time: a bus and a
// keyring service of its own, over the same files.
func (s *Session) Beside(t testing.TB) *Session {
	t.Helper()
	runtime := newHome(t)
	second := &Session{address: "unix:path=" + dbus.EscapeBusAddressValue(filepath.Join(runtime, "bus")), home: s.home}
	second.Environ = []string{
		"HOME=" + s.home,
		"XDG_RUNTIME_DIR=" + runtime,
		"XDG_DATA_HOME=" + filepath.Join(s.home, "data"),
		"DBUS_SESSION_BUS_ADDRESS=" + second.address,
	}
	startBus(t, oracle.Need(t, "dbus-daemon"), runtime, second)
	startKeyring(t, oracle.Need(t, "gnome-keyring-daemon"), second)
	return second
}

// Start runs a bus in the state given and stops it when the test ends.
func Start(t testing.TB, state State) *Session {
	t.Helper()
	bus := oracle.Need(t, "dbus-daemon")
	home := newHome(t)
	s := &Session{address: "unix:path=" + dbus.EscapeBusAddressValue(filepath.Join(home, "bus"))}
	s.Environ = []string{
		"HOME=" + home,
		"XDG_RUNTIME_DIR=" + home,
		"XDG_DATA_HOME=" + filepath.Join(home, "data"),
		"DBUS_SESSION_BUS_ADDRESS=" + s.address,
	}
	startBus(t, bus, home, s)
	if state == NoService {
		return s
	}
	s.home = home
	program := oracle.Need(t, "gnome-keyring-daemon")
	if state == NoKeyring {
		startEmpty(t, program, s)
		return s
	}
	daemon := startKeyring(t, program, s)
	switch state {
	case Locked:
		lock(t, s.address)
	case Hung:
		daemon.hang(t)
	}
	return s
}

// newHome is short, since the path of a socket has at most 107 bytes, and
// t.TempDir carries the name of the test.
func newHome(t testing.TB) string {
	t.Helper()
	home, err := os.MkdirTemp("", "latch-bus-") //nolint:usetesting // see above
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(home); err != nil {
			t.Error(err)
		}
	})
	return home
}
