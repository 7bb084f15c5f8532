package wasmbustest

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nkeys"

	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// usersFile is where the simulated hosts tell how each of their users fares.
const usersFile = "nats.users"

// serveConfigured runs a server by its configuration, with JetStream, and hosts that
// log in to it: one for each env file that comes to the folder, again when the file
// changes.
func serveConfigured(ctx context.Context, config, folder string) error {
	options, err := server.ProcessConfigFile(config)
	if err != nil {
		return err
	}
	streams, err := os.MkdirTemp("", "simulated-lattice-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(streams) }()
	options.JetStream, options.StoreDir, options.Port = true, streams, server.RANDOM_PORT
	s, err := natstest.Run(options)
	if err != nil {
		return err
	}
	defer s.Stop()
	hosts := &loggedIn{url: s.URL(), folder: folder, started: map[string]time.Time{}, users: map[string]*nats.Conn{}, calls: map[string]string{}}
	defer hosts.close()
	return untilEnded(ctx, s.URL(), hosts.look)
}

// loggedIn are hosts that do nothing but log in to NATS, and answer a call on their
// connection for calls.
type loggedIn struct {
	url, folder string
	started     map[string]time.Time  // by env file: when the file was changed last
	users       map[string]*nats.Conn // by host and connection
	calls       map[string]string     // by the same: where the host hears calls
}

// look starts the hosts whose files are new, and tells how the users fare.
func (l *loggedIn) look() error {
	paths, err := filepath.Glob(filepath.Join(l.folder, "*.env"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || l.started[path].Equal(info.ModTime()) {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it is being replaced
		}
		l.started[path] = info.ModTime()
		l.start(strings.TrimSuffix(filepath.Base(path), ".env"), ReadEnv(string(text)))
	}
	return l.tell()
}

// start logs in each user of a host.
func (l *loggedIn) start(host string, environ map[string]string) {
	for _, name := range []string{"CTL", "RPC", "PROV_RPC"} {
		jwt, seed := environ["WASMCLOUD_"+name+"_JWT"], environ["WASMCLOUD_"+name+"_SEED"]
		key := host + " " + strings.ToLower(name)
		if jwt == "" {
			continue
		}
		if old := l.users[key]; old != nil {
			old.Close()
		}
		conn, err := nats.Connect(l.url, nats.Timeout(patience), nats.UserJWT(func() (string, error) { return jwt, nil }, func(nonce []byte) ([]byte, error) {
			pair, err := nkeys.FromSeed([]byte(seed))
			if err != nil {
				return nil, err
			}
			return pair.Sign(nonce)
		}), nats.ErrorHandler(func(*nats.Conn, *nats.Subscription, error) {}))
		l.users[key] = conn
		if err == nil && name == "RPC" {
			l.calls[key] = "wasmbus.rpc." + environ["WASMCLOUD_LATTICE_PREFIX"] + "." + host
			_, _ = conn.Subscribe(l.calls[key], func(m *nats.Msg) { _ = m.Respond(nil) })
		}
	}
}

// tell writes how each user fares. One that hears calls is called.
func (l *loggedIn) tell() error {
	var lines []string
	for key, conn := range l.users {
		state := "connected"
		if conn == nil || !conn.IsConnected() {
			state = "shut out"
		} else if subject := l.calls[key]; subject != "" {
			state = "answers"
			if _, err := conn.Request(subject, nil, patience); err != nil {
				state = "does not answer: " + err.Error()
			}
		}
		lines = append(lines, fmt.Sprintf("%s: %s", key, state))
	}
	slices.Sort(lines)
	if err := os.WriteFile(usersFile+".new", []byte(strings.Join(append(lines, ""), "\n")), 0o600); err != nil {
		return err
	}
	return os.Rename(usersFile+".new", usersFile)
}

func (l *loggedIn) close() {
	for _, conn := range l.users {
		if conn != nil {
			conn.Close()
		}
	}
}

// usersOnce tells how the users fare once one that has the word does.
func usersOnce(ctx context.Context, word string) (string, error) {
	limit := time.Now().Add(patience)
	for {
		text, err := os.ReadFile(usersFile)
		if err == nil && strings.Contains(string(text), word) {
			return string(text), nil
		}
		if time.Now().After(limit) {
			return string(text), errors.New("no user is " + word)
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(20 * time.Millisecond):
		}
	}
}
