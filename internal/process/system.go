package process

import (
	"context"
	"crypto/rand"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/terminal"
)

// System is what a command sees of the process that runs it.
type System struct {
	Args    []string // the program's name first
	Environ []string // KEY=value
	Version string   // empty where the linker set none

	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Terminal       Terminal
	Columns        func() int // how wide the terminal is, 0 where it does not say
	// ReadSecret reads a line from the terminal without echo. Echo is back when
	// it returns, also when ctx ended the wait. It calls repeat to have the prompt
	// printed again, after the process was stopped.
	ReadSecret func(ctx context.Context, repeat func()) ([]byte, error)

	// Started is when the process began, by the clock of its files; zero where that
	// is not known.
	Started time.Time
	Now     func() time.Time
	Ticks   func() time.Duration // how long the process has run: nothing sets that clock
	Random  io.Reader            // a source fit for keys

	// Dial connects to an address, as net.Dialer does.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)

	// OpenFD is an open file descriptor of the process by its number.
	OpenFD func(fd int) io.ReadCloser
	// WorkFactor is scrypt's, as a power of two, for what is sealed with a
	// passphrase; zero for age's own, about a second of work.
	WorkFactor int

	// Replace runs a program in this process's place, or as its child where the
	// platform cannot; it gives the child's exit code.
	Replace func(path string, argv, environ []string) (int, error)
	// Start runs a program as a child, with the streams of this process.
	Start func(path string, argv, environ []string) (*Child, error)
	// Signals are those that a program in this process's place would get, until stop
	// is called.
	Signals func() (got <-chan os.Signal, stop func())
}

// Terminal says which of the standard streams are terminals.
type Terminal struct{ Stdin, Stdout, Stderr bool }

// Current is the System of the running process.
func Current(version string, args, environ []string, stdin, stdout, stderr *os.File) System {
	began := time.Now()
	isTerminal := func(f *os.File) bool { return terminal.Is(int(f.Fd())) }
	return System{
		Args: args, Environ: environ, Version: version,
		Stdin: stdin, Stdout: stdout, Stderr: stderr,
		Terminal: Terminal{isTerminal(stdin), isTerminal(stdout), isTerminal(stderr)},
		Columns: func() int {
			for _, file := range []*os.File{stdout, stderr} {
				if width := terminal.Columns(int(file.Fd())); width > 0 {
					return width
				}
			}
			return 0
		},
		ReadSecret: func(ctx context.Context, repeat func()) ([]byte, error) {
			return terminal.ReadSecret(ctx, int(stdin.Fd()), repeat)
		},
		Started: began,
		Now:     time.Now,
		Ticks:   func() time.Duration { return time.Since(began) },
		Random:  rand.Reader,
		Dial:    (&net.Dialer{}).DialContext,
		OpenFD:  func(fd int) io.ReadCloser { return os.NewFile(uintptr(fd), "passphrase") },
		Replace: replace,
		Start: func(path string, argv, environ []string) (*Child, error) {
			return start(path, argv, environ, isTerminal(stdin))
		},
		Signals: signals,
	}
}

// Getenv looks a variable up; the last setting of a name counts. On Windows the case of
// a name does not: what is called AppData is often spelled APPDATA.
func (s System) Getenv(name string) (string, bool) {
	same := func(key string) bool { return key == name || runtime.GOOS == "windows" && strings.EqualFold(key, name) }
	for i := len(s.Environ) - 1; i >= 0; i-- {
		if key, value, ok := strings.Cut(s.Environ[i], "="); ok && same(key) {
			return value, true
		}
	}
	return "", false
}

// Arguments are those for the command tree. Called through a link named keys,
// latch is `latch keys`, so that `keys gen cluster` works as typed.
func (s System) Arguments() []string {
	if len(s.Args) == 0 {
		return nil
	}
	name := strings.TrimSuffix(filepath.Base(s.Args[0]), ".exe")
	if name != "keys" {
		return s.Args[1:]
	}
	if args := s.Args[1:]; len(args) > 0 && strings.HasPrefix(args[0], "__complete") { // as shells ask
		return append([]string{args[0], "keys"}, args[1:]...)
	}
	return append([]string{"keys"}, s.Args[1:]...)
}

// Release is what the linker set, or else what `go install` recorded.
func (s System) Release() string {
	if s.Version != "" {
		return s.Version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
