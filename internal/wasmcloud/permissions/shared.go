package permissions

import (
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// HearsToo finds subjects that users of both lattices' hosts are allowed to hear, as
// each of them names them: what is sent to one lattice is heard in the other.
func (s Setup) HearsToo(o Setup) (mine, theirs string, both bool) {
	heard := o.hears()
	for _, mine := range s.hears() {
		for _, theirs := range heard {
			if overlap(mine, theirs) {
				return mine, theirs, true
			}
		}
	}
	return "", "", false
}

// hears are the lattice's own subjects that its hosts' users may hear.
func (s Setup) hears() []string {
	var all []string
	for _, role := range []wasmcloud.Role{wasmcloud.ControlUser, wasmcloud.RPCUser} {
		set, err := s.Needs(role)
		if err != nil {
			continue
		}
		for _, subject := range set.Subjects(wasmcloud.Subscribe) {
			subject, _, _ = strings.Cut(subject, " ") // the queue
			if !strings.HasPrefix(subject, "_INBOX.") {
				all = append(all, subject)
			}
		}
	}
	return all
}

// IsWord reports whether a prefix is a word of the subjects themselves: a lattice that
// is called so may have subjects of another.
func IsWord(prefix string) bool {
	for _, target := range wasmcloud.AllTargets() {
		for _, subject := range (Setup{Target: target, Lattice: "\x00"}).hears() {
			if slices.Contains(tokens(subject), prefix) {
				return true
			}
		}
	}
	return false
}
