package lattice

import "github.com/latch-keys/latch/internal/wasmcloud"

// Target is the generation of hosts that the manifest is for.
type Target = wasmcloud.Target

// AllTargets lists every target, oldest first.
func AllTargets() []Target { return wasmcloud.AllTargets() }

// Targets lists those whose hosts read cluster keys, oldest first.
func Targets() []Target { return wasmcloud.Targets() }

// ParseTarget reads a target by its exact name.
func ParseTarget(name string) (Target, error) { return wasmcloud.ParseTarget(name) }
