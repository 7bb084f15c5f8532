package permissions

import (
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Rights are what a server lets a user do, as its JWT or the server's
// configuration says it.
type Rights struct {
	Publish, Subscribe Rule
	Responses          int // how many answers it may give to each question; 0 for none beyond Publish, less for any number
}

// Rule says to which subjects: all but the denied ones where nothing is allowed by
// name, else those allowed less those denied.
type Rule struct{ Allow, Deny []string }

// publishes are the patterns that may be published to. Where answers are allowed
// and nothing else is, servers deny the rest.
func (r Rights) publishes() []string {
	switch {
	case len(r.Publish.Allow) > 0:
		return r.Publish.Allow
	case r.Responses != 0:
		return nil
	}
	return []string{anyRest}
}

// subscribes are the patterns that may be subscribed to, without those that only
// the members of a certain queue may.
func (r Rights) subscribes() []string {
	if len(r.Subscribe.Allow) == 0 {
		return []string{anyRest}
	}
	return slices.DeleteFunc(slices.Clone(r.Subscribe.Allow), func(entry string) bool { return strings.Contains(entry, " ") })
}

// mayPublish reports whether everything of the pattern may be published to.
func (r Rights) mayPublish(pattern string) bool {
	return coveredBy(pattern, r.publishes()) && !overlapAny(pattern, r.Publish.Deny)
}

// maySubscribe reports whether the pattern may be subscribed to and nothing of it
// is kept back.
func (r Rights) maySubscribe(pattern string) bool {
	allowed := slices.ContainsFunc(r.subscribes(), func(entry string) bool { return mayListen(entry, pattern) })
	return allowed && !overlapAny(pattern, r.Subscribe.Deny)
}

// Hears reports whether a subscription to the pattern hears all of it: servers keep
// back what is denied, and do not say so.
func (r Rights) Hears(pattern string) bool { return r.maySubscribe(pattern) }

func overlapAny(pattern string, all []string) bool {
	return slices.ContainsFunc(all, func(other string) bool { return overlap(pattern, other) })
}

// Lack is a permission that is missing, and what fails without it.
type Lack struct {
	Grant
	Fails []string
}

// Lacks are the permissions of a set that the rights do not hold.
func (r Rights) Lacks(needs Set) []Lack {
	var lacks []Lack
	for _, g := range needs {
		lack := Lack{Grant: g}
		for _, u := range g.uses {
			if !r.may(g.Action, u.subject) && !slices.Contains(lack.Fails, u.reason) {
				lack.Fails = append(lack.Fails, u.reason)
			}
		}
		if len(lack.Fails) > 0 {
			lacks = append(lacks, lack)
		}
	}
	return lacks
}

func (r Rights) may(action wasmcloud.Action, subject string) bool {
	switch action {
	case wasmcloud.Publish:
		return r.mayPublish(subject)
	case wasmcloud.Subscribe:
		return r.maySubscribe(subject)
	}
	return r.Responses != 0 || r.mayPublish("_INBOX.>")
}
