package natstest

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// patience is how long a server may take to start on a busy machine.
const patience = 30 * time.Second

// Server is a running server of NATS on a loopback port of its own.
type Server struct {
	*server.Server

	options *server.Options
	log     *log
}

// Start runs a server until the test ends. Each edit changes its options.
func Start(t testing.TB, edits ...func(*server.Options)) *Server {
	t.Helper()
	options := &server.Options{ServerName: "n1"}
	for _, edit := range edits {
		edit(options)
	}
	s, err := Run(options)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Stop)
	return s
}

// Run runs a server until it is stopped.
func Run(options *server.Options) (*Server, error) {
	s := &Server{options: options}
	if options.Port == 0 {
		var err error
		if options.Port, err = ownPort(); err != nil {
			return s, err
		}
	}
	return s, s.run()
}

// Config runs a server by the text of its configuration file.
func Config(t testing.TB, text string) *Server {
	t.Helper()
	path := filepath.Join(t.TempDir(), "nats-server.conf")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	options, err := server.ProcessConfigFile(path)
	if err != nil {
		t.Fatalf("the server does not read its configuration: %v", err)
	}
	return Start(t, func(o *server.Options) { *o = *options })
}

// Reconfigure gives a server that runs by Config another configuration. Both texts
// name the port: listen: 127.0.0.1:-1.
func (s *Server) Reconfigure(t testing.TB, text string) {
	t.Helper()
	if err := os.WriteFile(s.options.ConfigFile, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := s.Reload(); err != nil {
		t.Fatal(err)
	}
}

// JetStream lets a server keep streams, in a folder of the test's own.
func JetStream(t testing.TB) func(*server.Options) {
	return func(o *server.Options) { o.JetStream, o.StoreDir = true, t.TempDir() }
}

// Domain names the server's JetStream domain.
func Domain(name string) func(*server.Options) {
	return func(o *server.Options) { o.JetStreamDomain = name }
}

func (s *Server) run() error {
	o := s.options.Clone()
	o.NoSigs = true
	if o.Host == "" {
		o.Host = "127.0.0.1"
	}
	running, err := server.NewServer(o)
	if err != nil {
		return err
	}
	s.log = &log{}
	running.SetLoggerV2(s.log, false, false, false)
	running.Start()
	if !running.ReadyForConnections(patience) {
		return fmt.Errorf("the server did not start within %s: %s", patience, s.log)
	}
	s.Server = running
	s.options.Port = running.Addr().(*net.TCPAddr).Port
	return nil
}

// URL is where clients reach it.
func (s *Server) URL() string { return fmt.Sprintf("nats://127.0.0.1:%d", s.options.Port) }

// Stop ends it, and waits until it has ended.
func (s *Server) Stop() {
	s.Shutdown()
	s.WaitForShutdown()
}

// Restart stops it and starts it again, on its ports and with what it has stored.
func (s *Server) Restart(t testing.TB) {
	t.Helper()
	s.Stop()
	for _, port := range []int{s.options.Port, s.options.Cluster.Port} {
		waitUntilFree(t, port)
	}
	if err := s.run(); err != nil {
		t.Fatal(err)
	}
}

// waitUntilFree: a process that a test starts at this moment has the stopped server's
// socket too, until it becomes another program.
func waitUntilFree(t testing.TB, port int) {
	t.Helper()
	for begun := time.Now(); ; time.Sleep(5 * time.Millisecond) {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			_ = l.Close()
			return
		}
		if time.Since(begun) > patience {
			t.Fatal(err)
		}
	}
}

// Log is what it has logged of warnings and errors.
func (s *Server) Log() string { return s.log.String() }

// log keeps what a server tells.
type log struct {
	mu    sync.Mutex
	lines []byte
}

func (l *log) add(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = fmt.Appendf(l.lines, format+"\n", args...)
}

// String is all that was told.
func (l *log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.lines)
}

// Noticef drops what is no trouble.
func (*log) Noticef(string, ...any) {}

// Debugf drops it too.
func (*log) Debugf(string, ...any) {}

// Tracef drops it too.
func (*log) Tracef(string, ...any) {}

// Warnf keeps a warning.
func (l *log) Warnf(format string, args ...any) { l.add(format, args...) }

// Errorf keeps an error.
func (l *log) Errorf(format string, args ...any) { l.add(format, args...) }

// Fatalf keeps an error that ends the server.
func (l *log) Fatalf(format string, args ...any) { l.add(format, args...) }
