package judge

import (
	"errors"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// The two names of the lattice variable, and the start of control topics.
const (
	latticeName = wasmcloud.Lattice
	prefixName  = wasmcloud.LatticePrefix
	topicName   = wasmcloud.CtlTopicPrefix

	defaultLattice = wasmcloud.DefaultLattice
	defaultTopic   = wasmcloud.DefaultCtlTopicPrefix
)

// prefix judges which lattice the host joins. Source: WASMCLOUD_LATTICE is read
// from wasmCloud 0.82 on, where WASMCLOUD_LATTICE_PREFIX still overrides it; 1.0
// reads only the former.
func (h *host) prefix() {
	h.lattice = defaultLattice
	old, hasOld := h.Lookup(prefixName)
	recent, hasRecent := h.Lookup(latticeName)
	switch {
	case hasOld && hasRecent && text(old) != text(recent):
		h.conflict(recent)
	case !hasOld && !hasRecent && h.Part:
	case !hasOld && !hasRecent:
		h.whole(finding.Warning, RulePrefixMissing, h.Name+" names no lattice: the host joins the one called default", "set "+h.latticeVariable())
	case !hasOld:
		h.unreadPrefix(recent, latticeName, prefixName, !h.readsRecentPrefix())
	case !hasRecent:
		h.unreadPrefix(old, prefixName, latticeName, h.Target.IgnoresClusterKeys())
	}
	for _, e := range []hostenv.Entry{recent, old} { // the old one counts, where it is read
		if _, ok := h.get(e.Name); ok && (e.Name != prefixName || !h.Target.IgnoresClusterKeys()) {
			h.lattice = text(e)
			h.judgePrefix(e)
		}
	}
}

// latticeVariable is the name under which the host is to be told its lattice.
func (h *host) latticeVariable() string {
	if h.Target.IgnoresClusterKeys() {
		return latticeName
	}
	return prefixName
}

// conflict finds two lattices. Known hosts take one of them for certain.
func (h *host) conflict(e hostenv.Entry) {
	severity, which := finding.Warning, prefixName+" counts"
	switch {
	case h.Target.IsZero():
		severity, which = finding.Error, "which one counts depends on the host's version"
	case h.Target.IgnoresClusterKeys():
		which = latticeName + " counts"
	}
	h.at(e, severity, RulePrefixConflict, latticeName+" and "+prefixName+" name two lattices: "+which, "give both the same value")
}

func (h *host) readsRecentPrefix() bool {
	v, known := h.known.Lookup(latticeName)
	return known && v.ReadBy(h.Target)
}

// unreadPrefix finds a host that is given the lattice under a name only hosts of
// other versions read: certainly, or perhaps where the target is not known.
func (h *host) unreadPrefix(e hostenv.Entry, given, missing string, unread bool) {
	switch {
	case h.Target.IsZero() && given == latticeName:
		h.at(e, finding.Warning, RulePrefixUnread, "hosts before 0.82 do not read "+given+" and join the lattice called default", "set "+missing+" to the same value as well")
	case !h.Target.IsZero() && unread:
		h.at(e, finding.Error, RulePrefixUnread, "hosts of the target "+h.Target.String()+" do not read "+given+" and join the lattice called default", "set "+missing)
	}
}

func (h *host) judgePrefix(e hostenv.Entry) {
	err := lattice.CheckPrefix(string(e.Value()))
	if err == nil {
		return
	}
	rule := lattice.RulePrefix
	if errors.Is(err, lattice.ErrExposedSeed) {
		rule = RuleExposed
	}
	h.at(e, finding.Error, rule, e.Name+": "+err.Error(), hintOf(err))
}

// topic is where the host listens for control commands.
func (h *host) topic() string {
	if e, ok := h.Lookup(topicName); ok {
		return text(e)
	}
	return defaultTopic
}

// judgeTopic: OTP hosts find commands by the place of a token in their subject.
func (h *host) judgeTopic() {
	e, ok := h.get(topicName)
	if ok && !h.isRust() && strings.Count(text(e), ".") != 1 {
		h.at(e, finding.Error, RuleTopicPrefix, topicName+" is not of two tokens: an OTP host takes no control commands", "write it as "+defaultTopic+" is")
	}
}
