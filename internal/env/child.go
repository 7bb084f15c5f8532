package env

import (
	"fmt"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// ownPrefix opens the names of latch's own variables, the seeds of the
// keystore env: among them.
const ownPrefix = "LATCH_"

// Child is the environment of a process that is to run as the host: base, a
// list of NAME=VALUE, less all that is latch's own, with the host's variables
// in place of any of the same name. It holds the seed in full. Names are
// compared as Windows does, in any case.
//
// A label says in short what the host was told: what latch has started it leaves alone
// where a change does not concern it, so that its generation says too little. Files have
// no such label, since each change replaces them.
func Child(base []string, e Environment) ([]string, error) {
	e.Assignments = append(slices.Clip(e.Assignments), e.toldLabels()...)
	child := make([]string, 0, len(base)+len(e.Assignments))
	for _, entry := range base {
		if name, _, _ := strings.Cut(entry, "="); !isOwn(name) && !e.assigns(name) {
			child = append(child, entry)
		}
	}
	for _, a := range e.Assignments {
		value, err := a.Value(Revealed)
		if err != nil {
			return nil, fmt.Errorf("failed to make the environment of host %q: %w", e.Host, err)
		}
		child = append(child, a.Name+"="+string(value))
		clear(value)
	}
	return child, nil
}

// toldLabels stand beside the host's name, under each prefix that its target may read.
func (e Environment) toldLabels() []Assignment {
	var labels []Assignment
	for _, a := range e.Assignments {
		if prefix, is := strings.CutSuffix(a.Name, wasmcloud.HostLabel); is && e.Told != "" {
			labels = append(labels, Assignment{Name: prefix + wasmcloud.ToldLabel, plain: e.Told})
		}
	}
	return labels
}

func isOwn(name string) bool { return isPrefixOf(ownPrefix, name) }

// isPrefixOf compares in any case.
func isPrefixOf(prefix, name string) bool {
	return len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
}

// assigns reports whether the environment sets the variable.
func (e Environment) assigns(name string) bool {
	for _, a := range e.Assignments {
		if strings.EqualFold(a.Name, name) {
			return true
		}
	}
	return false
}
