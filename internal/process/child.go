package process

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
	"slices"
)

// Child is a program that runs as a child of this process, with its streams.
type Child struct {
	run   *exec.Cmd
	apart bool // it leads a process group of its own
	ended chan struct{}
}

// start starts a program as a child. On a terminal it stays in the group that the
// terminal's keys reach, and reads from it; elsewhere it gets one of its own, so that
// what it leaves behind can be ended with it.
func start(path string, argv, environ []string, onTerminal bool) (*Child, error) {
	c := &Child{
		run:   &exec.Cmd{Path: path, Args: argv, Env: environ, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr},
		ended: make(chan struct{}), apart: !onTerminal,
	}
	if c.apart {
		setApart(c.run)
	}
	if err := c.run.Start(); err != nil {
		return nil, err
	}
	go func() {
		defer close(c.ended)
		_ = c.run.Wait() // its state says how it ended
	}()
	return c, nil
}

// Ended is closed when it has ended.
func (c *Child) Ended() <-chan struct{} { return c.ended }

// Code is its exit code as shells give it, once it has ended.
func (c *Child) Code() int { return exitCode(c.run.ProcessState) }

// Signal sends it a signal, unless the terminal has sent it that already.
func (c *Child) Signal(s os.Signal) error {
	if !c.apart && slices.Contains(fromKeys(), s) {
		return nil
	}
	err := c.run.Process.Signal(s)
	if errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	return err
}

// Kill ends it by force, with what it has started where that can be told.
func (c *Child) Kill() error { return kill(c.run.Process, c.apart) }

// signals are those that the process gets from now on, until stop is called.
func signals() (got <-chan os.Signal, stop func()) {
	all := make(chan os.Signal, 16)
	signal.Notify(all, passedOn()...)
	return all, func() { signal.Stop(all) }
}
