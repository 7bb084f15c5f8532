package envfile

import (
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/internal/env/envfile/yamltree"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// chart reads the values of a chart of wasmcloud_host as its template tells the
// pod: what a template takes for false sets no variable. Not ok: there are none in
// the document.
func (l *loader) chart(path string, tree *yamltree.Tree, document *yaml.Node, file Host) (ok bool) {
	config := tree.At(document, "wasmcloud", "config")
	if yamltree.Null(config) {
		return false
	}
	h := file
	h.Path, h.Line, h.ReadBy = path, config.Line, "the chart"
	if h.Name == "" {
		h.Name = nameOf(path)
	}
	h.Target = l.target(h)
	for _, v := range chartOf(tree, config, h.Target) {
		if v.Key == "" {
			for _, label := range tree.Fields(tree.Field(config, v.Group)) {
				put(&h, strings.TrimSuffix(v.Variable, "*")+label.Key.Value, label.Value)
			}
			continue
		}
		put(&h, v.Variable, valueOf(tree, config, v))
	}
	if len(h.Entries) == 0 {
		return false
	}
	h.Inspect()
	l.hosts = append(l.hosts, h)
	return true
}

// chartOf gives the values of the chart that runs hosts of the target, and where
// the target is not known, of the chart that has a place for more of what is there.
func chartOf(tree *yamltree.Tree, config *yaml.Node, target wasmcloud.Target) []wasmcloud.ChartValue {
	if !target.IsZero() {
		return target.ChartValues()
	}
	var best []wasmcloud.ChartValue
	most := -1
	for _, t := range wasmcloud.Targets() {
		values, used := t.ChartValues(), 0
		for _, v := range values {
			if !yamltree.Null(valueOf(tree, config, v)) {
				used++
			}
		}
		if used > most {
			best, most = values, used
		}
	}
	return best
}

// valueOf is where the chart takes a variable's value from, or its group of labels.
func valueOf(tree *yamltree.Tree, config *yaml.Node, v wasmcloud.ChartValue) *yaml.Node {
	group := config
	if v.Group != "" {
		group = tree.Field(config, v.Group)
	}
	if v.Key == "" || yamltree.Null(group) {
		return group
	}
	return tree.Field(group, v.Key)
}

// put adds a variable unless the template leaves it out.
func put(h *Host, name string, value *yaml.Node) {
	value = yamltree.Resolved(value)
	if yamltree.Null(value) || value.Kind != yaml.ScalarNode || value.Value == "" || value.Value == "false" {
		return
	}
	h.AddAt(name, h.Path, value.Line, value.Column, []byte(value.Value))
}
