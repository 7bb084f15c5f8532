package lattice

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/yamledit"
)

// Check judges manifests by what makes lattices work, each alone and all
// together; it needs no secret. The findings are sorted by file and place. What
// Decode enforces (prefix, names, keys, signs_with) holds already: Errors has
// the same form by its method Findings. A file given twice counts once.
func Check(docs ...*Document) []finding.Finding {
	c := &checker{}
	for _, d := range docs {
		if !c.has(d) {
			c.docs = append(c.docs, d)
			c.alone(d)
		}
	}
	c.together()
	finding.Sort(c.found)
	return c.found
}

// CheckChange refuses a change after which Check finds an error that it did not
// find before.
func CheckChange(before, after *Document) error {
	known := map[string]int{}
	for _, f := range Check(before) {
		known[string(f.Rule)+f.Message]++
	}
	for _, f := range Check(after) {
		if known[string(f.Rule)+f.Message]--; f.Severity == finding.Error && known[string(f.Rule)+f.Message] < 0 {
			return fault.New(fault.Refused, "%s [%s]", f.Message, f.Rule).WithHint("%s", f.Hint)
		}
	}
	return nil
}

type checker struct {
	docs  []*Document
	found []finding.Finding
}

func (c *checker) has(d *Document) bool {
	return slices.ContainsFunc(c.docs, func(other *Document) bool {
		return filepath.Clean(other.path) == filepath.Clean(d.path)
	})
}

// report adds a finding at the node's place.
func (c *checker) report(d *Document, n *yamledit.Node, s finding.Severity, rule finding.Rule, hint, format string, args ...any) {
	line, column := d.yaml.Place(n)
	c.found = append(c.found, finding.Finding{
		File: d.path, Line: line, Column: column,
		Severity: s, Rule: rule, Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}

func (c *checker) alone(d *Document) {
	m := d.manifest
	if len(m.Issuers) == 0 {
		c.report(d, d.place("issuers"), finding.Error, RuleNoIssuer, "make a key and list it under issuers: latch keys gen cluster --name NAME",
			"the lattice has no issuer: its hosts would accept nobody")
	}
	if len(m.Hosts) == 0 {
		c.report(d, d.place("hosts"), finding.Warning, RuleNoHost, "latch hosts add", "the lattice has no host")
	}
	c.targets(d)
	c.issuers(d)
	c.nats(d)
	c.joining(d)
	c.capacity(d)
	c.rotation(d)
}

func (c *checker) targets(d *Document) {
	const message, hint = "hosts of the target %s read no cluster keys (wasmCloud 1.0 removed them): nothing written for them would protect the lattice",
		"name a target that reads them, or leave such hosts out"
	if t := d.manifest.Target; t.IgnoresClusterKeys() {
		c.report(d, d.place("target"), finding.Error, RuleIgnored, hint, message, t)
	}
	for i, h := range d.manifest.Hosts {
		if h.Target.IgnoresClusterKeys() {
			c.report(d, d.item("hosts", i, "target"), finding.Error, RuleIgnored, hint, message, h.Target)
		}
	}
}

const makeKey = "make a key of your own: latch keys gen cluster --name NAME"

func (c *checker) issuers(d *Document) {
	owner := map[keys.PublicKey]string{}
	used := map[string]bool{}
	for _, h := range d.manifest.Hosts {
		used[h.SignsWith] = true
	}
	for i, is := range d.manifest.Issuers {
		at := d.item("issuers", i, "public_key")
		if first, ok := owner[is.PublicKey]; ok {
			c.report(d, at, finding.Error, RuleSameKey, "remove one of them, or give it a key of its own",
				"the issuers %s and %s have the same key", first, is.Name)
		} else {
			owner[is.PublicKey] = is.Name
		}
		switch published, ok := wasmcloud.Published(is.PublicKey); {
		case ok && published.WithSeed:
			c.report(d, at, finding.Error, RulePublishedKey, makeKey,
				"the seed of %s is published in %s: anyone can sign with it", is.PublicKey, published.Repository)
		case ok:
			c.report(d, at, finding.Warning, RulePublishedKey, makeKey,
				"%s is an example published in %s: whoever made it can sign with it", is.PublicKey, published.Repository)
		}
		rotating := d.manifest.Rotation != nil && d.manifest.Rotation.Involves(is.Name)
		if !used[is.Name] && !rotating {
			c.report(d, d.item("issuers", i, "name"), finding.Warning, RuleUnusedIssuer, "take it off the issuers if nothing signs with it any more",
				"no host signs with the issuer %s, yet every host accepts it", is.Name)
		}
	}
}

func (c *checker) together() {
	prefixes := map[string]*Document{}
	type use struct {
		doc    *Document
		issuer string
	}
	used := map[keys.PublicKey]use{}
	for _, d := range c.docs {
		if first, ok := prefixes[d.manifest.Lattice]; ok {
			c.report(d, d.place("lattice"), finding.Warning, RuleSamePrefix, "fine if their hosts never share a NATS account",
				"%s is the prefix of %s too", d.manifest.Lattice, first.path)
		} else {
			prefixes[d.manifest.Lattice] = d
		}
		for i, is := range d.manifest.Issuers {
			if first, ok := used[is.PublicKey]; ok && first.doc != d {
				c.report(d, d.item("issuers", i, "public_key"), finding.Error, RuleSharedKey, "give each lattice keys of its own",
					"the key of %s is that of %s in %s too: each lattice accepts what the other signs", is.Name, first.issuer, first.doc.path)
			} else if !ok {
				used[is.PublicKey] = use{d, is.Name}
			}
		}
	}
	c.apart()
}

// place is where a field of the manifest stands, or its beginning.
func (d *Document) place(name string) *yamledit.Node {
	if n := d.yaml.Root().Get(name); n != nil {
		return n
	}
	return d.yaml.Root()
}

// item is where a field of a list's item stands.
func (d *Document) item(list string, index int, name string) *yamledit.Node {
	return d.yaml.Root().Get(list).Items[index].Get(name)
}

// rotation reports hosts that sign with another key than the phase wants: an
// edit by hand, with which some host would be refused.
func (c *checker) rotation(d *Document) {
	r := d.manifest.Rotation
	if r == nil {
		return
	}
	for i, h := range d.manifest.Hosts {
		const message = "%s signs with %s, which phase %s does not allow: other hosts may refuse it"
		for _, s := range r.Keys {
			if s.Host != "" && s.Host != h.Name {
				continue
			}
			right := s.New
			if r.Phase == PhaseIntroduce {
				right = s.Old
			}
			if (h.SignsWith == s.Old || h.SignsWith == s.New) && h.SignsWith != right {
				at := d.item("hosts", i, "signs_with")
				c.report(d, at, finding.Error, RuleRotation, "let it sign with "+right, message, h.Name, h.SignsWith, r.Phase)
			}
		}
	}
}
