package lattice

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/internal/keys"
)

// sizeLimit is far above any manifest: 4 MiB hold some 50,000 hosts.
const sizeLimit = 4 << 20

// tree is a text, the YAML nodes in it, and where they stand. Every scalar is
// on one line, every block mapping has plain "key: value" lines: see shape.
type tree struct {
	*source
	file string
	root *yaml.Node
}

// parse reads the one YAML document of a manifest.
func parse(file string, text []byte) (*tree, Errors) {
	t := &tree{source: newSource(text), file: file}
	if len(text) > sizeLimit {
		return nil, t.misread(0, refuse(nil, "", "too large for a manifest: %d bytes, %d at most", len(text), sizeLimit))
	}
	if found := t.exposedSeeds(); len(found) > 0 {
		return nil, found
	}
	if at, what := t.alien(); what != "" {
		return nil, t.misread(at, refuse(nil, "save the file as UTF-8 text with LF or CRLF line ends", "%s stands here", what))
	}
	stream := yaml.NewDecoder(bytes.NewReader(text[t.start():]))
	var document, second yaml.Node
	if err := stream.Decode(&document); err != nil && !errors.Is(err, io.EOF) {
		return nil, Errors{t.syntaxError(err)}
	}
	if len(document.Content) == 0 {
		return nil, t.misread(0, refuse(nil, "latch lattice init makes a manifest", "the file is empty"))
	}
	t.root = document.Content[0]
	switch err := stream.Decode(&second); {
	case err == nil:
		return nil, t.misread(t.at(&second), errors.New("a second document starts here; a manifest is one"))
	case !errors.Is(err, io.EOF):
		return nil, Errors{t.syntaxError(err)}
	}
	return t, t.shape()
}

// exposedSeeds finds the seeds in the text, comments included.
func (t *tree) exposedSeeds() Errors {
	var found Errors
	for _, at := range keys.FindSeeds(t.text) {
		found = append(found, t.errorAt(at.From, RuleExposed, "", exposed("this")))
	}
	return found
}

func (t *tree) errorAt(offset int, rule Rule, field string, cause error) *Error {
	line, column := t.position(offset)
	return &Error{File: t.file, Line: line, Column: column, Field: field, Rule: rule, cause: cause}
}

// misread is the one error of a text that cannot be read any further.
func (t *tree) misread(offset int, cause error) Errors {
	return Errors{t.errorAt(offset, RuleSyntax, "", cause)}
}

// syntaxError takes the line out of the parser's message. It is where the parser
// began to read what it could not finish, or one line above, and is missing for
// the first line.
func (t *tree) syntaxError(err error) *Error {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if number, rest, ok := strings.Cut(strings.TrimPrefix(message, "line "), ": "); ok {
		if n, err := strconv.Atoi(number); err == nil {
			line, message = min(n, len(t.lines)), rest
		}
	}
	if strings.HasPrefix(message, "unknown anchor") { // repeats the text
		message = "an alias stands here; a manifest has none"
	}
	if at := t.tab(); at >= 0 && (strings.Contains(message, "tab") || strings.Contains(message, "token")) {
		return t.errorAt(at, RuleSyntax, "", refuse(nil, "indent with spaces", "not YAML: a tab stands in the indentation"))
	}
	return &Error{File: t.file, Line: line, Rule: RuleSyntax, cause: fmt.Errorf("not YAML, here or further down: %s", message)}
}

// tab is the first tab in the indentation of a line, or -1.
func (t *tree) tab() int {
	for _, line := range t.lines {
		if at := line + len(t.text[line:]) - len(bytes.TrimLeft(t.text[line:], " ")); at < len(t.text) && t.text[at] == '\t' {
			return at
		}
	}
	return -1
}

// at is where a node starts.
func (t *tree) at(n *yaml.Node) int { return t.offset(n.Line, n.Column) }

// end is where a node ends. It relies on shape having found nothing.
func (t *tree) end(n *yaml.Node) int {
	if n.Kind == yaml.ScalarNode {
		end, _ := t.scalarEnd(n)
		return end
	}
	end := t.at(n) + 1 // after the bracket of a flow collection
	if len(n.Content) > 0 {
		end = t.end(n.Content[len(n.Content)-1])
	}
	if !isFlow(n) {
		return end
	}
	if end = t.skipFlowSpace(end); t.text[end] == ',' {
		end = t.skipFlowSpace(end + 1)
	}
	return end + 1
}

// scalarEnd is where a scalar ends, and whether it does so on its own line.
func (t *tree) scalarEnd(n *yaml.Node) (end int, ok bool) {
	at := t.at(n)
	switch n.Style {
	case yaml.SingleQuotedStyle, yaml.DoubleQuotedStyle:
		return t.quotedEnd(at)
	case 0:
		return at + len(n.Value), bytes.HasPrefix(t.text[at:], []byte(n.Value))
	}
	return at, false
}

// quotedEnd is where the quoted scalar that starts at the offset ends.
func (t *tree) quotedEnd(at int) (end int, ok bool) {
	quote := t.text[at]
	for i := at + 1; i < len(t.text) && t.text[i] != '\n'; i++ {
		switch {
		case quote == '"' && t.text[i] == '\\' && !t.endsAt(i+1):
			i++
		case quote == '\'' && bytes.HasPrefix(t.text[i:], []byte("''")):
			i++
		case t.text[i] == quote:
			return i + 1, true
		}
	}
	return at, false
}

// endsAt reports whether a line ends at the offset.
func (t *tree) endsAt(at int) bool { return at == t.lineEnd(at) }

// skipFlowSpace is where the next token of a flow collection starts: past white
// space, line ends and comments.
func (t *tree) skipFlowSpace(at int) int {
	for at < len(t.text) {
		switch t.text[at] {
		case ' ', '\t', '\r', '\n':
			at++
		case '#':
			at = t.lineEnd(at)
		default:
			return at
		}
	}
	return at
}

func isFlow(n *yaml.Node) bool { return n.Style&yaml.FlowStyle != 0 }

// value finds the value of a mapping's key, nil where there is none.
func value(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}
