package lattice

import (
	"errors"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/internal/keys"
)

// shape refuses the parts of YAML that make a file hard to read and to edit by
// splicing: anchors, aliases, tags, scalars of several lines, and keys that are
// anything but a word before a colon.
func (t *tree) shape() Errors {
	var found Errors
	t.walk(t.root, func(n *yaml.Node) {
		if rule, err := t.misshapen(n); err != nil {
			found = append(found, t.errorAt(t.at(n), rule, "", err))
		}
	})
	found.sort()
	return found
}

func (t *tree) walk(n *yaml.Node, visit func(*yaml.Node)) {
	visit(n)
	for _, child := range n.Content {
		t.walk(child, visit)
	}
}

func (t *tree) misshapen(n *yaml.Node) (Rule, error) {
	switch {
	case n.Kind == yaml.AliasNode:
		return RuleSyntax, errors.New("an alias stands here; a manifest has none")
	case n.Anchor != "":
		return RuleSyntax, errors.New("an anchor stands here; a manifest has none")
	case n.Style&yaml.TaggedStyle != 0 || t.starts(n, '!'):
		return RuleSyntax, errors.New("a tag stands here; a manifest has none")
	case n.Kind == yaml.ScalarNode:
		return t.misshapenScalar(n)
	case n.Kind == yaml.MappingNode:
		return RuleSyntax, t.misshapenMapping(n)
	}
	return "", nil
}

func (t *tree) starts(n *yaml.Node, char byte) bool {
	at := t.at(n)
	return at < len(t.text) && t.text[at] == char
}

func (t *tree) misshapenScalar(n *yaml.Node) (Rule, error) {
	if _, ok := t.scalarEnd(n); !ok {
		return RuleSyntax, errors.New("a value must stand on one line")
	}
	if keys.MayHoldSeed(n.Value) { // spelled with escapes
		return RuleExposed, exposed("this")
	}
	return "", nil
}

func (t *tree) misshapenMapping(n *yaml.Node) error {
	if isFlow(n) && !t.starts(n, '{') {
		return errors.New("a mapping within brackets needs braces of its own")
	}
	for i := 0; i < len(n.Content); i += 2 {
		key := n.Content[i]
		if key.Kind != yaml.ScalarNode {
			return errors.New("a field's name must be a single word")
		}
		if end, ok := t.scalarEnd(key); ok && t.colon(end) < 0 {
			return refuse(nil, "write it as key: value", "a colon must follow each field's name, on the same line")
		}
	}
	return nil
}

// colon is where the colon after a key that ends at the offset stands, or -1.
func (t *tree) colon(end int) int {
	for ; end < len(t.text); end++ {
		switch t.text[end] {
		case ' ', '\t':
		case ':':
			return end
		default:
			return -1
		}
	}
	return -1
}
