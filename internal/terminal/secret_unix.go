//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package terminal

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"time"

	"golang.org/x/sys/unix"
)

// ReadSecret reads a line that is not shown. Echo is as it was when it returns,
// however it ends, and while Ctrl-Z has stopped the process; repeat is called
// when it goes on, to print the prompt again. The end of input is an answer:
// what was typed until then.
func ReadSecret(ctx context.Context, fd int, repeat func()) ([]byte, error) {
	before, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return nil, err
	}
	s := silence{fd: fd, before: *before, repeat: repeat, signals: make(chan os.Signal, 4)}
	// First the signals: none may come while there is no echo and nobody listens.
	signal.Notify(s.signals, unix.SIGTSTP, unix.SIGCONT, unix.SIGQUIT, unix.SIGHUP)
	defer signal.Stop(s.signals)
	s.begin()
	defer s.end()
	return s.await(ctx, readLine(fd))
}

// silence is a terminal that does not show what is typed.
type silence struct {
	fd      int
	before  unix.Termios
	repeat  func()
	signals chan os.Signal
}

func (s *silence) begin() {
	quiet := s.before
	quiet.Lflag &^= unix.ECHO
	quiet.Lflag |= unix.ICANON | unix.ISIG
	quiet.Iflag |= unix.ICRNL
	_ = unix.IoctlSetTermios(s.fd, setTermios, &quiet)
}

func (s *silence) end() { _ = unix.IoctlSetTermios(s.fd, setTermios, &s.before) }

// stop stops the process as Ctrl-Z does. By SIGSTOP: Go cannot give a signal
// that it has taken its default back. Where no shell could ever continue the
// process it does nothing, as the system does.
func stop() {
	session, err := unix.Getsid(unix.Getppid())
	own, ownErr := unix.Getsid(0)
	if err == nil && ownErr == nil && session == own {
		_ = unix.Kill(unix.Getpid(), unix.SIGSTOP)
	}
}

// pause is how long a stop may take to reach every thread. The question goes on
// after it, should none have come.
const pause = 200 * time.Millisecond

func (s *silence) await(ctx context.Context, line <-chan line) ([]byte, error) {
	var goOn <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case typed := <-line:
			return typed.text, typed.err
		case got := <-s.signals:
			switch got {
			case unix.SIGTSTP:
				s.end()
				stop()
				goOn = time.After(pause)
				continue
			case unix.SIGQUIT, unix.SIGHUP:
				return nil, context.Canceled
			}
		case <-goOn:
		}
		goOn = nil // continued
		s.begin()
		s.repeat()
	}
}

// line is what was typed, without its end.
type line struct {
	text []byte
	err  error
}

// readLine reads byte by byte, so as to take nothing that is behind the line.
func readLine(fd int) <-chan line {
	read := make(chan line, 1)
	go func() {
		text := make([]byte, 0, usual) // as it grows beyond, copies are left behind
		for {
			var b [1]byte
			n, err := unix.Read(fd, b[:])
			switch {
			case errors.Is(err, unix.EINTR), errors.Is(err, unix.EAGAIN):
				continue
			case err != nil:
				clear(text)
				read <- line{nil, err}
				return
			case n == 0 || b[0] == '\n':
				read <- line{text, nil}
				return
			case len(text) == longest:
				clear(text)
				read <- line{nil, io.ErrShortBuffer}
				return
			}
			text = append(text, b[0])
		}
	}()
	return read
}

// A line has usually no more bytes than the one, and never more than the other.
const usual, longest = 1 << 10, 64 << 10
