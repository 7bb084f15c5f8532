package doctor

import (
	"fmt"
	"slices"

	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Addresses are the NATS servers that a manifest names, each once.
func Addresses(m lattice.Manifest) []string {
	var all []string
	for _, h := range m.Hosts {
		for _, p := range wasmcloud.Purposes() {
			c := m.NATSOf(h).For(p)
			if c.Host == "" {
				continue
			}
			all = append(all, c.Address())
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// examineServers says of each server no more than a dial can tell.
func (f Facts) examineServers() []Finding {
	const check = "nats"
	switch {
	case f.Manifest.unreadable():
		return unread(check)
	case f.Manifest.Lattice == "":
		return one(check, Note, "without a manifest there is no NATS server to try", "")
	case len(f.Servers) == 0:
		return one(check, Note, "the manifest names no NATS server, so hosts use their own default", "")
	}
	var found []Finding
	for _, s := range f.Servers {
		if s.Err != nil {
			found = append(found, Finding{
				check, Warning, fmt.Sprintf("%s does not accept a TCP connection from here: %v", s.Address, s.Err),
				"check its name and port in the manifest, and whether this machine may reach it",
			})
			continue
		}
		found = append(found, Finding{check, OK, s.Address + " accepts TCP connections; this was only a dial, without a login", ""})
	}
	return found
}
