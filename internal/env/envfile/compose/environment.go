package compose

import (
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/internal/env/envfile/interpolate"
	"github.com/latch-keys/latch/internal/env/envfile/yamltree"
)

// replaced is a scalar with its variables replaced. Only texts have any.
func (r *documentReader) replaced(n *yaml.Node) (interpolate.Result, error) {
	if n.Kind != yaml.ScalarNode {
		return interpolate.Result{}, r.refuse(n, "a text belongs here", "")
	}
	if n.Tag != "!!str" && n.Tag != "!override" {
		return interpolate.Result{Text: plain(n)}, nil
	}
	result, err := interpolate.Text(n.Value, r.values.lookup)
	if err != nil {
		return result, r.refuse(n, err.Error(), "write $$ for a dollar sign")
	}
	return result, nil
}

// plain is a number or a switch as compose writes it.
func plain(n *yaml.Node) string {
	var value any
	if n.Decode(&value) != nil {
		return n.Value
	}
	return fmt.Sprint(value)
}

// environment reads a service's variables: a list of A=b, or a mapping.
func (r *documentReader) environment(name string, n *yaml.Node) (*environment, error) {
	if n == nil {
		return nil, nil
	}
	if n.Kind == yaml.SequenceNode {
		return r.environmentList(n)
	}
	if n.Kind != yaml.MappingNode && !yamltree.Null(n) {
		return nil, r.refuse(n, "environment is neither a list nor a mapping", "write NAME: VALUE")
	}
	var all environment
	for _, p := range r.tree.Fields(n) {
		value := r.taken(p.Value, "services", name, "environment", p.Key.Value)
		if value == nil {
			continue
		}
		v := variable{name: p.Key.Value, at: r.at(value)}
		if !yamltree.Null(value) {
			if err := r.set(&v, value); err != nil {
				return nil, err
			}
		}
		all.variables = append(all.variables, v)
	}
	return &all, nil
}

func (r *documentReader) environmentList(n *yaml.Node) (*environment, error) {
	all := environment{list: true}
	for _, item := range yamltree.Items(n) {
		if item.Kind != yaml.ScalarNode {
			return nil, r.refuse(item, "an entry of the list environment is no text", "write - NAME=VALUE")
		}
		result, err := r.replaced(item)
		if err != nil {
			return nil, err
		}
		v := variable{at: r.at(item)}
		v.name, v.value, v.set = strings.Cut(result.Text, "=")
		v.unknown = !result.Known()
		_, raw, _ := strings.Cut(item.Value, "=")
		v.literal = v.set && !strings.Contains(raw, "$")
		all.variables = append(all.variables, v)
	}
	all.variables = unique(all.variables)
	return &all, nil
}

// set gives a variable the value of a scalar.
func (r *documentReader) set(v *variable, n *yaml.Node) error {
	result, err := r.replaced(n)
	v.value, v.set, v.unknown = result.Text, true, !result.Known()
	v.literal = !strings.Contains(n.Value, "$")
	return err
}

// envFiles reads env_file: one path, a list of them, or of mappings.
func (r *documentReader) envFiles(n *yaml.Node) ([]envFile, error) {
	if yamltree.Null(n) {
		return nil, nil
	}
	items := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		items = yamltree.Items(n)
	}
	var all []envFile
	for _, item := range items {
		file := envFile{at: r.at(item)}
		var err error
		if item.Kind == yaml.ScalarNode {
			file.path, err = r.known(item, "env_file")
		} else {
			file, err = r.envFile(item)
		}
		if err != nil {
			return nil, err
		}
		all = append(all, file)
	}
	return uniqueFiles(all), nil
}

func (r *documentReader) envFile(n *yaml.Node) (envFile, error) {
	file := envFile{at: r.at(n)}
	for _, p := range r.tree.Fields(n) {
		text, err := r.known(p.Value, "env_file")
		if err != nil {
			return file, err
		}
		switch p.Key.Value {
		case "path":
			file.path = text
			file.at = r.at(p.Value)
		case "format":
			file.format = text
		case "required":
			file.optional = text == "false"
		}
	}
	if file.path == "" {
		return file, r.refuse(n, "env_file names no path", "")
	}
	return file, nil
}
