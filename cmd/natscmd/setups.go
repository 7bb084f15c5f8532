package natscmd

import (
	"errors"
	"io/fs"
	"slices"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// hostsAlike are hosts whose users need the same. Without a manifest none is
// named.
type hostsAlike struct {
	setup permissions.Setup
	hosts []string
}

// setups are what is known of the lattice: one for all hosts that are alike.
func (a verbs) setups(r request) ([]hostsAlike, error) {
	if r.setup.Lattice != "" {
		s := r.setup
		if s.Target = r.target; s.Target.IsZero() {
			s.Target, _ = wasmcloud.ParseTarget(app.NewestTarget())
		}
		return []hostsAlike{{setup: s}}, nil
	}
	file, err := a.Manifest()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.Hint(err, "name a manifest with -m, or the lattice with --lattice")
	}
	if err != nil {
		return nil, err
	}
	var alike []hostsAlike
	for _, one := range setupsIn(file.Manifest(), r.target) {
		one.setup = one.setup.Over(r.setup)
		i := slices.IndexFunc(alike, func(other hostsAlike) bool { return other.setup == one.setup })
		if i < 0 {
			alike = append(alike, one)
		} else {
			alike[i].hosts = append(alike[i].hosts, one.hosts...)
		}
	}
	return alike, nil
}

// setupsIn are those of the manifest's hosts that run the target, if one was
// named; where no host does, what the manifest says of any.
func setupsIn(m lattice.Manifest, target wasmcloud.Target) []hostsAlike {
	var all []hostsAlike
	for _, h := range m.Hosts {
		if target.IsZero() || m.TargetOf(h) == target {
			all = append(all, hostsAlike{credentials.SetupOf(m, h), []string{h.Name}})
		}
	}
	if len(all) == 0 {
		all = []hostsAlike{{setup: credentials.SetupOf(m, lattice.Host{Target: target})}}
	}
	return all
}
