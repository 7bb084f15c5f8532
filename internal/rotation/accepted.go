package rotation

import (
	"slices"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// acceptLists are the different lists of accepted keys; there are few, however
// many hosts.
type acceptLists struct {
	all    []*acceptedKeys
	byText map[string]*acceptedKeys
	last   *acceptedKeys // as a rule all hosts share one
}

// acceptedKeys is a list of accepted keys as a set.
type acceptedKeys struct {
	place int // among the lists
	list  keys.Issuers
	set   map[keys.PublicKey]bool
	lack  *keys.PublicKey // the first needed key that is not among them, once looked for
	has   *keys.PublicKey // the first retired key that is among them, once looked for
}

func (l *acceptLists) of(list keys.Issuers) *acceptedKeys {
	if l.last != nil && slices.Equal(l.last.list, list) {
		return l.last
	}
	text := list.String()
	if l.last = l.byText[text]; l.last != nil {
		return l.last
	}
	l.last = &acceptedKeys{place: len(l.all), list: list, set: make(map[keys.PublicKey]bool, len(list))}
	for _, key := range list {
		l.last.set[key] = true
	}
	if l.byText == nil {
		l.byText = map[string]*acceptedKeys{}
	}
	l.byText[text] = l.last
	l.all = append(l.all, l.last)
	return l.last
}

// firstLacking is the first of the needed keys that is not accepted, zero if all
// are.
func (a *acceptedKeys) firstLacking(needed keys.Issuers) keys.PublicKey {
	if a.lack == nil {
		a.lack = new(keys.PublicKey)
		if i := slices.IndexFunc(needed, func(key keys.PublicKey) bool { return !a.set[key] }); i >= 0 {
			*a.lack = needed[i]
		}
	}
	return *a.lack
}

// firstRetired is the first of the retired keys that is still accepted, zero if
// none is.
func (a *acceptedKeys) firstRetired(retired []lattice.Issuer) keys.PublicKey {
	if a.has == nil {
		a.has = new(keys.PublicKey)
		if i := slices.IndexFunc(retired, func(is lattice.Issuer) bool { return a.set[is.PublicKey] }); i >= 0 {
			*a.has = retired[i].PublicKey
		}
	}
	return *a.has
}
