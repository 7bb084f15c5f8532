package lattice

import "github.com/latch-keys/latch/internal/fault"

// CheckCurrent refuses where a host was told by a later generation than this
// manifest: a push was lost, or the clone is stale. What it says would take hosts
// back to keys that others may not accept any more.
func (m Manifest) CheckCurrent(host string, generation uint64) error {
	if generation <= m.Generation {
		return nil
	}
	return fault.New(fault.Refused, "this manifest is generation %d, %s runs generation %d: fetch the newer one", m.Generation, host, generation).
		WithHint("git pull, or whatever brings the manifest that was deployed; if this one is right, raise its generation to %d", generation)
}
