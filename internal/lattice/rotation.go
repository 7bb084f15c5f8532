package lattice

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice/schema"
	"github.com/latch-keys/latch/internal/yamledit"
)

// Phase is how far a rotation has come. A manifest without a rotation is
// steady and has none.
type Phase string

// The phases, in their order. What a phase changes is known to be on every host
// before the next one starts.
const (
	PhaseIntroduce Phase = "introduce" // every host is told to accept the new keys too
	PhaseSwitch    Phase = "switch"    // every host is told to sign with its new key
	PhaseRetire    Phase = "retire"    // every host is told to accept the old keys no longer
)

// Phases lists the phases in their order.
func Phases() []Phase { return []Phase{PhaseIntroduce, PhaseSwitch, PhaseRetire} }

// Rotation is a change of keys that is under way.
type Rotation struct {
	Phase   Phase
	Started time.Time // UTC, whole seconds, as all times here
	Entered time.Time // when the phase began
	// Generation is the manifest's when the phase began: a host that runs with an
	// older one has not restarted since.
	Generation uint64
	Switched   bool // hosts were told to sign with the new keys, at some time
	Aborted    bool // on the way back: the old keys are the ones that came last
	Emergency  bool // the old key is compromised, and was dropped at once
	Keys       []Succession
	Retired    []Issuer      // the old keys that are no issuers any more, in phase retire
	Observed   []Observation // what is known of hosts since the phase began, one of each
	Quiet      Quiet         // what was heard of calls since the phase began; zero where nothing was
}

// Quiet is a time in which all calls were heard, some of them by every host, and
// none was signed with an old key.
type Quiet struct{ Since, Until time.Time }

// Succession says which key takes the place of which.
type Succession struct {
	Old, New string // names of issuers
	Host     string // the only host it is for; empty: all that sign with Old
}

// Involves reports whether the rotation gives the issuer up or brings it in.
func (r Rotation) Involves(issuer string) bool {
	return slices.ContainsFunc(r.Keys, func(s Succession) bool { return s.Old == issuer || s.New == issuer })
}

// Moved tells, of how a host is to stand, whether it signs with a key that the rotation
// under way gave it. Phase switch changes nothing for the others.
func (m Manifest) Moved() func(Standing) bool {
	type one struct {
		host string // "" for all
		key  keys.PublicKey
	}
	given := map[one]bool{}
	if m.Rotation != nil {
		of := m.publicKeys()
		for _, s := range m.Rotation.Keys {
			given[one{s.Host, of[s.New]}] = true
		}
	}
	return func(s Standing) bool { return given[one{"", s.Signs}] || given[one{s.Host, s.Signs}] }
}

// clone shares no memory with r that anybody writes to.
func (r *Rotation) clone() *Rotation {
	if r == nil {
		return nil
	}
	c := *r
	c.Keys, c.Retired, c.Observed = slices.Clone(r.Keys), slices.Clone(r.Retired), slices.Clone(r.Observed)
	return &c
}

// rotationField describes the rotation under way, which is there or is not.
func rotationField() field[Manifest] {
	const name = "rotation"
	return field[Manifest]{
		name: name,
		read: func(f *fields, m *Manifest) {
			if n := f.get(name); n != nil {
				r, _ := rotationRecord(m.Issuers).read(f.decoder, n, name)
				m.Rotation = &r
			}
		},
		write: func(m *Manifest) yamledit.Value {
			if m.Rotation == nil {
				return nil
			}
			v := rotationRecord(nil).write(*m.Rotation)
			v.Block = true
			return v
		},
		same: func(a, b *Manifest) bool {
			if a.Rotation == nil || b.Rotation == nil {
				return a.Rotation == b.Rotation
			}
			return rotationRecord(nil).same(*a.Rotation, *b.Rotation)
		},
		schema: func() schema.Schema { return rotationRecord(nil).schema() },
	}
}

// rotationRecord describes a rotation of a lattice with these issuers.
func rotationRecord(issuers []Issuer) record[Rotation] {
	return record[Rotation]{fields: []field[Rotation]{
		required(scalar("phase", RuleRotation, func(r *Rotation) *Phase { return &r.Phase }, wordForm(Phases()))).says("how far the rotation has come"),
		always("started", RuleField, func(r *Rotation) *time.Time { return &r.Started }, timeForm()).says("when the rotation was started"),
		always("entered", RuleField, func(r *Rotation) *time.Time { return &r.Entered }, timeForm()).says("when this phase began"),
		always("generation", RuleField, func(r *Rotation) *uint64 { return &r.Generation }, generationForm()).says("the generation of the manifest when this phase began"),
		flag("switched", func(r *Rotation) *bool { return &r.Switched }).says("hosts were told to sign with the new keys at some time"),
		flag("aborted", func(r *Rotation) *bool { return &r.Aborted }).says("the rotation is on its way back"),
		flag("emergency", func(r *Rotation) *bool { return &r.Emergency }).says("the old key is compromised and was dropped at once"),
		list("keys", func(r *Rotation) *[]Succession { return &r.Keys }, func(*Rotation) items[Succession] { return successionItems() }).says("which key takes the place of which"),
		list("retired", func(r *Rotation) *[]Issuer { return &r.Retired }, func(*Rotation) items[Issuer] { return issuerItems() }).says("the old keys, which are no longer issuers"),
		observedField().says("what is known of each host since the phase began"),
		nested("quiet", func(r *Rotation) *Quiet { return &r.Quiet }, quietRecord()).says("a time in which every call was heard and none was signed with an old key"),
	}, check: func(f *fields, r Rotation) { checkSuccessions(f, issuers, r) }}
}

func quietRecord() record[Quiet] {
	return record[Quiet]{fields: []field[Quiet]{
		always("since", RuleField, func(q *Quiet) *time.Time { return &q.Since }, timeForm()).says("when the silence began"),
		always("until", RuleField, func(q *Quiet) *time.Time { return &q.Until }, timeForm()).says("when it was last heard"),
	}}
}

// checkSuccessions judges which key follows which. The new key is an issuer in
// every phase; the old one until it is retired.
func checkSuccessions(f *fields, issuers []Issuer, r Rotation) {
	if f.get("keys") != nil && !f.isList("keys") {
		return // which is told already
	}
	nodes := f.items("keys")
	if f.isMapping && len(nodes) == 0 && !r.Emergency { // an emergency may drop a key that no host signs with
		f.decoder.fail(f.node, RuleRotation, f.path, errors.New("a rotation of no key"))
	}
	isIssuer, wasIssuer := among(issuers), among(slices.Concat(issuers, r.Retired))
	type place struct{ old, host string }
	seen := map[place]bool{}
	for i, n := range nodes {
		s, path := r.Keys[i], fmt.Sprintf("%s.keys[%d]", f.path, i)
		for _, key := range []struct {
			field, name string
			check       func(string) error
		}{{"old", s.Old, wasIssuer}, {"new", s.New, isIssuer}} {
			if at := n.Get(key.field); at != nil && at.IsText() {
				if err := key.check(key.name); err != nil {
					f.decoder.fail(at, RuleRotation, path+"."+key.field, err)
				}
			}
		}
		if s.Old == s.New && s.Old != "" {
			f.decoder.fail(n, RuleRotation, path, fmt.Errorf("%s cannot take its own place", s.Old))
		}
		if at := (place{s.Old, s.Host}); seen[at] {
			f.decoder.fail(n, RuleRotation, path, fmt.Errorf("%s is given a second successor", s.Old))
		} else {
			seen[at] = true
		}
	}
}

// flag describes what goes unsaid where it is false, and is set to false where it
// stands.
func flag(name string, at func(*Rotation) *bool) field[Rotation] {
	f := scalar(name, RuleField, at, flagForm())
	f.unset = "false"
	return f
}

func successionItems() items[Succession] {
	anything := func(string) error { return nil } // checkSuccessions knows more
	return items[Succession]{record: record[Succession]{fields: []field[Succession]{
		required(scalar("old", RuleRotation, func(s *Succession) *string { return &s.Old }, textForm(anything, schema.Text("")))).says("the issuer that is replaced"),
		required(scalar("new", RuleRotation, func(s *Succession) *string { return &s.New }, textForm(anything, schema.Text("")))).says("the issuer that takes its place"),
		scalar("host", RuleName, func(s *Succession) *string { return &s.Host }, nameForm()).says("the only host that this is for; without it, all that sign with the old key"),
	}}, id: func(s Succession) string { return s.Host }, anew: true}
}
