package envfile

import (
	"bytes"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
)

// serviceHost is what a compose service is told. Not ok: nothing.
func serviceHost(path string, service pair) (Host, bool) {
	h := Host{Name: hostenv.SafeName(service.key.Value), Path: path, Line: service.key.Line, ReadBy: "compose"}
	environment := field(service.value, "environment")
	h.EnvFiles = envFiles(field(service.value, "env_file"))
	if environment == nil {
		return h, len(h.EnvFiles) > 0
	}
	if environment.Kind == yaml.SequenceNode {
		for _, item := range environment.Content {
			item = resolved(item)
			name, value, set := bytes.Cut([]byte(item.Value), []byte("="))
			if set { // otherwise taken from the environment of compose itself
				interpolated(&h, string(name), item, value)
			}
		}
		return h, true
	}
	for _, p := range fields(environment) {
		if p.value.Tag != "!!null" {
			interpolated(&h, p.key.Value, p.value, []byte(p.value.Value))
		}
	}
	return h, true
}

// interpolated adds a value of the compose file itself, in which $$ is a dollar
// sign.
func interpolated(h *Host, name string, at *yaml.Node, value []byte) {
	e := h.Add(name, at.Line, at.Column, bytes.ReplaceAll(value, []byte("$$"), []byte("$")))
	e.Expanded = bytes.Contains(bytes.ReplaceAll(value, []byte("$$"), nil), []byte("$"))
}

// envFiles reads env_file: one path, a list of them, or of mappings.
func envFiles(n *yaml.Node) []hostenv.EnvFile {
	if n == nil {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		n = &yaml.Node{Kind: yaml.SequenceNode, Content: []*yaml.Node{n}}
	}
	var all []hostenv.EnvFile
	for _, item := range n.Content {
		item = resolved(item)
		file := hostenv.EnvFile{Path: item.Value, Line: item.Line, Column: item.Column}
		if path := field(item, "path"); path != nil {
			file.Path = path.Value
		}
		if required := field(item, "required"); required != nil {
			file.Optional = required.Value == "false"
		}
		if file.Path != "" {
			all = append(all, file)
		}
	}
	return all
}
