package cmd_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/process"
	"github.com/latch-keys/latch/internal/wasmbus/wasmbustest"
)

// runningLattice is a lattice whose hosts run on a server that can fail.
type runningLattice struct {
	t      *testing.T
	dir    string
	server *natstest.Server
	fleet  *wasmbustest.Fleet
	hosts  *natsconn.Conn
	dial   func(ctx context.Context, network, address string) (net.Conn, error)
}

func newRunningLattice(t *testing.T) *runningLattice {
	t.Helper()
	l := &runningLattice{t: t, dir: t.TempDir(), server: natstest.Start(t), fleet: wasmbustest.NewFleet(), dial: (&net.Dialer{}).DialContext}
	o := l.server.Options(natsconn.Login{})
	o.Reconnect = true
	var err error
	if l.hosts, err = natsconn.Connect(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.fleet.Close(); l.hosts.Close() })
	l.latch("lattice", "init", "--prefix", "prod", "--host", "web-1", "--host", "web-2", "--keystore", "dir:"+filepath.Join(l.dir, "k"))
	l.latch("env", "write", "--dir", filepath.Join(l.dir, "env"))
	return l
}

// start starts a host with its env file.
func (l *runningLattice) start(names ...string) {
	l.t.Helper()
	for _, name := range names {
		if err := l.fleet.Start(l.hosts.Conn, l.boot(name)); err != nil {
			l.t.Fatal(err)
		}
	}
}

// boot is a host as it starts with its env file.
func (l *runningLattice) boot(name string) wasmbustest.Host {
	l.t.Helper()
	text, err := os.ReadFile(filepath.Join(l.dir, "env", name+".env"))
	if err != nil {
		l.t.Fatal(err)
	}
	h, err := wasmbustest.Boot(name, "0.82.0", wasmbustest.ReadEnv(string(text)), rand.Reader)
	if err != nil {
		l.t.Fatal(err)
	}
	return h
}

// latch runs a command that has to work.
func (l *runningLattice) latch(args ...string) {
	l.t.Helper()
	if code := l.begin(l.t.Context(), args...).code(l.t); code != 0 {
		l.t.Fatalf("%v: exit code %d", args, code)
	}
}

// begin starts a command.
func (l *runningLattice) begin(ctx context.Context, args ...string) *begun {
	b := &begun{ended: make(chan int, 1)}
	sys := process.System{
		Args:    append([]string{"latch", "-m", filepath.Join(l.dir, "lattice.yaml")}, args...),
		Environ: []string{"HOME=" + l.dir, "LATCH_NATS=" + l.server.URL()}, Stdin: strings.NewReader(""), Stdout: &b.stdout, Stderr: &b.stderr,
		Now: time.Now, Random: rand.Reader, Dial: l.dial,
	}
	go func() { b.ended <- cmd.Main(ctx, sys) }()
	return b
}

// begun is a command that runs.
type begun struct {
	stdout, stderr shared
	ended          chan int
}

func (b *begun) code(t *testing.T) int {
	t.Helper()
	select {
	case code := <-b.ended:
		return code
	case <-time.After(time.Minute):
		t.Fatalf("it does not end: %s", b.stderr.String())
		return -1
	}
}

// until waits for something to be printed.
func (b *begun) until(t *testing.T, out *shared, text string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); !strings.Contains(out.String(), text); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%q is not said: %s", text, out.String())
		}
	}
}

// shared is a buffer that is read while it is written.
type shared struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *shared) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// A wait goes on through a restart of the server, says so, and ends with the right
// answer.
func TestWaitSurvivesARestart(t *testing.T) {
	t.Parallel()
	l := newRunningLattice(t)
	l.start("web-1")
	b := l.begin(t.Context(), "lattice", "status", "--wait", "10m", "--every", "10ms", "--timeout", "200ms")
	b.until(t, &b.stderr, "1 of 2 hosts answered; waiting for web-2 (missing).")
	l.server.Stop()
	b.until(t, &b.stderr, "The connection is lost")
	l.server.Restart(t)
	l.awaitHosts()
	b.until(t, &b.stderr, "The connection is back.")
	l.start("web-2")
	if code := b.code(t); code != 0 || !strings.Contains(b.stdout.String(), "2 of 2 hosts answered, all as written") {
		t.Errorf("exit code %d: %s%s", code, b.stdout.String(), b.stderr.String())
	}
}

// awaitHosts waits until the hosts are on the server again.
func (l *runningLattice) awaitHosts() {
	l.t.Helper()
	for deadline := time.Now().Add(time.Minute); !l.hosts.IsConnected(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			l.t.Fatal("the hosts do not come back")
		}
	}
}

// A network that swallows everything, without a word, costs the time of a question
// each time and no more; the wait ends when it is whole again.
func TestWaitSurvivesAPartition(t *testing.T) {
	t.Parallel()
	l := newRunningLattice(t)
	cut := &partition{}
	l.dial = cut.dial
	l.start("web-1")
	b := l.begin(t.Context(), "lattice", "status", "--wait", "10m", "--every", "10ms", "--timeout", "200ms")
	b.until(t, &b.stderr, "waiting for web-2 (missing).")
	cut.set(true)
	b.until(t, &b.stderr, "The hosts cannot be asked now")
	l.start("web-2")
	cut.set(false)
	if code := b.code(t); code != 0 {
		t.Errorf("exit code %d: %s", code, b.stderr.String())
	}
}

// A wait for what never comes ends, and names it; one that could never look ends with
// another code; a server that is not there yet is waited for.
func TestWaitEnds(t *testing.T) {
	t.Parallel()
	l := newRunningLattice(t)
	l.start("web-1")
	b := l.begin(t.Context(), "lattice", "status", "--wait", "4s", "--every", "10ms", "--timeout", "2s")
	if code := b.code(t); code != 3 || !strings.Contains(b.stderr.String(), "still waiting for web-2 (missing)") {
		t.Errorf("exit code %d: %s", code, b.stderr.String())
	}
	b = l.begin(t.Context(), "lattice", "status", "--wait", "3s", "--every", "10ms", "--timeout", "100ms")
	b.until(t, &b.stderr, "waiting for web-2 (missing).")
	l.server.Stop() // and what is seen last is not what is there at the end
	if code := b.code(t); code != 4 || !strings.Contains(b.stderr.String(), "still waiting for web-2 (missing)") {
		t.Errorf("exit code %d: %s", code, b.stderr.String())
	}
	b = l.begin(t.Context(), "lattice", "status", "--wait", "300ms", "--every", "10ms")
	if code := b.code(t); code != 4 {
		t.Errorf("exit code %d: %s", code, b.stderr.String())
	}
	b = l.begin(t.Context(), "lattice", "status", "--wait", "10m", "--every", "10ms", "--timeout", "200ms")
	b.until(t, &b.stderr, "Trying again")
	l.server.Restart(t)
	l.awaitHosts()
	l.start("web-2")
	if code := b.code(t); code != 0 {
		t.Errorf("exit code %d: %s", code, b.stderr.String())
	}
}

// A replica that answers late counts like the others, though one of its name has
// answered: it is waited for, and nothing is done that would cut it off.
func TestAFarReplica(t *testing.T) {
	t.Parallel()
	l := newRunningLattice(t)
	far := l.boot("web-2") // with the file from before the rotation
	far.Name, far.Manner.Delay = "far", 300*time.Millisecond
	l.latch("issuers", "rotate", "start")
	l.latch("env", "write", "--dir", filepath.Join(l.dir, "env"))
	l.start("web-1", "web-2")
	if err := l.fleet.Start(l.hosts.Conn, far); err != nil {
		t.Fatal(err)
	}
	next := l.begin(t.Context(), "issuers", "rotate", "next", "--live", "--timeout", "4s")
	b := l.begin(t.Context(), "lattice", "status", "--wait", "10m", "--every", "10ms", "--timeout", "4s", "--for", "introduce")
	if code := next.code(t); code != 5 || !strings.Contains(next.stderr.String(), "web-2: not known: the running host ") {
		t.Errorf("exit code %d: %s%s", code, next.stdout.String(), next.stderr.String())
	}
	b.until(t, &b.stderr, "waiting for web-2 (not known: ")
	l.fleet.Stop("far")
	if code := b.code(t); code != 0 {
		t.Errorf("exit code %d: %s", code, b.stderr.String())
	}
}

// Watching prints a line when something has changed and none when nothing has, until
// it is interrupted.
func TestWatch(t *testing.T) {
	t.Parallel()
	l := newRunningLattice(t)
	l.start("web-1")
	ctx, interrupt := context.WithCancel(t.Context())
	b := l.begin(ctx, "lattice", "status", "--watch", "--every", "10ms", "--timeout", "100ms")
	b.until(t, &b.stdout, `"verdict":"missing"`)
	l.start("web-2")
	b.until(t, &b.stdout, `"ok":true`)
	interrupt()
	if code := b.code(t); code != 130 {
		t.Errorf("exit code %d: %s", code, b.stderr.String())
	}
	last := ""
	for line := range strings.Lines(b.stdout.String()) {
		var doc struct{ Hosts []any }
		if err := json.Unmarshal([]byte(line), &doc); err != nil || len(doc.Hosts) != 2 || line == last {
			t.Errorf("%v: %s", err, line)
		}
		last = line
	}
}

// partition is a network that can be cut without anybody noticing.
type partition struct {
	mu   sync.Mutex
	cut  bool
	conn []*cutConn
}

func (p *partition) set(cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = cut
	for _, c := range p.conn {
		c.set(cut)
	}
}

func (p *partition) dial(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	c := &cutConn{Conn: conn, open: make(chan struct{})}
	c.set(false) // it begins whole
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conn = append(p.conn, c)
	return c, nil
}

// cutConn holds back what arrives while it is cut, as a network does that will send it
// again.
type cutConn struct {
	net.Conn

	mu     sync.Mutex
	open   chan struct{} // closed while it is whole
	isOpen bool
}

func (c *cutConn) set(cut bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case cut && c.isOpen:
		c.open = make(chan struct{})
	case !cut && !c.isOpen:
		close(c.open)
	}
	c.isOpen = !cut
}

func (c *cutConn) Read(p []byte) (int, error) {
	n, err := c.Conn.Read(p)
	c.mu.Lock()
	open := c.open
	c.mu.Unlock()
	if err == nil {
		<-open
	}
	return n, err
}
