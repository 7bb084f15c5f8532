package kubernetes

import (
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/yamltree"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// operated is a WasmCloudHostConfig, of which the operator makes hosts. Source:
// wasmcloud-operator v0.2.4 src/controller.rs.
type operated struct{ object }

// made is how the operator tells its hosts.
func (c *Cluster) made(o operated) hostenv.Host {
	h := hostenv.Host{Name: hostenv.SafeName(o.text("metadata", "name")), Path: o.path, Line: o.node.Line, ReadBy: "the operator"}
	h.Target = hostenv.TargetOfVersion(o.text("spec", "version"))
	if image := hostenv.TargetOfImage(o.text("spec", "image")); !image.IsZero() {
		h.Target = image
	}
	put := func(name string, keys ...string) {
		if n := o.tree.At(o.node, keys...); !yamltree.Null(n) {
			at := o.at(n)
			h.AddAt(name, at.Path, at.Line, at.Column, []byte(n.Value)).Open = true
		}
	}
	put(wasmcloud.Lattice, "spec", "lattice")
	put(wasmcloud.LatticePrefix, "spec", "lattice")
	put("WASMCLOUD_JS_DOMAIN", "spec", "jetstreamDomain")
	if issuers := o.tree.At(o.node, "spec", "issuers"); len(yamltree.Items(issuers)) > 0 {
		var list []string
		for _, n := range yamltree.Items(issuers) {
			list = append(list, n.Value)
		}
		at := o.at(issuers)
		h.AddAt(wasmcloud.ClusterIssuers, at.Path, at.Line, at.Column, []byte(strings.Join(list, ",")))
	}
	if !h.Target.IgnoresClusterKeys() {
		c.operatorSeed(o, &h)
	}
	return h
}

// operatorSeed is the cluster seed, which the operator takes from a Secret.
func (c *Cluster) operatorSeed(o operated, h *hostenv.Host) {
	n := o.tree.At(o.node, "spec", "secretName")
	at := o.at(n)
	r := ref{"Secret", o.text("metadata", "namespace"), o.text("spec", "secretName")}
	b, found := c.find(r)
	if !found {
		h.Findings = append(h.Findings, missing(at, r))
		h.AddAt(wasmcloud.ClusterSeed, at.Path, at.Line, at.Column, nil).Expanded = true
		return
	}
	if i := slices.IndexFunc(b.items, func(i item) bool { return i.name == wasmcloud.ClusterSeed }); i >= 0 {
		one := b.items[i]
		h.AddAt(one.name, one.at.Path, one.at.Line, one.at.Column, slices.Clone(one.value))
	} else {
		h.Findings = append(h.Findings, hostenv.NewFinding(at, finding.Error, hostenv.RuleEnvFile,
			"the Secret "+hostenv.SafeName(r.name)+" has no "+wasmcloud.ClusterSeed+": the operator makes no host", "add the key to the Secret"))
	}
	h.Findings = append(h.Findings, b.findings...)
}
