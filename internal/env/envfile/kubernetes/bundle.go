package kubernetes

import (
	"encoding/base64"
	"slices"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/yamltree"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
)

// bundle takes in a Secret, whose data is base64 and whose stringData is not and
// counts, or a ConfigMap, whose data is plain.
func (c *Cluster) bundle(o object, kind string) {
	b := &bundle{ref: ref{kind, o.text("metadata", "namespace"), o.text("metadata", "name")}, at: o.at(nil), header: o.file}
	plain := map[string]bool{}
	for _, p := range o.tree.Fields(o.tree.Field(o.node, "stringData")) {
		plain[p.Key.Value] = true
		b.add(o, p, []byte(p.Value.Value))
	}
	for _, p := range o.tree.Fields(o.tree.Field(o.node, "data")) {
		switch {
		case plain[p.Key.Value] || yamltree.Null(p.Value):
		case kind == "Secret":
			b.add(o, p, b.decoded(o, p))
		default:
			b.add(o, p, []byte(p.Value.Value))
		}
	}
	if c.bundles == nil {
		c.bundles = map[ref]*bundle{}
	}
	c.bundles[b.ref] = b
	c.order = append(c.order, b)
}

func (b *bundle) add(o object, p yamltree.Pair, value []byte) {
	if p.Value.Kind != yaml.ScalarNode {
		b.findings = append(b.findings, hostenv.NewFinding(o.at(p.Value), finding.Error, hostenv.RuleType, hostenv.SafeName(p.Key.Value)+" is no text", "write it as a text"))
		return
	}
	b.items = append(b.items, item{p.Key.Value, value, o.at(p.Value)})
}

// decoded is a value of data. A public key happens to look like base64.
func (b *bundle) decoded(o object, p yamltree.Pair) []byte {
	value, err := base64.StdEncoding.DecodeString(p.Value.Value)
	if err == nil && !keys.WellSpelled(p.Value.Value, keys.AnyKind) {
		return value
	}
	b.findings = append(b.findings, hostenv.NewFinding(o.at(p.Value), finding.Error, hostenv.RuleBase64,
		"the value of "+hostenv.SafeName(p.Key.Value)+" stands under data, but is not base64", "put it under stringData"))
	return []byte(p.Value.Value)
}

// alone is what a bundle tells the pod that takes it whole.
func (b *bundle) alone() hostenv.Host {
	h := hostenv.Host{Name: b.at.Path, Path: b.at.Path, Line: b.at.Line, ReadBy: "kubernetes", Target: b.header.Target}
	if b.name != "" {
		h.Name = hostenv.SafeName(b.name)
	}
	if b.header.Name != "" {
		h.Name = b.header.Name
	}
	b.tell(&h, "")
	if b.kind == "ConfigMap" && h.TellsHost() {
		h.Findings = append(h.Findings, hostenv.NewFinding(b.at, finding.Error, hostenv.RuleNotJudged,
			"nothing here takes the ConfigMap "+h.Name+", so that it is not known what else its hosts are told", "name the file of the workload that takes it too"))
		h.Part = true
	}
	return h
}

// tell gives the host the bundle's variables, their names behind a prefix.
func (b *bundle) tell(h *hostenv.Host, prefix string) {
	for _, i := range b.items {
		h.AddAt(prefix+i.name, i.at.Path, i.at.Line, i.at.Column, slices.Clone(i.value)).Open = b.kind == "ConfigMap"
	}
	h.Findings = append(h.Findings, b.findings...)
}
