package wasmbus

import (
	"cmp"
	"maps"
	"slices"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn"
)

// Outcome says what came of asking the hosts of a lattice.
type Outcome string

// The outcomes. The values are stable: scripts match them in JSON output.
const (
	Answered  Outcome = "answered"    // at least one host did
	Nobody    Outcome = "nobody"      // no client of the account listens where hosts do
	Silent    Outcome = "silent"      // somebody listens, be it a mere observer, and nobody answered
	MayNotAsk Outcome = "may-not-ask" // the server forbids the question, or hearing the answer
)

// Answers are what came of one question.
type Answers struct {
	Subjects  []string // where it was asked
	Outcome   Outcome
	Replies   []Reply    // one of each host, by its key
	Conflicts []Conflict // hosts that answered in more than one way
	Forbidden []natsconn.Denial

	Duplicates int            // answers that say again what one said before
	Malformed  map[string]int // answers that no host gives, by what is wrong with them
	Dropped    int            // answers that came faster than they could be read, or were too many to keep
}

// Conflict is answers that give the same host key and differ: one of them, at
// least, is not the host's.
type Conflict struct {
	Key     keys.PublicKey
	Replies []Reply
}

// Rejection is how many answers were rejected for one reason.
type Rejection struct {
	Reason string `json:"reason"`
	Count  int    `json:"count"`
}

// Rejected are the answers that could not be read, by the reason.
func (a Answers) Rejected() []Rejection {
	all := []Rejection{}
	for _, reason := range slices.Sorted(maps.Keys(a.Malformed)) {
		all = append(all, Rejection{reason, a.Malformed[reason]})
	}
	return all
}

// mostVersions is how many answers of one host are kept.
const mostVersions = 8

// replies gathers replies by the keys of their hosts.
type replies map[keys.PublicKey][]Reply

// add takes a reply down, and reports whether it says something new.
func (r replies) add(reply Reply) bool {
	known := r[reply.Key]
	if len(known) == mostVersions || slices.ContainsFunc(known, reply.same) {
		return false
	}
	r[reply.Key] = append(known, reply)
	return true
}

// split tells those that agree from those that do not.
func (r replies) split() (sound []Reply, conflicts []Conflict) {
	sorted := slices.SortedFunc(maps.Keys(r), func(a, b keys.PublicKey) int { return cmp.Compare(a.String(), b.String()) })
	for _, key := range sorted {
		if all := r[key]; len(all) == 1 {
			sound = append(sound, all[0])
		} else {
			conflicts = append(conflicts, Conflict{key, all})
		}
	}
	return sound, conflicts
}

// same reports whether two replies say the same, but for how long the host has run.
func (r Reply) same(o Reply) bool {
	return r.Key == o.Key && r.Lattice == o.Lattice && r.Version == o.Version && r.Name == o.Name && r.Signs == o.Signs &&
		r.Tells == o.Tells && r.Ignores == o.Ignores && maps.Equal(r.Labels, o.Labels) && r.Accepts.SameSet(o.Accepts) && slices.Equal(r.Odd, o.Odd)
}
