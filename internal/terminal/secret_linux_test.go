package terminal_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/latch-keys/latch/internal/terminal"
	"github.com/latch-keys/latch/internal/terminal/terminaltest"
)

// role is set for this test binary where it plays a part of its own.
const role = "LATCH_TEST_ROLE"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "asks":
		os.Exit(asks())
	case "shell":
		os.Exit(shell())
	}
	os.Exit(m.Run())
}

// asks is a program that asks for a secret, and says how long it is.
func asks() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	prompt := func() { fmt.Print("secret? ") }
	prompt()
	text, err := terminal.ReadSecret(ctx, 0, prompt)
	fmt.Printf("\n%d characters, %v\n", len(text), err)
	return 0
}

// shell runs the program as a shell does: as a job in the foreground, that may
// stop. It says when that happens, and how the terminal is then.
func shell() int {
	signal.Ignore(syscall.SIGTTOU)
	job := exec.Command(os.Args[0])
	job.Env = append(os.Environ(), role+"=asks")
	job.Stdin, job.Stdout, job.Stderr = os.Stdin, os.Stdout, os.Stderr
	job.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Foreground: true, Ctty: 0}
	if err := job.Start(); err != nil {
		fmt.Println(err)
		return 1
	}
	for {
		var status syscall.WaitStatus
		if _, err := syscall.Wait4(job.Process.Pid, &status, syscall.WUNTRACED, nil); err != nil && !errors.Is(err, syscall.EINTR) {
			fmt.Println(err)
			return 1
		}
		if status.Stopped() {
			fmt.Println("stopped,", echo(0))
			_ = syscall.Kill(-job.Process.Pid, syscall.SIGCONT)
			continue
		}
		fmt.Println("ended,", echo(0))
		return 0
	}
}

func echo(fd int) string {
	state, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	switch {
	case err != nil:
		return err.Error()
	case state.Lflag&unix.ECHO == 0:
		return "no echo"
	}
	return "echo"
}

// screen is a terminal with the shell on it.
type screen struct {
	t      *testing.T
	fd     int
	master *os.File
	lines  *bufio.Reader
	shown  strings.Builder
}

func open(t *testing.T) *screen {
	t.Helper()
	fd, err := unix.Open("/dev/ptmx", unix.O_RDWR|unix.O_NOCTTY|unix.O_NONBLOCK|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Skip("no terminals here:", err)
	}
	number, err := unix.IoctlGetInt(fd, unix.TIOCGPTN)
	if err == nil {
		err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0)
	}
	if err != nil {
		t.Fatal(err)
	}
	master := os.NewFile(uintptr(fd), "/dev/ptmx")
	slave, err := os.OpenFile("/dev/pts/"+strconv.Itoa(number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	leader := exec.Command(os.Args[0])
	leader.Env = append(os.Environ(), role+"=shell")
	leader.Stdin, leader.Stdout, leader.Stderr = slave, slave, slave
	leader.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 0}
	if err := leader.Start(); err != nil {
		t.Fatal(err)
	}
	_ = slave.Close()
	t.Cleanup(func() {
		_ = master.Close()
		_ = leader.Wait()
	})
	return &screen{t: t, fd: fd, master: master, lines: bufio.NewReader(terminaltest.Output{Master: master})}
}

// until reads what is shown until it ends in text.
func (s *screen) until(text string) {
	s.t.Helper()
	deadline := time.AfterFunc(30*time.Second, func() { _ = s.master.Close() })
	defer deadline.Stop()
	for begin := s.shown.Len(); !strings.HasSuffix(s.shown.String()[begin:], text); {
		b, err := s.lines.ReadByte()
		if err != nil {
			s.t.Fatalf("%v while waiting for %q, after %q", err, text, s.shown.String())
		}
		s.shown.WriteByte(b)
	}
}

func (s *screen) types(text string) {
	s.t.Helper()
	if _, err := s.master.WriteString(text); err != nil {
		s.t.Fatal(err)
	}
}

// Echo is as it was whenever the program does not ask, and nothing that is typed
// is ever shown, whichever key ends or stops the question.
func TestSecretPrompt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ keys, says string }{
		"typed":                      {"hunter2\n", "7 characters, <nil>"},
		"Ctrl-D, the end of input":   {"\x04", "0 characters, <nil>"},
		"Ctrl-D behind some letters": {"hunter2\x04\x04", "7 characters, <nil>"},
		"Ctrl-C":                     {"hunter2\x03", "0 characters, context canceled"},
		`Ctrl-\`:                     {"hunter2\x1c", "0 characters, context canceled"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := open(t)
			s.until("secret? ")
			s.quiet()
			s.types(c.keys)
			s.until(c.says)
			s.until("ended, echo")
			s.hidden()
		})
	}
}

func TestSecretPromptStops(t *testing.T) {
	t.Parallel()
	s := open(t)
	s.until("secret? ")
	s.quiet()
	s.types("hunt\x1a") // Ctrl-Z
	s.until("stopped, echo")
	s.until("secret? ") // once it goes on
	s.quiet()
	s.types("hunter2\n")
	s.until("7 characters, <nil>")
	s.until("ended, echo")
	s.hidden()
}

// quiet waits until the terminal does not echo: the prompt comes first.
func (s *screen) quiet() {
	s.t.Helper()
	for range 3000 {
		if echo(s.fd) == "no echo" {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	s.t.Fatal("the terminal shows what is typed")
}

func (s *screen) hidden() {
	s.t.Helper()
	if strings.Contains(s.shown.String(), "hunt") {
		s.t.Errorf("what was typed is shown: %q", s.shown.String())
	}
}
