package judge

import (
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/similar"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// names finds variables that the host does not read: slips of the pen, names of
// other versions, and names that only wash reads.
func (h *host) names() {
	notRead := wasmcloud.NotRead()
	for _, e := range h.Entries {
		name := strings.TrimPrefix(e.Name, "\ufeff")
		if !hostenv.Concerns(name) || hostenv.IsLabel(name) {
			continue
		}
		why, unread := notRead[e.Name]
		v, known := h.known.Lookup(name)
		switch {
		case unread:
			h.at(e, finding.Warning, RuleUnread, "no host reads "+e.Name, why)
		case !known:
			h.unknown(e)
		case name == latticeName || name == prefixName: // judged by prefix
		case !h.Target.IsZero() && !v.ReadBy(h.Target) && !h.Target.IgnoresClusterKeys():
			h.at(e, finding.Warning, RuleUnread, fmt.Sprintf("hosts of the target %s do not read %s", h.Target, name), "it is read by "+v.Readers())
		case h.Target.IsZero() && name == wasmcloud.NATSSeed:
			h.at(e, finding.Warning, RuleUnread, "hosts that read cluster keys do not read "+name,
				"hosts from 0.81 to 1.1 read "+wasmcloud.MisspeltNATSSeed+", so misspelt")
		}
	}
}

// comparisons bounds how many unknown names are compared with all known ones.
const comparisons = 1000

func (h *host) unknown(e hostenv.Entry) {
	if h.compared++; h.compared > comparisons {
		return
	}
	var names []string
	for _, v := range wasmcloud.Variables() {
		names = append(names, v.Name)
	}
	if meant, ok := similar.Word(e.Name, names); ok {
		h.at(e, finding.Error, RuleUnknown, "no host reads "+e.Name, "perhaps "+meant+" is meant")
	}
}
