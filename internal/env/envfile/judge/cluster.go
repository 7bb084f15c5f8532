package judge

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

const makeKey = "latch keys gen cluster --name NAME makes one"

// seed judges the cluster seed.
func (h *host) seed() {
	if h.Target.IgnoresClusterKeys() {
		if e, ok := h.get(wasmcloud.ClusterSeed); ok {
			h.at(e, finding.Error, lattice.RuleIgnored, fmt.Sprintf("hosts of the target %s ignore cluster keys: this protects nothing", h.Target),
				"name the target that the hosts run, or take the cluster keys away")
		}
		return
	}
	if !h.has(wasmcloud.ClusterSeed) && h.Part {
		return
	}
	if !h.has(wasmcloud.ClusterSeed) {
		issuers, ok := h.Lookup(wasmcloud.ClusterIssuers)
		if ok {
			h.at(issuers, finding.Error, RuleUselessIssuers,
				h.Name+" has issuers without a cluster seed: an OTP host drops them, a Rust host signs with a key that nobody accepts", makeKey)
			return
		}
		h.whole(finding.Error, RuleSeedMissing, h.Name+" has no "+wasmcloud.ClusterSeed+": the host makes up a key that nobody accepts", makeKey)
		return
	}
	e, ok := h.get(wasmcloud.ClusterSeed)
	if !ok {
		return
	}
	d := keys.Diagnose(e.Value(), keys.Want{Kind: keys.Cluster, Role: keys.RoleSeed})
	switch {
	case d.Valid():
	case d.Problem.Code == keys.CodeKind && h.Target.TakesAnySeed():
		h.at(e, finding.Warning, RuleSeed, fmt.Sprintf("%s: %v; an OTP host signs with %s all the same", wasmcloud.ClusterSeed, d.Problem, d.PublicKey), d.Problem.Hint())
	default:
		h.key(e, RuleSeed, wasmcloud.ClusterSeed+": ", d.Problem)
	}
	if key := cmp.Or(h.standing.Signs, d.PublicKey); !key.IsZero() {
		h.published(e, key)
	}
}

func (h *host) published(e hostenv.Entry, key keys.PublicKey) {
	switch published, ok := wasmcloud.Published(key); {
	case ok && published.WithSeed:
		h.at(e, finding.Error, lattice.RulePublishedKey,
			fmt.Sprintf("the seed of %s is published in %s: anyone can sign with it", key, published.Repository), makeKey)
	case ok:
		h.at(e, finding.Warning, lattice.RulePublishedKey,
			fmt.Sprintf("%s is an example published in %s: whoever made it can sign with it", key, published.Repository), makeKey)
	}
}

// key adds a finding about a text that is not the key it should be.
func (h *host) key(e hostenv.Entry, rule finding.Rule, about string, err error) {
	h.at(e, finding.Error, rule, about+err.Error(), hintOf(err))
}

func hintOf(err error) string {
	var hinted interface{ Hint() string }
	if errors.As(err, &hinted) {
		return hinted.Hint()
	}
	return ""
}

// diagnosed bounds the issuers of one host that are diagnosed: what is wrong with
// one is wrong with many, and looking for a likely repair takes its time.
const diagnosed = 10

// issuers judges the list of accepted keys.
func (h *host) issuers() {
	if h.Target.IgnoresClusterKeys() || !h.has(wasmcloud.ClusterSeed) {
		return
	}
	if !h.has(wasmcloud.ClusterIssuers) {
		if h.Part {
			return
		}
		h.whole(finding.Warning, RuleIssuersMissing, h.Name+" has no "+wasmcloud.ClusterIssuers+": the host accepts only its own key",
			"list the public keys of all hosts, joined by commas")
		return
	}
	e, ok := h.get(wasmcloud.ClusterIssuers)
	if !ok || h.separated(e) {
		return
	}
	seen := map[keys.PublicKey]bool{}
	sound, bad := true, 0
	for i, entry := range bytes.Split(e.Value(), []byte(",")) {
		if bad >= diagnosed && !keys.WellSpelled(entry, keys.Cluster) {
			bad++
			continue
		}
		key, err := keys.ParsePublicKey(entry, keys.Cluster)
		sound = sound && (err == nil || len(entry) == 0)
		switch {
		case len(entry) == 0:
			h.at(e, finding.Warning, RuleIssuer, fmt.Sprintf("issuer %d is empty: it matches nothing", i+1), "take the comma away")
		case err != nil:
			bad++
			h.badIssuer(e, i+1, err)
		case seen[key]:
			h.at(e, finding.Warning, RuleIssuerTwice, fmt.Sprintf("issuer %d, %s, is listed before", i+1, key), "take one of the two away")
		default:
			seen[key] = true
			h.published(e, key)
		}
	}
	if bad > diagnosed {
		h.at(e, finding.Error, RuleIssuer, fmt.Sprintf("%d more issuers are none", bad-diagnosed), "mend the first ones: the rest may have the same cause")
	}
	if own := h.standing.Signs; sound && !own.IsZero() && !seen[own] {
		h.at(e, finding.Warning, RuleOwnKey, fmt.Sprintf("%s signs with %s, which is not among its issuers: the host adds it itself, but whoever is given this list refuses the host", h.Name, own),
			"add it, so that all hosts are given one list")
	}
}

func (h *host) badIssuer(e hostenv.Entry, number int, err error) {
	var p *keys.Problem
	if errors.As(err, &p) && p.Code == keys.CodeNotPublic {
		h.key(e, RuleExposed, fmt.Sprintf("issuer %d: ", number), err)
		return
	}
	h.key(e, RuleIssuer, fmt.Sprintf("issuer %d: ", number), err)
}

// separated finds a list whose keys are sound, but not joined by commas.
func (h *host) separated(e hostenv.Entry) bool {
	if bytes.IndexByte(e.Value(), ',') >= 0 {
		return false
	}
	parts := strings.FieldsFunc(string(e.Value()), func(r rune) bool { return strings.ContainsRune("; |:\t\n", r) })
	if len(parts) < 2 {
		return false
	}
	for _, part := range parts {
		if !keys.WellSpelled(part, keys.Cluster) {
			return false
		}
	}
	h.at(e, finding.Error, RuleSeparator, "the issuers are not joined by commas: the host takes them for one that matches nothing", "join them with commas, without blanks")
	return true
}

// hostSeed judges the host's own key.
func (h *host) hostSeed() {
	e, ok := h.get(wasmcloud.HostSeed)
	if !ok {
		return
	}
	seed, err := keys.ParseSeed(e.Value(), keys.Server)
	seed.Wipe()
	if err != nil {
		h.key(e, RuleHostSeed, wasmcloud.HostSeed+": ", err)
	}
	if h.Target.PublishesHostSeed() {
		h.at(e, finding.Warning, RuleLabelLeak, "wasmCloud 0.79.0 tells the host seed to everyone as the label SEED", "run 0.79.1 or later, or let the host make up its key")
	}
}
