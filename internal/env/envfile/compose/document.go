package compose

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/env/envfile/yamltree"
)

// document is one YAML document of a compose file, its variables replaced.
type document struct {
	model
	includes []inclusion
	resets   []reset
}

// inclusion is one entry of include.
type inclusion struct {
	paths    []string // the first says where the project is, the others go over it
	dir      string   // project_directory
	envFiles []string
	at       place
}

// documentReader reads one document.
type documentReader struct {
	path   string
	tree   *yamltree.Tree
	values *values
	doc    document
}

func (r *documentReader) at(n *yaml.Node) place { return place{r.path, n.Line, n.Column} }

// refuse is the error for what compose does not take.
func (r *documentReader) refuse(n *yaml.Node, why, hint string) error {
	return hostenv.Malformed(r.path, n.Line, n.Column, "compose refuses the file: "+why, hint)
}

func (r *documentReader) read(root *yaml.Node) (document, error) {
	if root.Kind != yaml.MappingNode {
		return document{}, r.refuse(root, "it is no mapping", "")
	}
	if err := r.include(r.tree.Field(root, "include")); err != nil {
		return document{}, err
	}
	services := r.taken(r.tree.Field(root, "services"), "services")
	if services != nil && services.Kind != yaml.MappingNode && !yamltree.Null(services) {
		return document{}, r.refuse(services, "services is no mapping", "write services by their names")
	}
	for _, p := range r.tree.Fields(services) {
		value := r.taken(p.Value, "services", p.Key.Value)
		if value == nil {
			continue
		}
		s, err := r.service(p.Key, value)
		if err != nil {
			return document{}, err
		}
		r.doc.put(p.Key.Value, s)
	}
	if len(r.tree.Doubled) > 0 {
		return document{}, r.refuse(r.tree.Doubled[0], "this key stands in the mapping already", "take one of the two away")
	}
	if p := r.tree.Problem(); p != nil {
		return document{}, hostenv.Malformed(r.path, p.Line, p.Column, p.Message, p.Hint)
	}
	return r.doc, nil
}

// taken notes the tags of a value by which it takes the place of what other
// files say. Nil: the value is no more than that.
func (r *documentReader) taken(n *yaml.Node, path ...string) *yaml.Node {
	switch {
	case n == nil:
		return nil
	case n.Tag == "!reset":
		r.doc.resets = append(r.doc.resets, path)
		return nil
	case n.Tag == "!override":
		r.doc.resets = append(r.doc.resets, path)
	}
	return n
}

func (r *documentReader) service(name, value *yaml.Node) (service, error) {
	s := service{at: r.at(name)}
	field := func(key string) *yaml.Node {
		return r.taken(r.tree.Field(value, key), "services", name.Value, key)
	}
	var err error
	if value.Kind != yaml.MappingNode && !yamltree.Null(value) {
		return s, r.refuse(value, "a service is no mapping", "")
	}
	if image := field("image"); image != nil {
		if s.image, err = r.known(image, ""); err != nil {
			s.image = "" // it tells the target, no more
		}
	}
	if s.environment, err = r.environment(name.Value, field("environment")); err != nil {
		return s, err
	}
	if s.envFiles, err = r.envFiles(field("env_file")); err != nil {
		return s, err
	}
	s.extends, err = r.extends(field("extends"))
	return s, err
}

func (r *documentReader) extends(n *yaml.Node) (*extension, error) {
	if yamltree.Null(n) {
		return nil, nil
	}
	e := &extension{at: r.at(n)}
	var err error
	if n.Kind == yaml.ScalarNode {
		e.service, err = r.known(n, "extends")
		return e, err
	}
	for _, p := range r.tree.Fields(n) {
		switch p.Key.Value {
		case "service":
			e.service, err = r.known(p.Value, "extends")
		case "file":
			e.file, err = r.known(p.Value, "extends")
		}
		if err != nil {
			return nil, err
		}
	}
	if e.service == "" {
		return nil, r.refuse(n, "extends names no service", "")
	}
	return e, nil
}

// include reads the list of other compose files.
func (r *documentReader) include(n *yaml.Node) error {
	if yamltree.Null(n) {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		return r.refuse(n, "include is no list", "write include: [FILE]")
	}
	for _, item := range yamltree.Items(n) {
		one := inclusion{at: r.at(item)}
		var err error
		if item.Kind == yaml.ScalarNode {
			var path string
			path, err = r.known(item, "include")
			one.paths = []string{path}
		} else {
			err = r.inclusion(&one, item)
		}
		if err != nil {
			return err
		}
		if len(one.paths) > 0 {
			r.doc.includes = append(r.doc.includes, one)
		}
	}
	return nil
}

func (r *documentReader) inclusion(one *inclusion, n *yaml.Node) error {
	for _, p := range r.tree.Fields(n) {
		var err error
		switch p.Key.Value {
		case "path":
			one.paths, err = r.texts(p.Value, "include")
		case "project_directory":
			one.dir, err = r.known(p.Value, "include")
		case "env_file":
			one.envFiles, err = r.texts(p.Value, "include")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// texts are one text or a list of them.
func (r *documentReader) texts(n *yaml.Node, what string) ([]string, error) {
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = yamltree.Items(n)
	}
	var all []string
	for _, n := range nodes {
		text, err := r.known(n, what)
		if err != nil {
			return nil, err
		}
		all = append(all, text)
	}
	return all, nil
}

// known is a text every part of which is known.
func (r *documentReader) known(n *yaml.Node, what string) (string, error) {
	result, err := r.replaced(n)
	if err != nil {
		return "", err
	}
	if !result.Known() {
		return "", hostenv.NotJudged(r.path, n.Line, n.Column, fmt.Sprintf("what %s names depends on %s, which no .env here sets", what, result.Needs()),
			"set it in the .env beside the compose file, or give it a default")
	}
	return result.Text, nil
}
