package terminaltest

import (
	"bytes"
	"errors"
	"io"
	"os/exec"
	"syscall"

	"github.com/creack/pty"
)

// Record runs a command on a terminal of this size, as its three streams, and gives
// what it sent there, and its exit code. Nobody types: one that asks waits until its
// context ends it.
func Record(command *exec.Cmd, size Size) (sent []byte, code int, err error) {
	command.Cancel = func() error { return syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
	master, err := pty.StartWithSize(command, &pty.Winsize{Rows: uint16(size.Rows), Cols: uint16(size.Columns)})
	if err != nil {
		return nil, 0, err
	}
	var out bytes.Buffer
	_, err = io.Copy(&out, Output{Master: master})
	err = errors.Join(err, master.Close())
	var ended *exec.ExitError
	if waited := command.Wait(); !errors.As(waited, &ended) {
		err = errors.Join(err, waited)
	}
	return out.Bytes(), command.ProcessState.ExitCode(), err
}
