package natsconn

import (
	"cmp"
	"context"
	"net"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
)

// Dial opens a connection of the network, as net.Dialer does.
type Dial func(ctx context.Context, network, address string) (net.Conn, error)

// Options say how to connect.
type Options struct {
	Server Server
	Login  Login
	Dial   Dial
	Name   string // what the server calls the connection in its own lists

	// Alone keeps to the servers that are named. Else the others of their cluster, of
	// which they tell, are tried too where they turn the login away.
	Alone bool

	// Timeout bounds each server's answer; zero is two seconds. The context bounds
	// them all.
	Timeout time.Duration
	// InboxPrefix begins the subjects that answers come to, "" for _INBOX.
	InboxPrefix string
	// Reconnect keeps the connection up: it is made again for as long as it takes.
	// What is published meanwhile is refused, not kept for later.
	Reconnect bool
	// Changed is told, where it is set, that the connection was lost, with the
	// cause, or is back, with nil.
	Changed func(lost error)
}

// The waits of a connection.
const (
	defaultTimeout = 2 * time.Second
	betweenTries   = 250 * time.Millisecond
)

// slowLogins is how many more times a server is tried that takes long to let somebody in.
const slowLogins = 2

// Connect connects to the first of the servers that lets it in, within ctx. An
// error wraps a *Failure, which says at which step it failed at a server that is named.
func Connect(ctx context.Context, o Options) (*Conn, error) {
	c := &Conn{noted: make(chan struct{})}
	via := &dialer{ctx: ctx, dial: o.Dial, timeout: cmp.Or(o.Timeout, defaultTimeout), tried: map[string]bool{}}
	settings, err := o.settings(ctx, c, via)
	if err != nil {
		return nil, err
	}
	servers := nats.GetDefaultOptions()
	servers.Servers = o.Server.URLs
	for _, set := range settings {
		if err := set(&servers); err != nil {
			return nil, o.failed(TLSStep, err)
		}
	}
	stop := context.AfterFunc(ctx, via.abort)
	conn, err := patiently(servers)
	if err != nil && via.strayed(len(o.Server.URLs)) { // the error is another server's
		servers.IgnoreDiscoveredServers = true
		conn, err = patiently(servers)
	}
	if !stop() && err == nil {
		conn.Close()
		err = ctx.Err()
	}
	if err != nil {
		return nil, o.explain(ctx, via.failure(), err)
	}
	via.settle()
	c.Conn = conn
	return c, nil
}

// patiently connects, to a server that takes long to let somebody in as well.
func patiently(servers nats.Options) (conn *nats.Conn, err error) {
	conn, err = servers.Connect()
	for range slowLogins {
		if !isSlowLogin(err) {
			break
		}
		conn, err = servers.Connect()
	}
	return conn, err
}

// settings are those of the library.
func (o Options) settings(ctx context.Context, c *Conn, via *dialer) ([]nats.Option, error) {
	all := append([]nats.Option{
		nats.Name(o.Name), nats.Timeout(via.timeout), nats.SetCustomDialer(via), nats.SkipHostLookup(),
		nats.ErrorHandler(c.note), nats.ReconnectBufSize(-1), nats.ReconnectWait(betweenTries), nats.ReconnectJitter(0, 0),
	}, o.Login.options()...)
	if o.InboxPrefix != "" {
		all = append(all, nats.CustomInboxPrefix(o.InboxPrefix))
	}
	if !o.Reconnect {
		all = append(all, nats.NoReconnect())
	} else {
		all = append(all, nats.MaxReconnects(-1))
	}
	if o.Alone {
		all = append(all, nats.IgnoreDiscoveredServers())
	}
	if o.Changed != nil {
		all = append(all,
			nats.DisconnectErrHandler(o.lost),
			nats.ReconnectHandler(func(*nats.Conn) { o.Changed(nil) }))
	}
	secured, err := o.Server.TLS.config(ctx)
	if err != nil {
		return nil, o.failed(TLSStep, err)
	}
	if secured != nil {
		all = append(all, nats.Secure(secured))
	}
	if o.Server.TLS.First {
		all = append(all, nats.TLSHandshakeFirst())
	}
	return all, nil
}

// lost tells that the connection was lost, unless it was closed by us.
func (o Options) lost(conn *nats.Conn, err error) {
	if !conn.IsClosed() {
		o.Changed(cmp.Or(err, nats.ErrDisconnected))
	}
}

// dialer opens the library's connections within the context until the first is
// made, and keeps why one could not be opened, which the library does not tell.
type dialer struct {
	dial    Dial
	timeout time.Duration

	mu     sync.Mutex
	ctx    context.Context //nolint:containedctx // that of Connect, dropped when it has connected
	open   net.Conn
	failed error
	tried  map[string]bool // the addresses
}

// Dial opens a connection.
func (d *dialer) Dial(network, address string) (net.Conn, error) {
	d.mu.Lock()
	within := d.ctx
	d.mu.Unlock()
	ctx, cancel := context.WithTimeout(within, d.timeout)
	defer cancel()
	conn, err := d.dial(ctx, network, address)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.open, d.failed, d.tried[address] = conn, err, true
	return conn, err
}

// abort ends what is being connected.
func (d *dialer) abort() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.open != nil {
		_ = d.open.Close()
	}
}

// settle lets later connections go on without the context of the first.
func (d *dialer) settle() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ctx = context.Background()
}

// strayed reports whether more servers were tried than were named.
func (d *dialer) strayed(named int) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.tried) > named
}

// failure is why the last connection could not be opened, nil if it could.
func (d *dialer) failure() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.failed
}
