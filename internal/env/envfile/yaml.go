package envfile

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// parseYAML reads the services of a compose file and the Secrets of Kubernetes
// files, in every document there is.
func parseYAML(path string, text []byte) ([]Host, error) {
	stream := yaml.NewDecoder(bytes.NewReader(text))
	var hosts []Host
	for {
		var document yaml.Node
		switch err := stream.Decode(&document); {
		case errors.Is(err, io.EOF) && len(hosts) == 0:
			return nil, &SyntaxError{path, 1, 1, "there is no service with an environment and no Secret in this file"}
		case errors.Is(err, io.EOF):
			return hosts, nil
		case err != nil:
			for _, h := range hosts {
				h.Wipe()
			}
			return nil, &SyntaxError{path, lineOf(err), 1, "not YAML, here or further down"}
		}
		if len(document.Content) == 1 {
			hosts = append(hosts, hostsIn(path, document.Content[0])...)
		}
	}
}

// lineOf takes the line out of the parser's message, whose rest may repeat text.
func lineOf(err error) int {
	_, after, _ := strings.Cut(err.Error(), "line ")
	digits, _, _ := strings.Cut(after, ":")
	if n, err := strconv.Atoi(digits); err == nil {
		return n
	}
	return 1
}

func hostsIn(path string, document *yaml.Node) []Host {
	var hosts []Host
	kind := field(document, "kind")
	switch {
	case field(document, "services") != nil:
		for _, service := range fields(field(document, "services")) {
			if h, ok := serviceHost(path, service); ok {
				hosts = append(hosts, h)
			}
		}
	case kind != nil && kind.Value == "List":
		if items := resolved(field(document, "items")); items != nil {
			for _, item := range items.Content {
				hosts = append(hosts, hostsIn(path, resolved(item))...)
			}
		}
	case kind != nil && kind.Value == "Secret":
		hosts = append(hosts, secretHost(path, document))
	}
	for i := range hosts {
		hosts[i].Inspect()
	}
	return hosts
}

// pair is one key of a mapping with its value, aliases resolved.
type pair struct{ key, value *yaml.Node }

// fields are a mapping's pairs, those of merged mappings (<<) first, so that
// later ones count.
func fields(mapping *yaml.Node) []pair { return fieldsWithin(mapping, 32) }

func fieldsWithin(mapping *yaml.Node, depth int) []pair {
	mapping = resolved(mapping)
	if mapping == nil || mapping.Kind != yaml.MappingNode || depth == 0 {
		return nil
	}
	var merged, own []pair
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		key, value := mapping.Content[i], resolved(mapping.Content[i+1])
		switch {
		case key.Tag != "!!merge":
			own = append(own, pair{key, value})
		case value.Kind == yaml.SequenceNode:
			for j := len(value.Content) - 1; j >= 0; j-- { // the first of several counts
				merged = append(merged, fieldsWithin(value.Content[j], depth-1)...)
			}
		default:
			merged = append(merged, fieldsWithin(value, depth-1)...)
		}
	}
	return append(merged, own...)
}

// field is the value of a mapping's key, nil where there is none.
func field(mapping *yaml.Node, key string) *yaml.Node {
	var found *yaml.Node
	for _, p := range fields(mapping) {
		if p.key.Value == key {
			found = p.value
		}
	}
	return found
}

// resolved follows aliases.
func resolved(n *yaml.Node) *yaml.Node {
	for n != nil && n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return n
}
