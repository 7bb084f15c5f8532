package tap

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/invocation"
)

// Quiet is what is known of the silence of old keys. Where Unknown gives a reason,
// nothing is: silence by itself proves nothing, since there may be nobody who
// speaks, or nobody who hears.
type Quiet struct {
	Since   time.Time `json:"since"` // the last old call, or whatever else ended a silence
	Until   time.Time `json:"until"`
	Why     string    `json:"reason,omitempty"` // what ended the silence before
	Calls   uint64    `json:"calls"`            // signed with other keys since
	Unknown []string  `json:"unknown"`
	// LastOld is the last call with an old key, zero for none.
	LastOld time.Time `json:"last_old,omitzero"`
}

// Known tells whether the old keys were silent from Since to Until.
func (q Quiet) Known() bool { return len(q.Unknown) == 0 }

// listening is what was heard of old keys and of those that follow them.
type listening struct {
	old     map[string]bool
	signers map[string]int // how many senders are to be heard

	since   time.Time
	why     string // what ended the last silence, "" for nothing
	calls   uint64
	senders map[string]map[string]bool // by signer, since then
	lastOld time.Time
}

// mostSenders bounds what is remembered of each signer.
const mostSenders = 100_000

func newListening(o Options) listening {
	l := listening{old: map[string]bool{}, signers: o.Signers, since: o.Now(), senders: map[string]map[string]bool{}}
	for _, key := range o.Old {
		l.old[key] = true
	}
	return l
}

// interrupt begins anew: what was silent up to now is not known any more.
func (l *listening) interrupt(at time.Time, why string) {
	if at.Before(l.since) {
		return // heard earlier, judged later
	}
	l.since, l.why, l.calls = at, why, 0
	clear(l.senders)
}

// hear takes down who signed a call.
func (l *listening) hear(c Call) {
	switch {
	case l.old[c.Signer]:
		if c.At.After(l.lastOld) {
			l.lastOld = c.At
		}
		l.interrupt(c.At, "a call was signed with an old key")
		return
	case c.Signer == "" && c.Verdict == invocation.Undecodable:
		l.interrupt(c.At, "a message could not be read: who signed it is not known")
		return
	case c.Signer == "" || c.At.Before(l.since):
		return
	}
	l.calls++
	if _, expected := l.signers[c.Signer]; !expected || c.Message == nil {
		return
	}
	if l.senders[c.Signer] == nil {
		l.senders[c.Signer] = map[string]bool{}
	}
	if known := l.senders[c.Signer]; len(known) < mostSenders && len(c.Message.HostID) <= longestHostID {
		known[c.Message.HostID] = true
	}
}

// shortest is the least silence after an interruption: what is recorded is in whole
// seconds.
const shortest = time.Second

// longestHostID is the length of a key.
const longestHostID = 56

func (l *listening) at(now time.Time) Quiet {
	q := Quiet{Since: l.since, Until: now, Why: l.why, Calls: l.calls, Unknown: []string{}, LastOld: l.lastOld}
	for _, signer := range slices.Sorted(maps.Keys(l.signers)) {
		if want, got := l.signers[signer], len(l.senders[signer]); got < want {
			q.Unknown = append(q.Unknown, fmt.Sprintf("calls signed with %s were heard from %d of %d hosts", signer, got, want))
		}
	}
	if l.why != "" && now.Sub(l.since) < shortest {
		q.Unknown = append(q.Unknown, l.why+", less than a second ago")
	}
	if len(l.signers) == 0 {
		q.Unknown = append(q.Unknown, "no host is known that should be heard")
	}
	return q
}
