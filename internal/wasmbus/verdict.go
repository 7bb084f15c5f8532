package wasmbus

import (
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Verdict says how a host stands to the manifest.
type Verdict string

// The verdicts. The values are stable: scripts match them in JSON output.
const (
	AsWritten  Verdict = "as-written"       // it signs and accepts as the manifest says
	Older      Verdict = "older-generation" // it runs with an env file from before
	Newer      Verdict = "newer-generation" // the manifest is older than its env file
	Differs    Verdict = "differs"          // by keys of the manifest, and not by its generation
	ForeignKey Verdict = "foreign-key"      // it signs with, or accepts, what is no issuer
	AdHocKey   Verdict = "ad-hoc-key"       // it signs with a key that nothing else knows
	NotListed  Verdict = "not-in-manifest"
	Missing    Verdict = "missing"  // it did not answer
	Conflicts  Verdict = "conflict" // two answers for one host key
	NotTold    Verdict = "not-told" // its version does not say what it signs with and accepts
	KeyBlind   Verdict = "ignores-cluster-keys"
)

// judge holds replies against the manifest.
type judge struct {
	m       lattice.Manifest
	signing map[keys.PublicKey]int // hosts that answered, by what they sign with
	name    func(keys.PublicKey) string
	moved   func(lattice.Standing) bool
	told    func(host string) string
}

func newJudge(m lattice.Manifest, all []Reply) judge {
	j := judge{m: m, signing: map[keys.PublicKey]int{}, name: m.KeyNames(), moved: m.Moved(), told: m.Told()}
	for _, r := range all {
		j.signing[r.Signs]++
	}
	return j
}

// member judges one answer of a host of the manifest.
func (j judge) member(want lattice.Standing, r Reply) (Verdict, string) {
	switch generation := r.Generation(); {
	case r.Ignores:
		return KeyBlind, "it runs " + r.Version + ", which has no cluster keys: nothing keeps its calls from being forged"
	case !r.Tells:
		return NotTold, "its version does not say what it signs with and accepts"
	case generation > j.m.Generation:
		return Newer, fmt.Sprintf("it runs with generation %d, and the manifest is at %d: the manifest is older", generation, j.m.Generation)
	case generation != 0 && generation < j.m.Generation:
		return j.older(want, r)
	case j.adHoc(r):
		return AdHocKey, fmt.Sprintf("it signs with %s, a key that nothing knows: its seed is missing or mistyped", j.signed(r))
	case j.foreign(r) != "":
		return ForeignKey, j.foreign(r)
	}
	if why := j.difference(want, r); why != "" {
		return Differs, why
	}
	return AsWritten, ""
}

// older judges a host that runs with an env file from before. It need not have restarted
// where it was told the same, nor in phase switch where it keeps its key.
func (j judge) older(want lattice.Standing, r Reply) (Verdict, string) {
	text, difference := fmt.Sprintf("it runs with generation %d", r.Generation()), j.difference(want, r)
	switch {
	case difference != "":
		return Older, text + ": " + difference
	case r.Labels[wasmcloud.ToldLabel] == j.told(want.Host),
		j.m.Rotation != nil && j.m.Rotation.Phase == lattice.PhaseSwitch && !j.moved(want):
		return AsWritten, ""
	}
	return Older, text + ", and stands as in this one"
}

// adHoc reports whether the host, which started from a file of latch's, signs with a
// key of its own: neither the manifest nor another host knows it.
func (j judge) adHoc(r Reply) bool {
	if r.Signs.IsZero() || r.Labels[wasmcloud.HostLabel] == "" || j.signing[r.Signs] > 1 {
		return false
	}
	_, issuer := j.m.IssuerOf(r.Signs)
	_, retired := j.m.RetiredOf(r.Signs)
	_, denied := j.m.DenialOf(r.Signs)
	return !issuer && !retired && !denied
}

// foreign says which key of the reply is none of the manifest's, "" for none.
// Those that a rotation has retired are from before, and not foreign.
func (j judge) foreign(r Reply) string {
	if len(r.Odd) > 0 {
		return "it has what is no cluster key in the place of one: " + strings.Join(r.Odd, ", ")
	}
	if why := j.alien(r.Signs); why != "" {
		return "it signs with " + why
	}
	for _, key := range r.Accepts {
		if why := j.alien(key); why != "" {
			return "it accepts " + why
		}
	}
	return ""
}

// alien describes a key that is none of the manifest's, "" for one that is.
func (j judge) alien(key keys.PublicKey) string {
	if key.IsZero() {
		return ""
	}
	if _, denied := j.m.DenialOf(key); denied {
		return j.name(key) + ", which is on the deny list"
	}
	_, issuer := j.m.IssuerOf(key)
	_, retired := j.m.RetiredOf(key)
	if issuer || retired {
		return ""
	}
	return key.String() + ", which is no issuer of the manifest"
}

// difference says in what the host does not stand as the manifest has it. Lists are
// compared as sets, as hosts use them.
func (j judge) difference(want lattice.Standing, r Reply) string {
	var parts []string
	if r.Signs != want.Signs {
		parts = append(parts, fmt.Sprintf("it signs with %s, not with %s", j.signed(r), j.name(want.Signs)))
	}
	if lacking := j.without(want.Accepts, r.Accepts); lacking != "" {
		parts = append(parts, "it does not accept "+lacking)
	}
	if more := j.without(r.Accepts, want.Accepts); more != "" {
		parts = append(parts, "it still accepts "+more)
	}
	return strings.Join(parts, "; ")
}

// mostNamed is how many keys a sentence names.
const mostNamed = 3

// without names the keys of one list that are not in the other.
func (j judge) without(all, but keys.Issuers) string {
	set := make(map[keys.PublicKey]bool, len(but))
	for _, key := range but {
		set[key] = true
	}
	var names []string
	for _, key := range all {
		if !set[key] {
			names = append(names, j.name(key))
		}
	}
	if more := len(names) - mostNamed; more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:mostNamed], ", "), more)
	}
	return strings.Join(names, ", ")
}

func (j judge) signed(r Reply) string {
	if r.Signs.IsZero() {
		return "no cluster key"
	}
	return j.name(r.Signs)
}
