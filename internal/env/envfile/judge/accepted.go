package judge

import (
	"slices"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Accepted are the texts that a host compares a caller's key with, by its file. The
// error says why that is not known, or that the host does not run.
func Accepted(h hostenv.Host) ([]string, error) {
	if doubts := unknown(h); len(doubts) > 0 {
		return nil, fault.New(fault.Failed, "whom the host with %s accepts is not known: %s", h.Path, doubts[0].Message).WithHint("%s", doubts[0].Hint)
	}
	if h.Target.IgnoresClusterKeys() {
		return nil, fault.New(fault.Failed, "the host with %s looks at no key: hosts of the target %s ignore cluster keys", h.Path, h.Target).WithHint("latch env check %s", h.Path)
	}
	seed, seeded := h.Lookup(wasmcloud.ClusterSeed)
	if _, set := h.Lookup(wasmcloud.ClusterIssuers); !seeded && !set {
		return nil, fault.New(fault.Failed, "%s sets neither %s nor %s", h.Path, wasmcloud.ClusterSeed, wasmcloud.ClusterIssuers).WithHint("latch env check %s", h.Path)
	}
	signs, _ := h.Keys()
	if signs.IsZero() && len(seed.Value()) > 0 && !h.Target.IsOTP() {
		return nil, fault.New(fault.Failed, "the host with %s does not start: its cluster seed is none", h.Path).WithHint("latch env check %s", h.Path)
	}
	return h.Compared(), nil
}

// Telling leaves out those that are told nothing, such as other services of a
// compose file.
func Telling(hosts []hostenv.Host) []hostenv.Host {
	return slices.DeleteFunc(slices.Clone(hosts), func(h hostenv.Host) bool { return !h.TellsHost() })
}
