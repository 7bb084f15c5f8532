package kubernetes_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/kubernetes"
	"github.com/latch-keys/latch/internal/env/envfile/yamltree"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

const (
	secret    = "kind: Secret\nmetadata: {name: web-1}\nstringData: {WASMCLOUD_CLUSTER_SEED: s, OTHER: o}\n"
	configMap = "kind: ConfigMap\nmetadata: {name: common}\ndata: {WASMCLOUD_CLUSTER_ISSUERS: i, WASMCLOUD_LATTICE: prod}\n"
	head      = "kind: Deployment\nmetadata: {name: d}\nspec: {template: {spec: {containers: [{name: host, image: 'wasmcloud/wasmcloud:0.82.0', "
)

// What objects tell the hosts in pods, in the end.
func TestObjects(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ text, want, finds string }{
		"a Secret":            {secret, "web-1: OTHER=o WASMCLOUD_CLUSTER_SEED=s", ""},
		"taken whole":         {secret + "---\n" + configMap + "---\n" + head + "envFrom: [{secretRef: {name: web-1}}, {configMapRef: {name: common}}]}]}}}\n", "d: OTHER=o WASMCLOUD_CLUSTER_ISSUERS=i WASMCLOUD_CLUSTER_SEED=s WASMCLOUD_LATTICE=prod", ""},
		"env counts":          {secret + "---\n" + head + "env: [{name: OTHER, value: x}, {name: HOST_A, value: $(OTHER)}], envFrom: [{secretRef: {name: web-1}}]}]}}}\n", "d: HOST_A=? OTHER=x WASMCLOUD_CLUSTER_SEED=s", ""},
		"by key":              {secret + "---\n" + head + "env: [{name: WASMCLOUD_RPC_SEED, valueFrom: {secretKeyRef: {name: web-1, key: OTHER}}}]}]}}}\n", "d: WASMCLOUD_RPC_SEED=o", ""},
		"a key is missing":    {secret + "---\n" + head + "env: [{name: WASMCLOUD_RPC_SEED, valueFrom: {secretKeyRef: {name: web-1, key: X}}}, {name: HOST_A, value: a}]}]}}}\n", "d: HOST_A=a", "env_file"},
		"a Secret is missing": {head + "env: [{name: WASMCLOUD_CLUSTER_SEED, valueFrom: {secretKeyRef: {name: web-1, key: X}}}]}]}}}\n", "d: WASMCLOUD_CLUSTER_SEED=?", "not_judged"},
		"all is missing":      {head + "envFrom: [{secretRef: {name: web-1}}]}]}}}\n", "d:", "not_judged"},
		"of the pod":          {head + "env: [{name: HOST_A, valueFrom: {fieldRef: {fieldPath: x}}}]}]}}}\n", "d: HOST_A=?", ""},
		"no host":             {"kind: Pod\nmetadata: {name: d}\nspec: {containers: [{image: nginx, env: [{name: A, value: b}]}]}\n", "", ""},
		"nobody takes it":     {configMap, "common: WASMCLOUD_CLUSTER_ISSUERS=i WASMCLOUD_LATTICE=prod", "not_judged"},
		"the operator's":      {"kind: WasmCloudHostConfig\nmetadata: {name: w}\nspec: {lattice: prod, issuers: [a, b], secretName: web-1, version: 0.82.0}\n---\n" + secret, "w: WASMCLOUD_CLUSTER_ISSUERS=a,b WASMCLOUD_CLUSTER_SEED=s WASMCLOUD_LATTICE=prod WASMCLOUD_LATTICE_PREFIX=prod", ""},
		"without its Secret":  {"kind: WasmCloudHostConfig\nmetadata: {name: w}\nspec: {lattice: prod, secretName: web-1}\n", "w: WASMCLOUD_CLUSTER_SEED=? WASMCLOUD_LATTICE=prod WASMCLOUD_LATTICE_PREFIX=prod", "not_judged"},
		"a List":              {"kind: List\nitems: [{kind: Secret, metadata: {name: a}, data: {A: Yg==}}]\n", "a: A=b", ""},
	} {
		tree, err := yamltree.Read([]byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		var cluster kubernetes.Cluster
		for _, d := range tree.Documents {
			cluster.Add("f.yaml", tree, d, hostenv.Host{})
		}
		var got, rules []string
		for _, h := range cluster.Hosts() {
			got = append(got, described(h))
			for _, f := range h.Findings {
				rules = append(rules, string(f.Rule))
			}
		}
		if strings.Join(got, "; ") != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
		if c.finds == "" && slices.Contains(rules, "not_judged") || !strings.Contains(strings.Join(rules, " "), c.finds) {
			t.Errorf("%s: findings %v, want %q", name, rules, c.finds)
		}
	}
}

func described(h hostenv.Host) string {
	var all []string
	for name, e := range h.Final() {
		value := string(e.Value())
		if e.Expanded {
			value = "?"
		}
		all = append(all, " "+name+"="+value)
	}
	slices.Sort(all)
	return h.Name + ":" + strings.Join(all, "")
}

// What containers take is bounded: a line of a file can take the whole of another. What
// is left out is said.
func TestWhatContainersTakeIsBounded(t *testing.T) {
	t.Parallel()
	var containers, variables strings.Builder
	for i := range 1000 {
		fmt.Fprint(&containers, "{name: host, envFrom: [{configMapRef: {name: much}}]}, ")
		fmt.Fprintf(&variables, "WASMCLOUD_K%d: v, ", i)
	}
	text := "kind: ConfigMap\nmetadata: {name: much}\ndata: {" + variables.String() + "}\n---\n" + strings.Replace(head, "{name: host, image: 'wasmcloud/wasmcloud:0.82.0', ", containers.String()+"]}}}\n", 1)
	tree, problem := yamltree.Read([]byte(text))
	if problem != nil {
		t.Fatal(problem)
	}
	var cluster kubernetes.Cluster
	for _, d := range tree.Documents {
		cluster.Add("f.yaml", tree, d, hostenv.Host{})
	}
	entries, said := 0, 0
	for _, h := range cluster.Hosts() {
		entries += len(h.Entries)
		said += strings.Count(fmt.Sprint(h.Findings), "more than 200000 variables")
	}
	if entries > 200_000 || said == 0 {
		t.Errorf("%d variables, %d findings", entries, said)
	}
}

// The image, or the version, tells what a host is; what stands in the open is
// marked.
func TestTargetsAndOpenValues(t *testing.T) {
	t.Parallel()
	tree, err := yamltree.Read([]byte(head + "env: [{name: WASMCLOUD_CLUSTER_SEED, value: s}]}]}}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	var cluster kubernetes.Cluster
	cluster.Add("f.yaml", tree, tree.Documents[0], hostenv.Host{})
	h := cluster.Hosts()[0]
	e, _ := h.Lookup(wasmcloud.ClusterSeed)
	if h.Target.String() != "rust-0.82" || !e.Open {
		t.Errorf("target %s, open %v", h.Target, e.Open)
	}
	for image, want := range map[string]string{
		"wasmcloud/wasmcloud:0.82.0": "rust-0.82", "ghcr.io/wasmcloud/wasmcloud:v1.4.2@sha256:x": "rust-1.3", "wasmcloud.azurecr.io/wasmcloud_host:0.63.2": "otp",
		"wasmcloud/wasmcloud_host:0.57.1": "otp-0.51", "wasmcloud/wasmcloud": "", "nginx:0.82.0": "", "wasmcloud/wasmcloud:latest": "", "x/wasmcloud:0.70.0": "", "wasmcloud:1.0.0-rc.1": "rust-1.0",
		"wasmcloud/wasmcloud_host:0.50.2": "otp", "wasmcloud/wasmcloud:0.82": "rust-0.82", "wasmcloud/wasmcloud:0.82-wolfi": "rust-0.82", "wasmcloud/wasmcloud:2.0.0": "rust-1.3",
	} {
		if got := hostenv.TargetOfImage(image).String(); got != want {
			t.Errorf("%s: %q, want %q", image, got, want)
		}
	}
}
