package permissions

import (
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// How a user may answer whoever asks it: the values that servers take where they
// are told no other.
const (
	AnswersPerQuestion = 1
	AnswerWithin       = 2 * time.Minute
)

// Grant is one permission, and why it is needed.
type Grant struct {
	Action  wasmcloud.Action
	Subject string // a pattern; "" for the right to respond
	Reasons []string
	Option  wasmcloud.Option // what needs it; "" where it is always needed

	uses []use // what it is for, exactly
}

// use is one thing done, with what is not known of it as wildcards.
type use struct{ subject, reason string }

// Set is what a user must be allowed.
type Set []Grant

// Subjects are those that the user must be allowed to publish or subscribe to.
func (s Set) Subjects(action wasmcloud.Action) []string {
	subjects := []string{}
	for _, g := range s {
		if g.Action == action && g.Subject != "" {
			subjects = append(subjects, g.Subject)
		}
	}
	return subjects
}

// Responds reports whether the user must be allowed to answer whoever asks.
func (s Set) Responds() bool {
	return slices.ContainsFunc(s, func(g Grant) bool { return g.Action == wasmcloud.Respond })
}

// Rights are the set as a server would enforce it.
func (s Set) Rights() Rights {
	r := Rights{Publish: s.rule(wasmcloud.Publish), Subscribe: s.rule(wasmcloud.Subscribe)}
	if s.Responds() {
		r.Responses = AnswersPerQuestion
	}
	return r
}

// rule allows the subjects of the set and nothing else. Servers take an empty list
// for everything, so that where there are none all is denied.
func (s Set) rule(action wasmcloud.Action) Rule {
	if subjects := s.Subjects(action); len(subjects) > 0 {
		return Rule{Allow: subjects}
	}
	return Rule{Deny: []string{anyRest}}
}

// Union is what a user must be allowed that does what each of the sets is for.
func Union(sets ...Set) Set {
	var all Set
	for _, set := range sets {
		for _, g := range set {
			all = all.with(g)
		}
	}
	return all.reduced()
}

// with adds a grant; one that is there already gains what it is for.
func (s Set) with(g Grant) Set {
	i := slices.IndexFunc(s, func(other Grant) bool { return other.Action == g.Action && other.Subject == g.Subject })
	if i < 0 {
		g.Reasons, g.uses = slices.Clone(g.Reasons), slices.Clone(g.uses)
		return append(s, g)
	}
	s[i].absorb(g)
	if g.Option == "" {
		s[i].Option = ""
	}
	return s
}

// absorb makes the grant one for what another was for.
func (g *Grant) absorb(other Grant) {
	for _, reason := range other.Reasons {
		if !slices.Contains(g.Reasons, reason) {
			g.Reasons = append(g.Reasons, reason)
		}
	}
	for _, u := range other.uses {
		if !slices.Contains(g.uses, u) {
			g.uses = append(g.uses, u)
		}
	}
}

// reduced leaves out the grants that another one covers, unless only an option
// makes that one necessary.
func (s Set) reduced() Set {
	isWithin := func(narrow, wide Grant) bool {
		return wide.Action == narrow.Action && wide.Subject != narrow.Subject && covers(wide.Subject, narrow.Subject) &&
			(wide.Option == "" || wide.Option == narrow.Option)
	}
	var kept Set
	for _, g := range s {
		if !slices.ContainsFunc(s, func(wide Grant) bool { return isWithin(g, wide) }) {
			kept = append(kept, g)
		}
	}
	for i := range kept {
		for _, g := range s {
			if isWithin(g, kept[i]) {
				kept[i].absorb(g)
			}
		}
	}
	return kept
}

// Allows reports whether a user with the rights of the set may do something on a
// subject.
func (s Set) Allows(action wasmcloud.Action, subject string) bool {
	return s.Rights().may(action, subject)
}
