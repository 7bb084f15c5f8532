package access

import (
	"context"
	"errors"
	"slices"

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
	Users   lattice.NATSUsers
	Missing error // why the login is not at hand

	// Spare says that hosts run without it: OTP hosts that are told nothing of
	// providers, and may have none.
	Spare bool
}

// Place is where connections are tried.
type Place struct {
	URLs []string // in the place of the manifest's servers, nil for those
	CA   string   // the path of the authorities to trust, "" for the system's
}

// Source gives what hosts are told of NATS.
type Source struct {
	Setup func(lattice.Host) permissions.Setup
	// Login is as whom a host connects for a purpose. Its seed stays the source's to
	// wipe.
	Login func(context.Context, lattice.Host, wasmcloud.Purpose) (natsconn.Login, error)
}

// Connections are those of the hosts. It fails where no credentials can be had at
// all, as with a keystore that is locked; one that cannot be had is noted where it
// is missing.
func Connections(ctx context.Context, m lattice.Manifest, hosts []lattice.Host, from Source, at Place) ([]Connection, error) {
	var all []Connection
	known := map[sharing][]int{}
	for _, h := range hosts {
		for _, p := range wasmcloud.Purposes() {
			if p == wasmcloud.ProviderRPC && !m.TargetOf(h).ReadsProviderRPC() {
				continue
			}
			same, setup := sharing{p, m.NATSOf(h).For(p), m.ServerOf(h, p)}, from.Setup(h)
			if i := slices.IndexFunc(known[same], func(i int) bool { return all[i].Setup == setup }); i >= 0 {
				shared := &all[known[same][i]]
				shared.Hosts = append(shared.Hosts, h.Name)
				continue
			}
			c := Connection{
				Hosts: []string{h.Name}, Purpose: p, Setup: setup, Users: m.NATSUsers,
				Server: natsconn.Server{URLs: at.URLs, TLS: natsconn.TLS{Required: same.settings.TLS == lattice.On, CA: at.CA}},
				Spare:  p == wasmcloud.ProviderRPC && setup.Target.IsOTP() && same.settings.IsZero(),
			}
			if at.URLs == nil {
				c.Server.URLs = []string{"nats://" + same.server}
			}
			if err := c.login(ctx, h, from); err != nil {
				return nil, err
			}
			known[same] = append(known[same], len(all))
			all = append(all, c)
		}
	}
	return all, nil
}

// sharing is what hosts have in common that share a connection.
type sharing struct {
	purpose  wasmcloud.Purpose
	settings lattice.Connection
	server   string
}

// login finds as whom the host connects. An error is one that leaves no login to be
// found for any other.
func (c *Connection) login(ctx context.Context, h lattice.Host, from Source) error {
	c.Login, c.Missing = from.Login(ctx, h, c.Purpose)
	if errors.Is(c.Missing, context.Canceled) || fault.Is(c.Missing, fault.Unavailable) || fault.Is(c.Missing, fault.Locked) {
		return c.Missing
	}
	if c.Missing == nil && c.Login.JWT != "" {
		c.User, c.Missing = lattice.ParseUserJWT(c.Login.JWT)
	}
	return nil
}

// name says whose connection it is, and for what.
func (c Connection) name() string { return whose(c.Hosts) + ": " + c.Purpose.String() }
