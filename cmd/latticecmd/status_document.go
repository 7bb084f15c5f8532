package latticecmd

import (
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmbus"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// statusDocument is how the running hosts stand, as JSON output gives it.
type statusDocument struct {
	OK         bool                `json:"ok"`
	Manifest   string              `json:"manifest"`
	Lattice    string              `json:"lattice"`
	Generation uint64              `json:"generation"`
	Server     string              `json:"server"`
	Account    string              `json:"account,omitempty"`
	User       string              `json:"user,omitempty"`
	Outcome    wasmbus.Outcome     `json:"outcome"`
	Subjects   []string            `json:"subjects"`
	Answered   int                 `json:"answered"`
	Of         int                 `json:"of"`
	Hosts      []runningHost       `json:"hosts"`
	Refused    []refusalDocument   `json:"refused"`
	Forbidden  []string            `json:"forbidden"`
	Duplicates int                 `json:"duplicates"`
	Rejected   []wasmbus.Rejection `json:"rejected"`
	Dropped    int                 `json:"dropped"`
	Conflicts  []conflictDocument  `json:"conflicts"`
}

// runningHost is one host that runs, or should.
type runningHost struct {
	Host       string            `json:"host"`
	Member     bool              `json:"in_manifest"`
	Verdict    wasmbus.Verdict   `json:"verdict"`
	Why        string            `json:"reason,omitempty"`
	Key        keys.PublicKey    `json:"host_key"` // empty where none answered
	Version    string            `json:"version,omitempty"`
	Generation uint64            `json:"generation,omitempty"`
	Uptime     int64             `json:"uptime_seconds,omitempty"`
	SignsWith  string            `json:"signs_with,omitempty"`
	PublicKey  keys.PublicKey    `json:"public_key"`
	Accepts    []string          `json:"accepts"`
	Odd        []string          `json:"no_keys,omitempty"`
	Labels     map[string]string `json:"labels,omitempty"`
	Expected   *expectedDocument `json:"expected,omitempty"`
}

type expectedDocument struct {
	Reason string `json:"reason"`
	Until  string `json:"until"`
}

// conflictDocument is a host key for which different answers came.
type conflictDocument struct {
	Key     keys.PublicKey   `json:"host_key"`
	Answers []conflictAnswer `json:"answers"`
}

type conflictAnswer struct {
	Host      string         `json:"host"`
	Version   string         `json:"version"`
	PublicKey keys.PublicKey `json:"public_key"`
	Accepts   keys.Issuers   `json:"accepts"`
}

func (l look) describe(s wasmbus.Status) statusDocument {
	who, a := l.asker.Who, s.Answers
	doc := statusDocument{
		OK: len(s.Drift()) == 0, Manifest: l.file.Path(), Lattice: l.m.Lattice, Generation: l.m.Generation,
		Server: who.Server, Account: who.Account, User: who.User, Outcome: a.Outcome, Subjects: a.Subjects,
		Answered: s.Heard, Of: s.Members, Hosts: []runningHost{}, Refused: []refusalDocument{}, Forbidden: []string{},
		Duplicates: a.Duplicates, Rejected: a.Rejected(), Dropped: a.Dropped, Conflicts: []conflictDocument{},
	}
	name := l.m.KeyNames()
	for _, row := range s.Rows {
		doc.Hosts = append(doc.Hosts, describeRow(row, name))
	}
	for _, r := range lattice.NewMatrix(s.Standings()).Refusals() {
		doc.Refused = append(doc.Refused, refusalDocument{r.Signer, r.Acceptor, r.Key})
	}
	doc.Forbidden = append(doc.Forbidden, deniedTexts(a.Forbidden)...)
	for _, c := range a.Conflicts {
		row := conflictDocument{Key: c.Key}
		for _, r := range c.Replies {
			row.Answers = append(row.Answers, conflictAnswer{r.Labels[wasmcloud.HostLabel], r.Version, r.Signs, r.Accepts})
		}
		doc.Conflicts = append(doc.Conflicts, row)
	}
	return doc
}

func deniedTexts(denied []natsconn.Denial) []string {
	var texts []string
	for _, d := range denied {
		texts = append(texts, d.String())
	}
	return texts
}

func describeRow(row wasmbus.Row, name func(keys.PublicKey) string) runningHost {
	h := runningHost{Host: row.Host, Member: row.Member, Verdict: row.Verdict, Why: row.Why, Accepts: []string{}}
	if row.Expected != nil {
		h.Expected = &expectedDocument{row.Expected.Reason, row.Expected.LastDay()}
	}
	r := row.Reply
	if r == nil {
		return h
	}
	h.Key, h.Version, h.Generation, h.Uptime = r.Key, r.Version, r.Generation(), int64(r.Uptime.Seconds())
	h.PublicKey, h.Odd, h.Labels = r.Signs, r.Odd, r.Labels
	if !r.Signs.IsZero() {
		h.SignsWith = name(r.Signs)
	}
	for _, key := range r.Accepts {
		h.Accepts = append(h.Accepts, name(key))
	}
	return h
}
