package env

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// renderValues is values for the charts of wasmcloud_host that know cluster keys.
// It refuses targets that no such chart runs, and variables that the chart has no
// value for.
func renderValues(d Dialect, e Environment, show Secrets) ([]byte, error) {
	if e.Target.IgnoresClusterKeys() {
		return nil, fault.New(fault.Refused, "host %q has target %s, whose charts have other values than these", e.Host, e.Target).
			WithHint("the dialect k8s gives a Secret for envFrom")
	}
	out, err := yamlHead(d, e, show)
	if err != nil {
		return nil, err
	}
	groups, err := chartGroups(d, e, show)
	defer groups.wipe()
	if err != nil {
		return nil, err
	}
	out = append(out, "# The chart shows the cluster seed in the pod's spec: a Secret, the dialect k8s, does not.\nwasmcloud:\n  config:\n"...)
	return groups.append(out), nil
}

// chartGroups collects the values by where in the chart they stand.
func chartGroups(d Dialect, e Environment, show Secrets) (groups, error) {
	all, chart := groups{}, e.Target.ChartValues()
	err := eachValue(e, show, func(a Assignment, value []byte) error {
		at, known := chartValue(chart, a.Name)
		switch {
		case !known && (a.Name == wasmcloud.Lattice || isOwnLabel(a.Name)):
			return nil // its other name says the same
		case !known:
			return noPlace(d, a, "the dialect k8s gives a Secret for envFrom", "the chart has no value for it")
		}
		if err := refuseNoText(d, a, value); err != nil {
			return err
		}
		text := yamlText(make([]byte, 0, 2+10*len(value)), value)
		if at.Literal {
			clear(text)
			text = bytes.Clone(value)
		}
		all.add(at, text)
		return nil
	})
	return all, err
}

// chartValue finds where the chart takes the variable's value from.
func chartValue(chart []wasmcloud.ChartValue, name string) (wasmcloud.ChartValue, bool) {
	for _, v := range chart {
		if v.Variable == name {
			return v, true
		}
		prefix, open := strings.CutSuffix(v.Variable, "*")
		if label, is := strings.CutPrefix(name, prefix); open && is {
			v.Key = label
			return v, true
		}
	}
	return wasmcloud.ChartValue{}, false
}

// groups are values by group, groups and values in the order they came in.
type groups struct {
	names  []string
	values map[string][]groupEntry
}

type groupEntry struct {
	key  string
	text []byte
}

func (g *groups) add(at wasmcloud.ChartValue, text []byte) {
	if g.values == nil {
		g.values = map[string][]groupEntry{}
	}
	if g.values[at.Group] == nil {
		g.names = append(g.names, at.Group)
	}
	g.values[at.Group] = append(g.values[at.Group], groupEntry{at.Key, text})
}

func (g *groups) append(out []byte) []byte {
	for _, name := range g.names {
		indent := "    "
		if name != "" {
			out = fmt.Appendf(out, "%s%s:\n", indent, name)
			indent += "  "
		}
		for _, entry := range g.values[name] {
			out = fmt.Appendf(out, "%s%s: %s\n", indent, yamlKey(entry.key), entry.text)
		}
	}
	return out
}

func (g *groups) wipe() {
	for _, entries := range g.values {
		for _, entry := range entries {
			clear(entry.text)
		}
	}
}
