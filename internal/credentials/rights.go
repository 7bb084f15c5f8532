package credentials

import (
	"strings"

	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// SetupOf is what the manifest says of a host that decides what its users on NATS
// must be allowed: its target, its domain, and the variables that turn services
// on.
func SetupOf(m lattice.Manifest, h lattice.Host) permissions.Setup {
	nats := m.NATSOf(h)
	s := permissions.Setup{Target: m.TargetOf(h), Lattice: m.Lattice, JetStreamDomain: nats.JetStreamDomain}
	if nats.Chunks == lattice.On {
		s.Switches |= permissions.On(wasmcloud.Chunks)
	}
	if nats.OldCache == lattice.On {
		s.Switches |= permissions.On(wasmcloud.OldCache)
	}
	places := map[string]*string{
		wasmcloud.CtlTopicPrefix:     &s.TopicPrefix,
		wasmcloud.PolicyTopic:        &s.PolicyTopic,
		wasmcloud.PolicyChangesTopic: &s.PolicyChangesTopic,
		wasmcloud.SecretsTopic:       &s.SecretsTopic,
	}
	for _, v := range h.Env {
		if place, known := places[v.Name]; known {
			*place = v.Value
		}
		if v.Name == wasmcloud.ConfigServiceSwitch && isOn(v.Value) {
			s.Switches |= permissions.On(wasmcloud.ConfigService)
		}
	}
	return s
}

// isOn reads a switch as the most generous of hosts does: what one of them takes
// for on must be allowed.
func isOn(value string) bool {
	switch strings.ToLower(value) {
	case "1", "true", "yes", "y", "enabled", "enable", "on":
		return true
	}
	return false
}
