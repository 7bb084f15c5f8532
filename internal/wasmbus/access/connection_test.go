package access_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmbus/access"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// told is what hosts are told of NATS in these tests.
func told(m lattice.Manifest, login func(lattice.Host) error) access.Source {
	return access.Source{
		Setup: func(h lattice.Host) permissions.Setup {
			return permissions.Setup{Target: m.TargetOf(h), Lattice: m.Lattice}
		},
		Login: func(_ context.Context, h lattice.Host, _ wasmcloud.Purpose) (natsconn.Login, error) {
			return natsconn.Login{Name: h.Name}, login(h)
		},
	}
}

// TestConnections: hosts that are told the same share a connection, whoever differs
// has its own, and hosts without a connection for providers have none.
func TestConnections(t *testing.T) {
	t.Parallel()
	elsewhere := lattice.NATS{}.With(wasmcloud.RPC, lattice.Connection{Host: "10.0.0.2", TLS: lattice.On})
	m := lattice.Manifest{Lattice: "prod", Target: setup(t, "rust-0.82").Target, Hosts: []lattice.Host{
		{Name: "web-1"}, {Name: "web-2"}, {Name: "edge-1", NATS: elsewhere}, {Name: "old-1", Target: setup(t, "otp").Target},
	}}
	all, err := access.Connections(t.Context(), m, m.Hosts, told(m, func(lattice.Host) error { return nil }), access.Place{CA: "ca.pem"})
	if err != nil {
		t.Fatal(err)
	}
	type one struct {
		hosts   string
		purpose string
		url     string
		tls     bool
	}
	var got []one
	for _, c := range all {
		got = append(got, one{strings.Join(c.Hosts, " "), c.Purpose.String(), c.Server.URLs[0], c.Server.TLS.Required})
		if c.Server.TLS.CA != "ca.pem" || c.Spare != (c.Purpose == wasmcloud.ProviderRPC) {
			t.Errorf("%+v", c)
		}
	}
	const here = "nats://127.0.0.1:4222"
	want := []one{
		{"web-1 web-2", "rpc", here, false},
		{"web-1 web-2 edge-1", "ctl", here, false},
		{"edge-1", "rpc", "nats://10.0.0.2:4222", true},
		{"old-1", "rpc", here, false},
		{"old-1", "ctl", here, false},
		{"old-1", "prov_rpc", here, false},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v\nwant %v", got, want)
	}
	moved, err := access.Connections(t.Context(), m, m.Hosts[2:3], told(m, func(lattice.Host) error { return nil }), access.Place{URLs: []string{"nats://b:1"}})
	if err != nil || moved[0].Server.URLs[0] != "nats://b:1" || !moved[0].Server.TLS.Required {
		t.Errorf("%+v, %v", moved, err)
	}
}

// TestConnectionsWithoutSeeds: a seed that is missing is noted with its connection; a
// keystore that cannot be opened ends all.
func TestConnectionsWithoutSeeds(t *testing.T) {
	t.Parallel()
	m := lattice.Manifest{Lattice: "prod", Target: setup(t, "rust-0.82").Target, Hosts: []lattice.Host{{Name: "web-1"}}}
	missing := func(lattice.Host) error { return fault.New(fault.NotFound, "no seed") }
	all, err := access.Connections(t.Context(), m, m.Hosts, told(m, missing), access.Place{})
	if err != nil || len(all) != 2 || all[0].Missing == nil {
		t.Errorf("%+v, %v", all, err)
	}
	for _, kind := range []fault.Kind{fault.Unavailable, fault.Locked} {
		shut := func(lattice.Host) error { return fault.New(kind, "shut") }
		if _, err := access.Connections(t.Context(), m, m.Hosts, told(m, shut), access.Place{}); !fault.Is(err, kind) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}
