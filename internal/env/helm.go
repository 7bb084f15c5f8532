package env

import (
	"bytes"
	"fmt"

	"github.com/latch-keys/latch/internal/lattice"
)

// helm is values for the charts of wasmcloud_host that know cluster keys: that of
// OTP hosts (0.6) and that of Rust hosts (0.7). Source: wasmcloud-otp v0.63.2
// wasmcloud_host/chart, wasmCloud chart-v0.7.2 chart.
type helm struct{}

// Name is "helm".
func (helm) Name() string { return "helm" }

// About says who reads it.
func (helm) About() string {
	return "the charts wasmcloud_host 0.6 (OTP) and 0.7 (Rust), by: helm --values FILE; they show the cluster seed in the pod's spec"
}

// Extension is ".values.yaml".
func (helm) Extension() string { return ".values.yaml" }

// Render refuses targets that no chart with cluster keys runs, and variables
// that the chart has no value for.
func (d helm) Render(e Environment, show Secrets) ([]byte, error) {
	if e.Target.IgnoresClusterKeys() {
		return nil, &problem{
			cause:   ErrUnfit,
			message: fmt.Sprintf("host %q has target %s, whose charts have other values than these", e.Host, e.Target),
			hint:    "the dialect k8s gives a Secret for envFrom",
		}
	}
	out, err := yamlHead(d, e, show)
	if err != nil {
		return nil, err
	}
	groups, err := d.groups(e, show)
	defer groups.wipe()
	if err != nil {
		return nil, err
	}
	out = append(out, "# The chart shows the cluster seed in the pod's spec: a Secret, the dialect k8s, does not.\nwasmcloud:\n  config:\n"...)
	return groups.append(out), nil
}

// groups collects the values by where in the chart they stand.
func (d helm) groups(e Environment, show Secrets) (helmGroups, error) {
	all, chart := helmGroups{}, chart(e.Target)
	err := eachValue(e, show, func(a Assignment, value []byte) error {
		at, known := chart[a.Name]
		switch {
		case !known:
			return uncarried(d, a, "the dialect k8s gives a Secret for envFrom", "the chart has no value for it")
		case at == helmAt{}:
			return nil
		}
		if unfitAt := firstUnfit(value, anyText); unfitAt >= 0 {
			return unfit(d, a, value, unfitAt, textHint)
		}
		text := yamlText(make([]byte, 0, 2+10*len(value)), value)
		if at.literal {
			clear(text)
			text = bytes.Clone(value)
		}
		all.add(at, text)
		return nil
	})
	return all, err
}

// helmAt is where in a chart's config a value stands; the zero helmAt is nowhere:
// the host does without.
type helmAt struct {
	group   string // "" is the config itself
	key     string
	literal bool // true or false, rather than a text
}

// chart gives where the values of the chart for a target's hosts stand, by the
// variable that each sets.
func chart(t lattice.Target) map[string]helmAt {
	if t.IsOTP() {
		return otpChart()
	}
	return rustChart()
}

func otpChart() map[string]helmAt {
	return map[string]helmAt{
		"WASMCLOUD_LATTICE_PREFIX":         {key: "latticePrefix"},
		"WASMCLOUD_CLUSTER_ISSUERS":        {key: "clusterIssuers"},
		"WASMCLOUD_CLUSTER_SEED":           {key: "clusterSeed"},
		"WASMCLOUD_JS_DOMAIN":              {key: "jetstreamDomain"},
		"WASMCLOUD_RPC_HOST":               {key: "rpcNatsHost"},
		"WASMCLOUD_RPC_PORT":               {key: "rpcNatsPort"},
		"WASMCLOUD_RPC_JWT":                {key: "rpcJWT"},
		"WASMCLOUD_RPC_SEED":               {key: "rpcSeed"},
		"WASMCLOUD_CTL_HOST":               {key: "controlNatsHost"},
		"WASMCLOUD_CTL_PORT":               {key: "controlNatsPort"},
		"WASMCLOUD_CTL_JWT":                {key: "ctlJWT"},
		"WASMCLOUD_CTL_SEED":               {key: "ctlSeed"},
		"WASMCLOUD_PROV_RPC_HOST":          {key: "providerNatsHost"},
		"WASMCLOUD_PROV_RPC_PORT":          {key: "providerNatsPort"},
		"WASMCLOUD_PROV_RPC_JWT":           {key: "providerRpcJWT"},
		"WASMCLOUD_PROV_RPC_SEED":          {key: "providerRpcSeed"},
		"WASMCLOUD_RPC_TIMEOUT_MS":         {key: "rpcTimeout"},
		"WASMCLOUD_PROV_SHUTDOWN_DELAY_MS": {key: "providerShutdownDelay"},
		"HOST_latch_host":                  {group: "hostLabels", key: "latch_host"},
		"HOST_latch_generation":            {group: "hostLabels", key: "latch_generation"},
	}
}

func rustChart() map[string]helmAt {
	return map[string]helmAt{
		"WASMCLOUD_LATTICE":                {}, // latticePrefix says the same
		"HOST_latch_host":                  {}, // the chart writes labels for 0.79.1 and later
		"HOST_latch_generation":            {},
		"WASMCLOUD_LATTICE_PREFIX":         {key: "latticePrefix"},
		"WASMCLOUD_CLUSTER_ISSUERS":        {key: "clusterIssuers"},
		"WASMCLOUD_CLUSTER_SEED":           {key: "clusterSeed"},
		"WASMCLOUD_JS_DOMAIN":              {key: "jetstreamDomain"},
		"WASMCLOUD_RPC_HOST":               {group: "rpc", key: "natsHost"},
		"WASMCLOUD_RPC_PORT":               {group: "rpc", key: "natsPort"},
		"WASMCLOUD_RPC_TLS":                {group: "rpc", key: "tls", literal: true},
		"WASMCLOUD_RPC_JWT":                {group: "rpc", key: "natsJwt"},
		"WASMCLOUD_RPC_SEED":               {group: "rpc", key: "natsSeed"},
		"WASMCLOUD_CTL_HOST":               {group: "control", key: "natsHost"},
		"WASMCLOUD_CTL_PORT":               {group: "control", key: "natsPort"},
		"WASMCLOUD_CTL_TLS":                {group: "control", key: "tls", literal: true},
		"WASMCLOUD_CTL_JWT":                {group: "control", key: "natsJwt"},
		"WASMCLOUD_CTL_SEED":               {group: "control", key: "natsSeed"},
		"WASMCLOUD_CTL_TOPIC_PREFIX":       {group: "control", key: "topicPrefix"},
		"WASMCLOUD_PROV_SHUTDOWN_DELAY_MS": {key: "providerShutdownDelay"},
		"WASMCLOUD_OCI_ALLOWED_INSECURE":   {key: "ociAllowedInsecure"},
		"WASMCLOUD_LOG_LEVEL":              {group: "logging", key: "logLevel"},
		"WASMCLOUD_LABEL_latch_host":       {group: "hostLabels", key: "latch_host"},
		"WASMCLOUD_LABEL_latch_generation": {group: "hostLabels", key: "latch_generation"},
	}
}

// helmGroups are values by group, groups and values in the order they came in.
type helmGroups struct {
	names  []string
	values map[string][]helmEntry
}

type helmEntry struct {
	key  string
	text []byte
}

func (g *helmGroups) add(at helmAt, text []byte) {
	if g.values == nil {
		g.values = map[string][]helmEntry{}
	}
	if g.values[at.group] == nil {
		g.names = append(g.names, at.group)
	}
	g.values[at.group] = append(g.values[at.group], helmEntry{at.key, text})
}

func (g *helmGroups) append(out []byte) []byte {
	for _, name := range g.names {
		indent := "    "
		if name != "" {
			out = fmt.Appendf(out, "%s%s:\n", indent, name)
			indent += "  "
		}
		for _, entry := range g.values[name] {
			out = fmt.Appendf(out, "%s%s: %s\n", indent, entry.key, entry.text)
		}
	}
	return out
}

func (g *helmGroups) wipe() {
	for _, entries := range g.values {
		for _, entry := range entries {
			clear(entry.text)
		}
	}
}
