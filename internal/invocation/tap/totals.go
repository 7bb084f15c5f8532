package tap

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/invocation"
)

// Totals are what was heard so far: received is judged and dropped, and what
// waits.
type Totals struct {
	Received      uint64                        `json:"received"`
	Judged        uint64                        `json:"judged"`
	Dropped       uint64                        `json:"dropped"`
	Others        uint64                        `json:"others"`        // messages that are no calls: links, health, shutdown
	Interruptions uint64                        `json:"interruptions"` // of the connection: nothing was heard meanwhile
	Verdicts      map[invocation.Verdict]uint64 `json:"verdicts"`
	Issuers       []IssuerTotals                `json:"issuers"`

	issuers    map[string]*IssuerTotals
	lostBefore uint64
}

// IssuerTotals are the calls signed with one key, the signature verified.
type IssuerTotals struct {
	Issuer   string                        `json:"signed_by"` // "" for calls that no key is known to have signed
	Name     string                        `json:"name,omitempty"`
	Calls    uint64                        `json:"calls"`
	Verdicts map[invocation.Verdict]uint64 `json:"verdicts"`
	Last     time.Time                     `json:"last"`
}

// mostIssuers bounds what is counted by issuer: whoever sends can invent keys.
// Beyond it they count as unknown.
const mostIssuers = 1000

func newTotals() Totals {
	return Totals{Verdicts: map[invocation.Verdict]uint64{}, issuers: map[string]*IssuerTotals{}}
}

func (t *Totals) count(c Call) {
	t.Judged++
	t.Verdicts[c.Verdict]++
	signer := c.Signer
	if t.issuers[signer] == nil && len(t.issuers) >= mostIssuers {
		signer = ""
	}
	row := t.issuers[signer]
	if row == nil {
		signer = strings.Clone(signer) // not with the claims that it stands in
		row = &IssuerTotals{Issuer: signer, Verdicts: map[invocation.Verdict]uint64{}}
		t.issuers[signer] = row
	}
	row.Calls++
	row.Verdicts[c.Verdict]++
	if c.At.After(row.Last) {
		row.Last = c.At
	}
}

// clone is a copy with the issuers in the order of their calls.
func (t Totals) clone() Totals {
	t.Verdicts = maps.Clone(t.Verdicts)
	t.Issuers = []IssuerTotals{}
	for _, row := range t.issuers {
		copied := *row
		copied.Verdicts = maps.Clone(row.Verdicts)
		t.Issuers = append(t.Issuers, copied)
	}
	slices.SortFunc(t.Issuers, func(a, b IssuerTotals) int {
		return cmp.Or(cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.Issuer, b.Issuer))
	})
	t.issuers = nil
	return t
}
