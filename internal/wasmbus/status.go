package wasmbus

import (
	"slices"

	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Status is how the hosts that run stand to a manifest.
type Status struct {
	Answers Answers
	Rows    []Row // the manifest's hosts in its order, then strangers
	Members int   // hosts of the manifest
	Heard   int   // of them, those that answered
}

// Row is one host that runs or should run. Several hosts may run as one of the
// manifest, such as the replicas of a deployment: each has a row.
type Row struct {
	Host    string // its name in the manifest, or what a stranger is called
	Member  bool
	Want    lattice.Standing // of a member
	Reply   *Reply           // nil where none came, or more than one differing
	Verdict Verdict
	Why     string // empty where all is as it should be

	Expected *Expectation // that it is not as written, nil for none
}

// Settled reports whether the host is as it should be, or is known not to be.
func (r Row) Settled() bool { return r.Verdict == AsWritten || r.Expected != nil }

// StatusOf holds answers against the manifest.
func StatusOf(r Roster, a Answers) Status {
	s := Status{Answers: a, Members: len(r.manifest.Hosts)}
	byHost := map[string][]Row{}
	j := newJudge(r.manifest, a.Replies)
	standings := r.manifest.Standings()
	wanted := make(map[string]lattice.Standing, len(standings))
	for _, want := range standings {
		wanted[want.Host] = want
	}
	var strangers []Row
	take := func(reply Reply, judged func(want lattice.Standing) (Verdict, string, *Reply)) {
		name := r.nameOf(reply)
		if name == "" {
			strangers = append(strangers, j.stranger(reply))
			return
		}
		row := Row{Host: name, Member: true, Want: wanted[name]}
		row.Verdict, row.Why, row.Reply = judged(row.Want)
		byHost[name] = append(byHost[name], row)
	}
	for _, reply := range a.Replies {
		take(reply, func(want lattice.Standing) (Verdict, string, *Reply) {
			verdict, why := j.member(want, reply)
			return verdict, why, &reply
		})
	}
	for _, c := range a.Conflicts {
		take(c.Replies[0], func(lattice.Standing) (Verdict, string, *Reply) {
			return Conflicts, "the host key " + c.Key.String() + " gives answers that differ: somebody answers in its place", nil
		})
	}
	for _, want := range standings {
		rows := byHost[want.Host]
		if len(rows) > 0 {
			s.Heard++
		} else {
			rows = []Row{{Host: want.Host, Member: true, Want: want, Verdict: Missing, Why: "it did not answer"}}
		}
		s.Rows = append(s.Rows, rows...)
	}
	s.Rows = append(s.Rows, strangers...)
	return s
}

// stranger is the row of an answer from no host of the manifest.
func (j judge) stranger(r Reply) Row {
	row := Row{Host: r.Called(), Reply: &r, Verdict: NotListed, Why: "no host of the manifest has its labels or its key"}
	switch {
	case r.Lattice != "" && r.Lattice != j.m.Lattice:
		row.Why = "it answers here, and says that it is in another lattice"
	case j.foreign(r) != "":
		row.Why = j.foreign(r)
	case !r.Signs.IsZero():
		row.Why = "it signs with " + j.name(r.Signs)
	}
	return row
}

// Called is what a stranger is called: as latch named it elsewhere, as it calls
// itself, or by its key.
func (r Reply) Called() string {
	for _, name := range []string{r.Labels[wasmcloud.HostLabel], r.Name} {
		if name != "" && lattice.CheckName(name) == nil {
			return name
		}
	}
	return r.Key.String()
}

// Standings are what the hosts that answered sign with and accept. Those that do not
// say, or say two things, are left out.
func (s Status) Standings() []lattice.Standing {
	var all []lattice.Standing
	for _, row := range s.Rows {
		if row.Reply != nil && row.Reply.Tells {
			all = append(all, lattice.Standing{Host: row.Host, Signs: row.Reply.Signs, Accepts: row.Reply.Accepts})
		}
	}
	return all
}

// Drift are the rows that are not as the manifest says, less those that are known.
func (s Status) Drift() []Row { return slices.DeleteFunc(slices.Clone(s.Rows), Row.Settled) }
