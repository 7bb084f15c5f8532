//go:build !unix

package process

import (
	"errors"
	"os"
	"os/exec"
	"os/signal"
)

// replace runs the program as a child, passing interrupts on, since the
// platform cannot replace a process.
func replace(path string, argv, environ []string) (int, error) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals)
	defer signal.Stop(signals)

	child := exec.Cmd{Path: path, Args: argv, Env: environ, Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr}
	if err := child.Start(); err != nil {
		return 0, err
	}
	done := make(chan struct{})
	go func() {
		for {
			select {
			case s := <-signals:
				_ = child.Process.Signal(s)
			case <-done:
				return
			}
		}
	}()
	err := child.Wait()
	close(done)
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode(), nil
	}
	return 0, err
}
