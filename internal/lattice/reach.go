package lattice

import (
	"net"
	"slices"
	"strconv"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// ServerOf is where a host reaches NATS for a purpose, as HOST:PORT, by what it is
// told or by its own defaults. Source: wasmcloud-otp config_plan.ex, wasmCloud
// src/main.rs.
func (m Manifest) ServerOf(h Host, p Purpose) string {
	c := m.NATSOf(h).For(p)
	isOTP := m.TargetOf(h).IsOTP()
	host, port := c.Host, strconv.Itoa(int(c.Port))
	if host == "" {
		host = h.fallback(isOTP, "NATS_HOST", "127.0.0.1")
	}
	if c.Port == 0 {
		port = h.fallback(isOTP, "NATS_PORT", strconv.Itoa(natsPort))
	}
	return net.JoinHostPort(host, port)
}

// fallback is what a Rust host takes where it is told nothing for the purpose.
func (h Host) fallback(isOTP bool, variable, otherwise string) string {
	if value, set := h.variable(variable); set && !isOTP {
		return value
	}
	return otherwise
}

// controlTopic begins the subjects on which the host hears control commands.
func (h Host) controlTopic() string {
	if value, set := h.variable(wasmcloud.CtlTopicPrefix); set {
		return value
	}
	return wasmcloud.DefaultCtlTopicPrefix
}

// variable is what the host is told by a variable of its own.
func (h Host) variable(name string) (value string, set bool) {
	i := slices.IndexFunc(h.Env, func(v Variable) bool { return v.Name == name })
	if i < 0 {
		return "", false
	}
	return h.Env[i].Value, true
}

// AtConnection gives the finding its place: where a host's connection has the first
// of the fields that is set, with the host or with the manifest, or else the host's
// name.
func (d *Document) AtConnection(f finding.Finding, host string, p Purpose, fields ...string) finding.Finding {
	f.File = d.path
	i := slices.IndexFunc(d.manifest.Hosts, func(h Host) bool { return h.Name == host })
	if i >= 0 {
		f.Line, f.Column = d.yaml.Place(d.natsPlace(i, fields, p))
	}
	return f
}
