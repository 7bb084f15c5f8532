package env

import (
	"fmt"
	"strings"
)

// ownPrefix opens the names of latch's own variables, the seeds of the
// keystore env: among them.
const ownPrefix = "LATCH_"

// Child is the environment of a process that is to run as the host: base, a
// list of NAME=VALUE, less all that is latch's own, with the host's variables
// in place of any of the same name. It holds the seed in full. Names are
// compared as Windows does, in any case.
func Child(base []string, e Environment) ([]string, error) {
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
