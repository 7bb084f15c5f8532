package cmd_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/oracle"
)

// stranger is a user that owns nothing here.
const stranger = 65534

// TestMemoryIsPrivate: no program of the same user can attach to a running latch.
func TestMemoryIsPrivate(t *testing.T) {
	t.Parallel()
	latch := built(t)
	c := idle(t, latch, t.TempDir())
	if os.Getuid() == 0 { // to whom it is private anyhow
		for dir := filepath.Dir(latch); dir != os.TempDir(); dir = filepath.Dir(dir) {
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: stranger, Gid: stranger}}
		c.Dir = "/"
	}
	start(t, c)
	// Linux gives the memory of such a process to root, whoever runs it.
	info, err := os.Stat(fmt.Sprintf("/proc/%d/mem", c.Process.Pid))
	if err != nil {
		t.Fatal(err)
	}
	if status, ok := info.Sys().(*syscall.Stat_t); !ok || status.Uid != 0 {
		t.Errorf("its memory belongs to %+v", info.Sys())
	}
}

// TestNoCoreIsDumped crashes latch as Go crashes when it is told to dump a core.
func TestNoCoreIsDumped(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if !dumps(t, exec.Command("sh", "-c", raise+"kill -SEGV $$"), dir) {
		lacks(t, "this system dumps no cores")
	}
	latch := built(t)
	c := idle(t, latch, dir)
	c.Env = append(c.Env, "GOTRACEBACK=crash")
	start(t, c)
	if err := c.Process.Signal(syscall.SIGSEGV); err != nil {
		t.Fatal(err)
	}
	if dumped(t, c.Wait()) {
		t.Error("a core was dumped")
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*core*")); err != nil || len(left) > 0 {
		t.Errorf("%v is left (%v)", left, err)
	}
}

// TestExecGivesTheLimitBack: the program gets the limit that latch got.
func TestExecGivesTheLimitBack(t *testing.T) {
	t.Parallel()
	const limit = "ulimit -S -c 7 && "
	want, err := exec.Command("sh", "-c", limit+"ulimit -S -c").Output()
	if err != nil {
		lacks(t, fmt.Sprintf("this system lets nobody set a limit (%v)", err))
	}
	dir, latch := t.TempDir(), built(t)
	run := func(script string) string {
		c := exec.Command("sh", "-c", script, latch)
		c.Dir, c.Env = dir, []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH")}
		out, err := c.CombinedOutput()
		if err != nil {
			t.Fatalf("%s: %v\n%s", script, err, out)
		}
		return string(out)
	}
	run(`"$0" lattice init --prefix prod --host web-1 --keystore dir:k`)
	if got := run(limit + `exec "$0" env exec web-1 -- sh -c 'ulimit -S -c'`); got != string(want) {
		t.Errorf("the program has %q, want %q", got, want)
	}
}

// lacks skips a test for what the system does not do, or fails it where nothing may be
// missing.
func lacks(t *testing.T, what string) {
	t.Helper()
	if os.Getenv(oracle.Require) != "" {
		t.Fatalf("%s, and %s is set", what, oracle.Require)
	}
	t.Skip("SKIPPED:", what)
}

// raise lets a shell's programs dump all that the system lets them.
const raise = "ulimit -S -c $(ulimit -H -c) && "

// idle is a latch that waits for a key until the test ends.
func idle(t *testing.T, latch, dir string) *exec.Cmd {
	t.Helper()
	if limit, err := exec.Command("sh", "-c", "ulimit -H -c").Output(); err != nil || strings.TrimSpace(string(limit)) == "0" {
		lacks(t, fmt.Sprintf("this system dumps no cores (%v)", err))
	}
	c := exec.Command("sh", "-c", raise+`exec "$0" keys validate -`, latch)
	c.Dir, c.Env = dir, []string{"HOME=" + dir}
	stdin, err := c.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stdin.Close() })
	return c
}

// start starts latch and waits until it has closed its memory.
func start(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	closed := regexp.MustCompile(`(?m)^Max core file size +0 `)
	for end := time.Now().Add(time.Minute); ; time.Sleep(time.Millisecond) {
		name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", c.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		limits, err := os.ReadFile(fmt.Sprintf("/proc/%d/limits", c.Process.Pid))
		if err != nil {
			t.Fatal(err)
		}
		switch {
		case strings.TrimSpace(string(name)) == "latch" && closed.Match(limits):
			return
		case time.Now().After(end):
			t.Fatalf("its limits are\n%s", limits)
		}
	}
}

// dumps runs a program in dir and tells whether it left a core.
func dumps(t *testing.T, c *exec.Cmd, dir string) bool {
	t.Helper()
	c.Dir = dir
	was := dumped(t, c.Run())
	left, err := filepath.Glob(filepath.Join(dir, "*core*"))
	if err != nil {
		t.Fatal(err)
	}
	for _, core := range left {
		if err := os.Remove(core); err != nil {
			t.Fatal(err)
		}
	}
	return was
}

// dumped tells whether the process that ended so has dumped a core.
func dumped(t *testing.T, err error) bool {
	t.Helper()
	var exit *exec.ExitError
	if !errors.As(err, &exit) {
		t.Fatalf("it ended with %v", err)
	}
	status, ok := exit.Sys().(syscall.WaitStatus)
	return ok && status.CoreDump()
}
