//go:build unix

package process

import (
	"os"
	"os/exec"
	"syscall"
)

func setApart(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func kill(p *os.Process, apart bool) error {
	if apart {
		return syscall.Kill(-p.Pid, syscall.SIGKILL)
	}
	return p.Kill()
}

// exitCode of a program that a signal ended is that of shells.
func exitCode(s *os.ProcessState) int {
	const bySignal = 128
	if status, ok := s.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return bySignal + int(status.Signal())
	}
	return s.ExitCode()
}

// passedOn are the signals that mean the program, not latch.
func passedOn() []os.Signal {
	return []os.Signal{
		syscall.SIGINT, syscall.SIGTERM, syscall.SIGQUIT, syscall.SIGABRT, syscall.SIGHUP, syscall.SIGUSR1, syscall.SIGUSR2,
		syscall.SIGWINCH, syscall.SIGCONT,
	}
}

// fromKeys are those that a terminal sends to all of its programs.
func fromKeys() []os.Signal {
	return []os.Signal{syscall.SIGINT, syscall.SIGQUIT, syscall.SIGWINCH}
}
