package kubernetes

import (
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/yamltree"
	"github.com/latch-keys/latch/internal/finding"
)

// workload is a container of whatever runs pods: a Deployment, a Pod, a Job.
type workload struct {
	object
	container *yaml.Node
}

// container is the host in a container. Not ok: the container is told nothing
// that hosts read.
func (c *Cluster) container(w workload) (hostenv.Host, bool) {
	image := w.tree.Text(w.container, "image")
	h := hostenv.Host{Name: hostenv.SafeName(w.text("metadata", "name")), Path: w.path, Line: w.container.Line, ReadBy: "kubernetes", Target: hostenv.TargetOfImage(image)}
	if w.file.Name != "" {
		h.Name = w.file.Name
	}
	if h.Target.IsZero() {
		h.Target = w.file.Target
	}
	for _, n := range yamltree.Items(w.tree.Field(w.container, "envFrom")) {
		c.envFrom(w, n, &h)
	}
	for _, n := range yamltree.Items(w.tree.Field(w.container, "env")) {
		c.env(w, n, &h)
	}
	if !h.TellsHost() && c.taken <= mostTaken && (!hostenv.HostImage(image) || len(h.Entries) == 0 && len(h.Findings) == 0) {
		h.Wipe()
		return h, false
	}
	return h, true
}

func (c *Cluster) envFrom(w workload, n *yaml.Node, h *hostenv.Host) {
	for key, kind := range map[string]string{"secretRef": "Secret", "configMapRef": "ConfigMap"} {
		source := w.tree.Field(n, key)
		if source == nil {
			continue
		}
		r := ref{kind, w.text("metadata", "namespace"), w.tree.Text(source, "name")}
		switch b, found := c.find(r); {
		case found:
			if c.takes(h, w.at(source), len(b.items)+len(b.findings)) {
				b.tell(h, w.tree.Text(n, "prefix"))
			}
		case w.tree.Text(source, "optional") != "true":
			h.Findings = append(h.Findings, missing(w.at(source), r))
			h.Part = true
		}
	}
}

// env is one variable: a value, or where it comes from.
func (c *Cluster) env(w workload, n *yaml.Node, h *hostenv.Host) {
	name := w.tree.Text(n, "name")
	at := w.at(n)
	if value := w.tree.Field(n, "value"); value != nil {
		at = w.at(value)
		e := h.AddAt(name, at.Path, at.Line, at.Column, []byte(value.Value))
		e.Expanded = strings.Contains(strings.ReplaceAll(value.Value, "$$", ""), "$(")
		e.Open = true
		return
	}
	from := w.tree.Field(n, "valueFrom")
	if fields := w.tree.Fields(from); len(fields) > 0 { // one is all that the API takes
		p := fields[0]
		kind, known := map[string]string{"secretKeyRef": "Secret", "configMapKeyRef": "ConfigMap"}[p.Key.Value]
		if !known { // of the pod itself
			h.AddAt(name, at.Path, at.Line, at.Column, nil).Expanded = true
			return
		}
		c.keyOf(w, ref{kind, w.text("metadata", "namespace"), w.tree.Text(p.Value, "name")}, p.Value, name, h)
		return
	}
	h.AddAt(name, at.Path, at.Line, at.Column, nil)
}

// keyOf is a variable that is one key of a bundle.
func (c *Cluster) keyOf(w workload, r ref, n *yaml.Node, name string, h *hostenv.Host) {
	key, at := w.tree.Text(n, "key"), w.at(n)
	optional := w.tree.Text(n, "optional") == "true"
	b, found := c.find(r)
	if !found {
		if optional || !hostenv.Concerns(name) {
			return
		}
		h.AddAt(name, at.Path, at.Line, at.Column, nil).Expanded = true
		h.Findings = append(h.Findings, missing(at, r))
		return
	}
	for _, i := range b.items {
		if i.name != key {
			continue
		}
		if c.takes(h, at, 1+len(b.findings)) {
			h.AddAt(name, i.at.Path, i.at.Line, i.at.Column, slices.Clone(i.value)).Open = b.kind == "ConfigMap"
			h.Findings = append(h.Findings, b.findings...)
		}
		return
	}
	if !optional && hostenv.Concerns(name) {
		h.Findings = append(h.Findings, hostenv.NewFinding(at, finding.Error, hostenv.RuleEnvFile,
			"the "+r.kind+" "+hostenv.SafeName(r.name)+" has no key "+hostenv.SafeName(key)+": the pod does not start", "add the key, or name another"))
	}
}
