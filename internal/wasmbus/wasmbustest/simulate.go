package wasmbustest

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// urlFile is where the simulated lattice tells its address. It ends when the file is
// removed.
const urlFile = "nats.url"

const simulateUsage = `usage: simulate start FOLDER   start a server and a host for each env file in the folder
       simulate restart [HOST...]  restart hosts, or all, each with its file as it is now
       simulate stop HOST...       stop hosts
       simulate nats FILE FOLDER   start a server by its configuration; hosts log in by
                                   the env files that come to the folder
       simulate cluster            start a cluster of three servers, without hosts
       simulate host [RELEASE]     run one host with the environment of this process
       simulate users WORD         how the hosts' users fare, once one is WORD
       simulate end                stop everything`

// Role is what hosts do beyond answering who they are: it is given each host that
// starts, with its environment, and a way to answer on a subject while it runs.
type Role func(h Host, environ map[string]string, answer func(subject string, with func(data []byte) []byte) error) error

// Simulate is the command simulate: args are its own, the program's name first.
func Simulate(ctx context.Context, args []string, out io.Writer, roles ...Role) error {
	if len(args) < 2 {
		return errors.New(simulateUsage)
	}
	switch verb, rest := args[1], args[2:]; {
	case verb == "start" && len(rest) == 1:
		return startApart(ctx, args[0], out, true, "serve", rest[0])
	case verb == "serve" && len(rest) == 1:
		return serve(ctx, rest[0], roles)
	case verb == "nats" && len(rest) == 2:
		return startApart(ctx, args[0], out, false, "serve-configured", rest[0], rest[1])
	case verb == "serve-configured" && len(rest) == 2:
		return serveConfigured(ctx, rest[0], rest[1])
	case verb == "cluster" && len(rest) == 0:
		return startApart(ctx, args[0], out, false, "serve-cluster")
	case verb == "serve-cluster" && len(rest) == 0:
		return serveCluster(ctx)
	case verb == "host" && len(rest) < 2:
		return runHost(ctx, append(rest, "0.82.0")[0], out)
	case verb == "users" && len(rest) == 1:
		text, err := usersOnce(ctx, rest[0])
		fmt.Fprint(out, text)
		return err
	case verb == "restart", verb == "stop" && len(rest) > 0:
		return order(verb+" "+strings.Join(rest, " "), out)
	case verb == "end" && len(rest) == 0:
		return os.Remove(urlFile)
	}
	return errors.New(simulateUsage)
}

// startApart starts the lattice in a process of its own, and returns when it is
// there. listed has it say which hosts run.
func startApart(ctx context.Context, program string, out io.Writer, listed bool, args ...string) error {
	if err := os.Remove(urlFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	c := exec.Command(program, args...)
	var complaint strings.Builder
	c.Stderr = &complaint
	if err := c.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for {
		if _, err := os.Stat(urlFile); err == nil {
			if !listed {
				return nil
			}
			return order("list", out)
		}
		select {
		case err := <-ended:
			return fmt.Errorf("the lattice has not come up: %w: %s", err, complaint.String())
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// serve runs the lattice until its urlFile is removed.
func serve(ctx context.Context, folder string, roles []Role) error {
	streams, err := os.MkdirTemp("", "simulated-lattice-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(streams) }()
	s, err := natstest.Run(&server.Options{JetStream: true, StoreDir: streams})
	if err != nil {
		return err
	}
	defer s.Stop()
	nc, err := nats.Connect(s.URL(), nats.Timeout(patience))
	if err != nil {
		return err
	}
	defer nc.Close()
	l := simulated{nc: nc, fleet: NewFleet(), folder: folder, roles: roles}
	defer l.fleet.Close()
	if _, err := l.restart(nil); err != nil {
		return err
	}
	if _, err := nc.Subscribe(ordersSubject, l.obey); err != nil {
		return err
	}
	if err := nc.Flush(); err != nil {
		return err
	}
	return untilEnded(ctx, s.URL(), func() error { return nil })
}

// untilEnded tells the address, and looks again and again until its file is removed.
func untilEnded(ctx context.Context, url string, look func() error) error {
	// In one step, so that whoever sees the file can read it whole.
	if err := os.WriteFile(urlFile+".new", []byte(url+"\n"), 0o600); err != nil {
		return err
	}
	if err := os.Rename(urlFile+".new", urlFile); err != nil {
		return err
	}
	limit := time.After(time.Hour)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-limit:
			return nil
		case <-time.After(100 * time.Millisecond):
			if _, gone := os.Stat(urlFile); gone != nil {
				return nil //nolint:nilerr // the end that it waits for
			}
			if err := look(); err != nil {
				return err
			}
		}
	}
}

// patience is how long an order may take on a busy machine.
const patience = 30 * time.Second

// ordersSubject is where the simulated lattice is told what to do.
const ordersSubject = "simulate.orders"

func order(words string, out io.Writer) error {
	address, err := os.ReadFile(urlFile)
	if err != nil {
		return fmt.Errorf("no lattice is simulated here: %w", err)
	}
	nc, err := nats.Connect(strings.TrimSpace(string(address)), nats.Timeout(patience))
	if err != nil {
		return err
	}
	defer nc.Close()
	answer, err := nc.Request(ordersSubject, []byte(words), patience)
	if err != nil {
		return err
	}
	if complaint := answer.Header.Get("Error"); complaint != "" {
		return errors.New(complaint)
	}
	_, err = out.Write(answer.Data)
	return err
}

// simulated is a lattice whose hosts start from the env files of a folder.
type simulated struct {
	nc     *nats.Conn
	fleet  *Fleet
	folder string
	roles  []Role
}

func (l simulated) obey(m *nats.Msg) {
	words := strings.Fields(string(m.Data))
	answer := nats.NewMsg(m.Reply)
	var text string
	var err error
	switch words[0] {
	case "list":
		names := l.fleet.Names()
		slices.Sort(names)
		text = "running: " + strings.Join(names, ", ")
	case "restart":
		text, err = l.restart(words[1:])
	case "stop":
		l.fleet.Stop(words[1:]...)
		text = "stopped: " + strings.Join(words[1:], ", ")
	}
	if err != nil {
		answer.Header.Set("Error", err.Error())
	}
	answer.Data = []byte(text + "\n")
	_ = m.RespondMsg(answer)
}

// restart starts hosts with their files as they are now: those named, or all that
// have a file.
func (l simulated) restart(names []string) (string, error) {
	if len(names) == 0 {
		paths, err := filepath.Glob(filepath.Join(l.folder, "*.env"))
		if err != nil {
			return "", err
		}
		for _, path := range paths {
			names = append(names, strings.TrimSuffix(filepath.Base(path), ".env"))
		}
	}
	for _, name := range names {
		text, err := os.ReadFile(filepath.Join(l.folder, name+".env"))
		if err != nil {
			return "", err
		}
		l.fleet.Stop(name)
		environ := ReadEnv(string(text))
		h, err := Boot(name, releaseOf(string(text)), environ, rand.Reader)
		if err != nil {
			return "", err
		}
		if err := l.fleet.Start(l.nc, h); err != nil {
			return "", err
		}
		if err := h.Keep(l.nc); err != nil {
			return "", err
		}
		for _, role := range l.roles {
			err := role(h, environ, func(subject string, with func([]byte) []byte) error { return l.fleet.Answer(l.nc, name, subject, with) })
			if err != nil {
				return "", err
			}
		}
	}
	return "restarted: " + strings.Join(names, ", "), nil
}

// releaseOf is a version of the target that the file's header names.
func releaseOf(text string) string {
	for line := range strings.Lines(text) {
		target, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "# target: ")
		rust, isRust := strings.CutPrefix(target, "rust-")
		switch {
		case !ok:
		case target == "otp":
			return "0.63.2"
		case target == "otp-0.51":
			return "0.57.3"
		case isRust:
			return rust + ".0"
		}
	}
	return "0.82.0"
}
