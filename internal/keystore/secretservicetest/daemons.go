//go:build unix

package secretservicetest

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"github.com/latch-keys/latch/internal/oracle"
)

// patience is how long a daemon may take to start or to stop, on a machine that
// is as busy as can be.
const patience = 2 * time.Minute

// tries is how often a service is started until it comes up.
const tries = 3

// busConfig has no service folders, so that the bus starts nothing by itself.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>%s</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

func startBus(t testing.TB, program, home string, s *Session) {
	t.Helper()
	config := filepath.Join(home, "bus.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil, busConfig, s.address), 0o600); err != nil {
		t.Fatal(err)
	}
	start(t, exec.Command(program, "--nofork", "--nopidfile", "--config-file="+config), s)
	await(t, "the bus", func() error {
		conn, err := dbus.Connect(s.address)
		if err != nil {
			return err
		}
		return conn.Close()
	})
}

func startKeyring(t testing.TB, program string, s *Session) *daemon {
	t.Helper()
	return startService(t, s, func() *exec.Cmd {
		cmd := exec.Command(program, "--foreground", "--unlock", "--components=secrets")
		cmd.Stdin = strings.NewReader("pw") // with a line end it would be another password
		return cmd
	}, func() error { return unlocked(s.address) })
}

// startEmpty starts a service as a person does who has never logged in to a
// desktop: no password, and so no login collection.
func startEmpty(t testing.TB, program string, s *Session) {
	t.Helper()
	startService(t, s, func() *exec.Cmd {
		return exec.Command(program, "--foreground", "--start", "--components=secrets")
	}, func() error { _, err := servedBy(s.address); return err })
}

// startService starts a service, and again where it does not come up: out of many
// thousand, one gnome-keyring never took its name on the bus.
func startService(t testing.TB, s *Session, command func() *exec.Cmd, ready func() error) *daemon {
	t.Helper()
	for try := 1; ; try++ {
		var said bytes.Buffer
		cmd := command()
		cmd.Stderr = &said
		d := start(t, cmd, s)
		err := waitFor(patience/tries, ready)
		if err == nil {
			return d
		}
		d.stop(t)
		failed := fmt.Sprintf("%q did not come up: %v; it ended with %q, and said %q", cmd.Args, err, cmd.ProcessState, &said)
		if try == tries {
			t.Fatal(failed)
		}
		t.Log(failed)
	}
}

// Follow runs a remedy as a person would, typing a password where it asks. The
// service that it leaves running ends with the test.
func (s *Session) Follow(t testing.TB, remedy string) {
	t.Helper()
	cmd := exec.Command(oracle.Need(t, "bash"), "-c", remedy)
	cmd.Env = s.withPath()
	cmd.Stdin = strings.NewReader("pw\n")
	if err := cmd.Run(); err != nil { // its output stays open in the service
		t.Fatalf("%s: %v", remedy, err)
	}
	await(t, "the keyring", func() error { return unlocked(s.address) })
	pid, err := servedBy(s.address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGKILL) })
}

// withPath is the session's environment for a program that finds others.
func (s *Session) withPath() []string {
	return append([]string{"PATH=" + os.Getenv("PATH")}, s.Environ...)
}

// daemon is a process in a group of its own, to see that all of it has gone.
type daemon struct {
	cmd     *exec.Cmd
	stopped bool
}

func start(t testing.TB, cmd *exec.Cmd, s *Session) *daemon {
	t.Helper()
	cmd.Env = s.withPath()
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	d := &daemon{cmd: cmd}
	t.Cleanup(func() { d.stop(t) })
	return d
}

// stop ends the process group and makes sure that nothing of it is left. It does so
// once: afterwards the number may be another group's.
func (d *daemon) stop(t testing.TB) {
	t.Helper()
	if d.stopped {
		return
	}
	d.stopped = true
	group := -d.cmd.Process.Pid
	_ = syscall.Kill(group, syscall.SIGKILL)
	_ = d.cmd.Wait() // says that it was killed
	await(t, "the end of "+d.cmd.Path, func() error {
		if err := syscall.Kill(group, 0); !errors.Is(err, syscall.ESRCH) {
			return errors.New("a process of its group is still there")
		}
		return nil
	})
}

func (d *daemon) hang(t testing.TB) {
	t.Helper()
	if err := d.cmd.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
}

func await(t testing.TB, what string, ready func() error) {
	t.Helper()
	if err := waitFor(patience, ready); err != nil {
		t.Fatalf("waited %v for %s: %v", patience, what, err)
	}
}

// waitFor waits until ready has no error, and gives its last where the limit comes first.
func waitFor(limit time.Duration, ready func() error) error {
	deadline := time.Now().Add(limit)
	for {
		err := ready()
		if err == nil || time.Now().After(deadline) {
			return err
		}
		time.Sleep(5 * time.Millisecond)
	}
}
