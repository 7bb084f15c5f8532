package permissions

import (
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Denied is what a server did not let somebody do.
type Denied struct {
	Action  wasmcloud.Action
	Subject string
}

// Needer is a user that must be allowed what was denied.
type Needer struct {
	Role    wasmcloud.Role
	Targets []wasmcloud.Target
	Grant   Grant
}

// NeededBy are the users who need it in one of the setups, whatever is turned on
// there.
func (d Denied) NeededBy(setups []Setup) []Needer {
	var found []Needer
	for _, s := range setups {
		for _, role := range wasmcloud.Roles() {
			set, err := d.everything(s).Needs(role)
			if err != nil {
				continue // its hosts make no such connection
			}
			i := slices.IndexFunc(set, d.isOf)
			if i < 0 {
				continue
			}
			same := func(n Needer) bool { return n.Role == role && n.Grant.Subject == set[i].Subject }
			if at := slices.IndexFunc(found, same); at >= 0 {
				found[at].Targets = append(found[at].Targets, s.Target)
			} else {
				found = append(found, Needer{role, []wasmcloud.Target{s.Target}, set[i]})
			}
		}
	}
	return found
}

// everything is the setup with all turned on, and with the domain that the
// subject names if none is known.
func (d Denied) everything(s Setup) Setup {
	s.Switches = On(wasmcloud.Switches()...)
	if parts := tokens(d.Subject); s.JetStreamDomain == "" && len(parts) > 2 && parts[0] == "$JS" && parts[2] == "API" {
		s.JetStreamDomain = parts[1]
	}
	return s
}

// isOf reports whether the grant allows it. Hosts in Rust print subjects in lower
// case, so that a subject of lower case alone may have been any.
func (d Denied) isOf(g Grant) bool {
	allowed, subject := g.Subject, d.Subject
	if subject == strings.ToLower(subject) {
		allowed = strings.ToLower(allowed)
	}
	switch {
	case g.Action == wasmcloud.Respond:
		return d.Action == wasmcloud.Publish && strings.HasPrefix(strings.ToUpper(subject), "_INBOX")
	case g.Action != d.Action:
		return false
	case g.Action == wasmcloud.Subscribe:
		return mayListen(allowed, subject)
	}
	return covers(allowed, subject)
}

// Lattices are the names that the subject may have been made with: each of its
// tokens, and what stands behind the name of a stream or bucket.
func (d Denied) Lattices() []string {
	var names []string
	for _, token := range tokens(d.Subject) {
		for _, begins := range append(storeNames(), "", "OBJ_") {
			if len(token) > len(begins) && strings.EqualFold(token[:len(begins)], begins) {
				names = append(names, token[len(begins):])
			}
		}
	}
	return slices.DeleteFunc(names, func(name string) bool { return strings.ContainsAny(name, "*>$@:/") })
}

// Could is what somebody could do with it who has no need of it.
func (d Denied) Could(s Setup) []string { return s.could(d.Action, d.Subject, nil, nil) }
