package lattice

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

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
	file, line, column := d.locate(n)
	c.found = append(c.found, finding.Finding{
		File: file, Line: line, Column: column,
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

// together judges what lattices have in common.
func (c *checker) together() {
	prefixes, denied := map[string]*Document{}, map[keys.PublicKey]*Document{}
	for _, d := range c.docs {
		for _, denial := range d.manifest.Denied {
			denied[denial.PublicKey] = d
		}
	}
	used, stored := map[keys.PublicKey]use{}, map[storedName]use{}
	for _, d := range c.docs {
		if first, ok := prefixes[d.manifest.Lattice]; ok {
			c.report(d, d.place("lattice"), finding.Warning, RuleSamePrefix, "fine if their hosts never share a NATS account",
				"%s is the prefix of %s too", d.manifest.Lattice, first.path)
		} else {
			prefixes[d.manifest.Lattice] = d
		}
		for i, is := range d.manifest.Issuers {
			if there := denied[is.PublicKey]; there != nil && there != d {
				c.report(d, d.item("issuers", i, "public_key"), finding.Error, RuleDeniedThere,
					"latch issuers rotate emergency --compromised "+is.Name+" -m "+d.path,
					"the key of %s is denied in %s: it is compromised", is.Name, there.path)
			}
			if first, ok := used[is.PublicKey]; ok && first.doc != d {
				c.report(d, d.item("issuers", i, "public_key"), finding.Error, RuleSharedKey, "give each lattice keys of its own",
					"the key of %s is that of %s in %s too: each lattice accepts what the other signs", is.Name, first.name, first.doc.path)
				continue
			} else if !ok {
				used[is.PublicKey] = use{d, is.Name, is.PublicKey}
			}
			c.sharedName(d, i, is, stored)
		}
	}
	c.sharedUsers()
	c.apart()
}

// use is where a key is used first, and by which name.
type use struct {
	doc  *Document
	name string
	key  keys.PublicKey
}

// storedName is a name in a keystore.
type storedName struct{ keystore, name string }

// sharedName reports a name that two lattices have for two keys, where one keystore
// holds the seeds of both: it can hold only one of them.
func (c *checker) sharedName(d *Document, at int, is Issuer, stored map[storedName]use) {
	place := storedName{d.keystore(), fold(is.Name)}
	switch first, ok := stored[place]; {
	case !ok:
		stored[place] = use{d, is.Name, is.PublicKey}
	case first.doc != d && first.key != is.PublicKey:
		severity := finding.Error
		if d.manifest.Keystore == "" { // which a flag or a variable names, and may do for each
			severity = finding.Warning
		}
		c.report(d, d.item("issuers", at, "name"), severity, RuleSharedName, "give one of them another name, or each lattice a keystore of its own",
			"%s is another key in %s, and one keystore is to hold the seeds of both by that name", is.Name, first.doc.path)
	}
}

// sharedUsers reports NATS users that hosts of two lattices log in as.
func (c *checker) sharedUsers() {
	first := map[storedName]*Document{}
	for _, d := range c.docs {
		for _, seed := range d.manifest.natsUsers().names {
			at := storedName{d.keystore(), seed}
			if other, ok := first[at]; ok && other != d {
				c.report(d, d.place("nats"), finding.Warning, RuleSharedUser, "give the hosts of each lattice users of their own: latch nats users issue",
					"hosts log in to NATS with the seed %s, as those of %s do: whoever has a host of one can speak in both lattices", seed, other.path)
				continue
			}
			first[at] = d
		}
	}
}

// keystore is one text for where the seeds rest: a folder as it lies, whichever
// manifest names it.
func (d *Document) keystore() string {
	scheme, folder, _ := strings.Cut(d.manifest.Keystore, ":")
	if (scheme == "age" || scheme == "dir") && !filepath.IsAbs(folder) && !strings.HasPrefix(folder, "~") {
		folder = filepath.Join(filepath.Dir(d.path), folder)
	}
	return scheme + ":" + folder
}

// AtKeystore gives the finding the place where the keystore is named.
func (d *Document) AtKeystore(f finding.Finding) finding.Finding {
	f.File, f.Line, f.Column = d.locate(d.place("keystore"))
	return f
}

// locate is the file and the place in which a node stands.
func (d *Document) locate(n *yamledit.Node) (file string, line, column int) {
	if d.base.holds(n) {
		line, column = d.base.yaml.Place(n)
		return d.base.path, line, column
	}
	line, column = d.yaml.Place(n)
	return d.path, line, column
}

// place is where a field of the manifest stands, there or in what it includes, or
// else its beginning.
func (d *Document) place(name string) *yamledit.Node {
	for _, n := range d.roots() {
		if at := n.Get(name); at != nil {
			return at
		}
	}
	return d.yaml.Root()
}

// roots are the nodes that hold what the manifest says, the first of them first.
func (d *Document) roots() []*yamledit.Node {
	if d.base == nil {
		return []*yamledit.Node{d.yaml.Root()}
	}
	return []*yamledit.Node{d.yaml.Root(), d.base.yaml.Root()}
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
