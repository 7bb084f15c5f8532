package permissions

import (
	"slices"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Switches are options that are on or off. It is a comparable value; the zero
// Switches are all off.
type Switches uint16

// On turns options on. Those that name a subject are no switches and change
// nothing.
func On(options ...wasmcloud.Option) Switches { return Switches(0).with(options...) }

func (s Switches) with(options ...wasmcloud.Option) Switches {
	for _, o := range options {
		if i := slices.Index(wasmcloud.Switches(), o); i >= 0 {
			s |= 1 << i
		}
	}
	return s
}

func (s Switches) has(o wasmcloud.Option) bool {
	i := slices.Index(wasmcloud.Switches(), o)
	return i >= 0 && s&(1<<i) != 0
}
