package permissions

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/latch-keys/latch/internal/fault"
)

// The wildcards of NATS: one token, and one or more at the end.
const (
	anyToken = "*"
	anyRest  = ">"
)

// tokens are the parts of a subject between its dots.
func tokens(subject string) []string { return strings.Split(subject, ".") }

// covers reports whether every subject that is of the narrow pattern is of the
// wide one.
func covers(wide, narrow string) bool { return within(wide, narrow, true) }

// within walks through two subjects at once: many are compared. A narrow subject
// that is no pattern has no wildcards, only tokens that look so.
func within(wide, narrow string, pattern bool) bool {
	for {
		w, restW, moreW := strings.Cut(wide, ".")
		n, restN, moreN := strings.Cut(narrow, ".")
		switch {
		case w == anyRest:
			return true
		case pattern && n == anyRest:
			return false
		case w != anyToken && w != n:
			return false
		case !moreW || !moreN:
			return moreW == moreN
		}
		wide, narrow = restW, restN
	}
}

// overlap reports whether some subject is of both patterns.
func overlap(a, b string) bool {
	x, y := tokens(a), tokens(b)
	for i := 0; i < len(x) && i < len(y); i++ {
		switch {
		case x[i] == anyRest || y[i] == anyRest:
			return true
		case x[i] != anyToken && y[i] != anyToken && x[i] != y[i]:
			return false
		}
	}
	return len(x) == len(y)
}

// coveredBy reports whether every subject of the pattern is of one of the others.
// Several may share the work: a.* and a.*.> cover a.> together.
func coveredBy(pattern string, all []string) bool {
	for _, sample := range samples(pattern, all) {
		if !slices.ContainsFunc(all, func(wide string) bool { return covers(wide, sample) }) {
			return false
		}
	}
	return true
}

// samples are subjects of the pattern that stand for all of them: where it has a
// wildcard they have a token that stands in none of the others, so that only a
// wildcard is like it, and where it ends in > they have every length that could
// tell the others apart.
func samples(pattern string, others []string) []string {
	longest := 0
	for _, other := range others {
		longest = max(longest, len(tokens(other)))
	}
	const strange = "\x00" // in no subject
	parts := tokens(pattern)
	open := parts[len(parts)-1] == anyRest
	for i, token := range parts {
		if token == anyToken || token == anyRest {
			parts[i] = strange
		}
	}
	all := []string{strings.Join(parts, ".")}
	for open && len(parts) <= longest {
		parts = append(parts, strange)
		all = append(all, strings.Join(parts, "."))
	}
	return all
}

// mayListen reports whether a server lets a client that may subscribe to the
// pattern subscribe to that subject. Servers hold the subject's own wildcards
// against the pattern's as if they were plain tokens, so that x.* lets x.> pass:
// nats-server 2.15 server/client.go, canSubscribe.
func mayListen(pattern, subject string) bool { return within(pattern, subject, false) }

// heardBy is all that can be heard with the right to subscribe to a pattern: see
// mayListen.
func heardBy(pattern string) string {
	if before, ends := strings.CutSuffix(pattern, "."+anyToken); ends {
		return before + "." + anyRest
	}
	if pattern == anyToken {
		return anyRest
	}
	return pattern
}

// longestShown bounds a text that an error repeats, in bytes.
const longestShown = 64

// CheckSubject judges a subject to send to: tokens without wildcards.
func CheckSubject(subject string) error {
	shown := "this"
	if len(subject) <= longestShown {
		shown = fmt.Sprintf("%q", subject)
	}
	for _, token := range tokens(subject) {
		switch {
		case token == "":
			return fault.New(fault.Failed, "%s is no subject: a token is empty", shown)
		case token == anyToken || token == anyRest:
			return fault.New(fault.Failed, "%s is no subject to send to: it has a wildcard", shown)
		case strings.ContainsFunc(token, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }):
			return fault.New(fault.Failed, "%s is no subject: it has white space", shown)
		}
	}
	return nil
}
