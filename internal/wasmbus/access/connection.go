package access

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// Connection is one way in which hosts connect to NATS: for what, where to and as
// whom. Hosts that differ in none of it share one.
type Connection struct {
	Hosts   []string
	Purpose wasmcloud.Purpose
	Setup   permissions.Setup // of their lattice
	Server  natsconn.Server
	Login   natsconn.Login
	User    lattice.UserJWT // zero where the login has none
	Missing error           // why the login is not at hand

	// Spare says that hosts run without it: OTP hosts that are told nothing of
	// providers, and may have none.
	Spare bool
}

// Place is where connections are tried.
type Place struct {
	URLs []string // in the place of the manifest's servers, nil for those
	CA   string   // the path of the authorities to trust, "" for the system's
}

// Connections are those of the hosts. It fails where no credentials can be had at
// all, as with a keystore that is locked; one that cannot be had is noted where it
// is missing. The seeds are the resolver's to wipe.
func Connections(ctx context.Context, m lattice.Manifest, hosts []lattice.Host, r *credentials.Resolver, at Place) ([]Connection, error) {
	var all []Connection
	known := map[sharing]int{}
	for _, h := range hosts {
		for _, p := range wasmcloud.Purposes() {
			if p == wasmcloud.ProviderRPC && !m.TargetOf(h).ReadsProviderRPC() {
				continue
			}
			same := sharingOf(m, h, p)
			if i, shared := known[same]; shared {
				all[i].Hosts = append(all[i].Hosts, h.Name)
				continue
			}
			c, err := newConnection(ctx, m, h, p, r)
			if err != nil {
				return nil, err
			}
			c.Server.TLS.CA = at.CA
			if at.URLs != nil {
				c.Server.URLs = at.URLs
			}
			known[same] = len(all)
			all = append(all, c)
		}
	}
	return all, nil
}

// sharing is what hosts have in common that share a connection.
type sharing struct {
	purpose       wasmcloud.Purpose
	settings      lattice.Connection
	target        wasmcloud.Target
	server        string
	topic, domain string
}

func sharingOf(m lattice.Manifest, h lattice.Host, p wasmcloud.Purpose) sharing {
	nats := m.NATSOf(h)
	return sharing{p, nats.For(p), m.TargetOf(h), m.ServerOf(h, p), h.ControlTopic(), nats.JetStreamDomain}
}

func newConnection(ctx context.Context, m lattice.Manifest, h lattice.Host, p wasmcloud.Purpose, r *credentials.Resolver) (Connection, error) {
	nats, target := m.NATSOf(h), m.TargetOf(h)
	settings := nats.For(p)
	c := Connection{
		Hosts: []string{h.Name}, Purpose: p,
		Setup: permissions.Setup{
			Target: target, Lattice: m.Lattice, TopicPrefix: h.ControlTopic(), JetStreamDomain: nats.JetStreamDomain,
		},
		Server: natsconn.Server{URLs: []string{"nats://" + m.ServerOf(h, p)}, TLS: natsconn.TLS{Required: settings.TLS == lattice.On}},
		Spare:  p == wasmcloud.ProviderRPC && target.IsOTP() && settings.IsZero(),
	}
	var err error
	if c.Login, err = r.Connect(ctx, h, p); err != nil {
		if errors.Is(err, context.Canceled) || fault.Is(err, fault.Unavailable) {
			return c, err
		}
		c.Missing = err
		return c, nil
	}
	if c.Login.JWT != "" {
		c.User, err = lattice.ParseUserJWT(c.Login.JWT)
	}
	return c, err
}

// name says whose connection it is, and for what.
func (c Connection) name() string { return c.whose() + ": " + c.Purpose.String() }

func (c Connection) whose() string {
	switch more := len(c.Hosts) - 1; more {
	case 0:
		return "host " + c.Hosts[0]
	case 1, 2:
		return "hosts " + strings.Join(c.Hosts[:more], ", ") + " and " + c.Hosts[more]
	default:
		return fmt.Sprintf("host %s and %d more", c.Hosts[0], more)
	}
}
