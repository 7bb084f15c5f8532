package envfile

import (
	"fmt"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/lattice"
)

// names finds variables that the host does not read: slips of the pen, names of
// other versions, and names that only wash reads.
func (h *host) names() {
	known := h.known
	for _, e := range h.Entries {
		name := strings.TrimPrefix(e.Name, "\ufeff")
		if !hostenv.Concerns(name) || isLabel(name) {
			continue
		}
		i := slices.IndexFunc(known, func(v Known) bool { return v.Name == name })
		switch {
		case i < 0:
			h.unknown(e, known)
		case name == latticeName || name == prefixName: // judged by prefix
		case !h.Target.IsZero() && !slices.Contains(known[i].Targets, h.Target) && !h.Target.IgnoresClusterKeys():
			h.at(e, lattice.SeverityWarning, RuleUnread, fmt.Sprintf("hosts of the target %s do not read %s", h.Target, name), readers(known[i]))
		case h.Target.IsZero() && name == "WASMCLOUD_NATS_SEED":
			h.at(e, lattice.SeverityWarning, RuleUnread, "hosts that read cluster keys do not read "+name, "hosts from 0.81 to 1.1 read WASMCOULD_NATS_SEED, so misspelt")
		}
	}
}

func readers(v Known) string {
	if len(v.Targets) == 0 {
		return ""
	}
	return fmt.Sprintf("it is read by %s to %s", v.Targets[0], v.Targets[len(v.Targets)-1])
}

// isLabel: whatever follows these is a label of the host.
func isLabel(name string) bool {
	return strings.HasPrefix(name, "HOST_") || strings.HasPrefix(name, "WASMCLOUD_LABEL_")
}

// elsewhere are names that hosts do not read but other programs of wasmCloud do,
// and names that only hosts of the past read.
func elsewhere() map[string]string {
	const wash = "only wash reads it; a host is given the JWT and the seed"
	return map[string]string{
		"WASMCLOUD_RPC_CREDSFILE": wash, "WASMCLOUD_CTL_CREDSFILE": wash, "NATS_CREDSFILE": wash,
		"WASMCLOUD_CTL_TIMEOUT_MS": "only wash reads it", "NATS_REMOTE_URL": "only wash reads it", "NATS_CONNECT_ONLY": "only wash reads it",
		"NATS_JS_DOMAIN":                "only wash reads it; hosts read WASMCLOUD_JS_DOMAIN",
		"WASMCLOUD_HOST_KEY":            "only OTP 0.50 read it; hosts read WASMCLOUD_HOST_SEED",
		"WASMCLOUD_PROV_RPC_TIMEOUT_MS": "the OTP helm chart sets it, no host reads it",
	}
}

func (h *host) unknown(e Entry, known []Known) {
	if where, ok := elsewhere()[e.Name]; ok {
		h.at(e, lattice.SeverityWarning, RuleUnread, "no host reads "+e.Name, where)
		return
	}
	names := make([]string, len(known))
	for i, v := range known {
		names[i] = v.Name
	}
	if similar, ok := lattice.Similar(e.Name, names); ok {
		h.at(e, lattice.SeverityError, RuleUnknown, "no host reads "+e.Name, "perhaps "+similar+" is meant")
	}
}
