//go:build unix

package cmd_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// asLatch gives a path by which this test binary is latch, as in scripts.
func asLatch(t *testing.T) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "latch")
	if err := os.Symlink(self, path); err != nil {
		t.Fatal(err)
	}
	return path
}

// alone runs a command in a process group of its own, and makes sure that it
// leaves no process behind. It gives what was printed, the exit code and how
// long it took.
func alone(t *testing.T, cmd *exec.Cmd) (string, int, time.Duration) {
	t.Helper()
	var out strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	began := time.Now()
	if err := cmd.Start(); err != nil {
		t.Error(err)
		return "", -1, 0
	}
	code := 0
	var ended *exec.ExitError
	if err := cmd.Wait(); errors.As(err, &ended) {
		code = ended.ExitCode()
	} else if err != nil {
		t.Error(err)
	}
	took := time.Since(began)
	if err := syscall.Kill(-cmd.Process.Pid, 0); !errors.Is(err, syscall.ESRCH) {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		t.Errorf("%q left a process behind", cmd.Args)
	}
	return out.String(), code, took
}
