package kubernetes

import (
	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/yamltree"
	"github.com/latch-keys/latch/internal/finding"
)

// Cluster is the objects of any number of files, which name one another.
type Cluster struct {
	bundles   map[ref]*bundle
	order     []*bundle // as they came in
	workloads []workload
	operated  []operated
	taken     int // variables and findings that containers have of bundles
}

// mostTaken bounds what containers take of Secrets and ConfigMaps, in all: each line of
// a file can take the whole of another.
const mostTaken = 200_000

// takes counts what a container takes of a bundle. False: it is too much, which is a
// finding.
func (c *Cluster) takes(h *hostenv.Host, at hostenv.Entry, count int) bool {
	if c.taken += count; c.taken <= mostTaken {
		return true
	}
	h.Findings = append(h.Findings, hostenv.NewFinding(at, finding.Error, hostenv.RuleNotJudged,
		"containers take more than 200000 variables of Secrets and ConfigMaps, with this one", "judge parts of it"))
	h.Part = true
	return false
}

// ref names a Secret or a ConfigMap.
type ref struct{ kind, namespace, name string }

// bundle is a Secret or a ConfigMap: variables for whoever takes them.
type bundle struct {
	ref
	at       hostenv.Entry
	header   hostenv.Host // what the file says of its host
	items    []item
	findings []finding.Finding
	taken    bool
}

// item is one variable of a bundle.
type item struct {
	name  string
	value []byte
	at    hostenv.Entry
}

// object is one object of a file.
type object struct {
	path string
	tree *yamltree.Tree
	node *yaml.Node
	file hostenv.Host // what the comments at the top say
}

func (o object) text(keys ...string) string { return o.tree.Text(o.node, keys...) }

func (o object) at(n *yaml.Node) hostenv.Entry {
	if n == nil {
		n = o.node
	}
	return hostenv.Entry{Path: o.path, Line: max(n.Line, 1), Column: max(n.Column, 1)}
}

// Add takes in the object in a document, or the objects in a list of them. Not
// ok: there is nothing in it that tells a host anything.
func (c *Cluster) Add(path string, tree *yamltree.Tree, node *yaml.Node, file hostenv.Host) (ok bool) {
	o := object{path: path, tree: tree, node: node, file: file}
	switch kind := o.text("kind"); kind {
	case "List":
		for _, n := range yamltree.Items(tree.Field(node, "items")) {
			ok = c.Add(path, tree, n, hostenv.Host{}) || ok
		}
		return ok
	case "Secret", "ConfigMap":
		c.bundle(o, kind)
		return true
	case "WasmCloudHostConfig":
		c.operated = append(c.operated, operated{o})
		return true
	}
	pod := podOf(o)
	for _, part := range []string{"initContainers", "containers"} {
		for _, n := range yamltree.Items(tree.Field(pod, part)) {
			c.workloads = append(c.workloads, workload{object: o, container: n})
			ok = true
		}
	}
	return ok
}

// podOf is the spec of the pods that an object runs, nil where it runs none.
func podOf(o object) *yaml.Node {
	for _, keys := range [][]string{{"spec", "template", "spec"}, {"spec", "jobTemplate", "spec", "template", "spec"}, {"spec"}} {
		if pod := o.tree.At(o.node, keys...); o.tree.Field(pod, "containers") != nil {
			return pod
		}
	}
	return nil
}

// Hosts are the hosts that the objects tell anything: containers with what they
// take, those that the operator makes, and every Secret that nobody here takes.
func (c *Cluster) Hosts() []hostenv.Host {
	var hosts []hostenv.Host
	for _, w := range c.workloads {
		if h, ok := c.container(w); ok {
			hosts = append(hosts, h)
		}
	}
	for _, o := range c.operated {
		hosts = append(hosts, c.made(o))
	}
	for _, b := range c.order {
		if !b.taken {
			hosts = append(hosts, b.alone())
		}
	}
	for i := range hosts {
		hosts[i].Inspect()
	}
	return hosts
}

// find is a bundle that something takes.
func (c *Cluster) find(r ref) (*bundle, bool) {
	b, ok := c.bundles[r]
	if ok {
		b.taken = true
	}
	return b, ok
}

// missing is the finding for a bundle that is taken and not among the files.
func missing(at hostenv.Entry, r ref) finding.Finding {
	return hostenv.NewFinding(at, finding.Error, hostenv.RuleNotJudged,
		"the "+r.kind+" "+hostenv.SafeName(r.name)+", which this takes variables from, is not among the files", "name its file too, or kubectl get deployment,secret,configmap -o yaml | latch env check -")
}
