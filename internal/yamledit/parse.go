package yamledit

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/rawtext"
)

// Parse reads the one document of a text, which stays the caller's. Either there
// is a document or there are problems, in the order of the text.
func Parse(text []byte, format Format) (*Document, []Problem) {
	d := &Document{source: newSource(bytes.Clone(text)), format: format}
	if len(text) > format.MaxSize {
		return nil, d.fails(0, fault.New(fault.Failed, "too large for a %s: %d bytes, %d at most", format.Kind, len(text), format.MaxSize))
	}
	if flaw := rawtext.Check(text); flaw != nil {
		return nil, []Problem{{Line: flaw.Line, Column: flaw.Column, Err: fault.New(fault.Failed, "%s", flaw.Message).WithHint("%s", flaw.Hint)}}
	}
	if at, what := d.foreign(); what != "" {
		return nil, d.fails(at, fault.New(fault.Failed, "%s stands here", what).WithHint("save the file as UTF-8 text with LF or CRLF line ends"))
	}
	stream := yaml.NewDecoder(bytes.NewReader(d.text[d.start():]))
	var first, second yaml.Node
	if err := stream.Decode(&first); err != nil && !errors.Is(err, io.EOF) {
		return nil, []Problem{d.syntaxProblem(err)}
	}
	if len(first.Content) == 0 {
		return nil, d.fails(0, fault.New(fault.Failed, "the file is empty").WithHint("%s", format.IfEmpty))
	}
	switch err := stream.Decode(&second); {
	case err == nil:
		return nil, d.fails(d.offset(second.Line, second.Column), fault.New(fault.Failed, "a second document starts here; a %s is one", format.Kind))
	case !errors.Is(err, io.EOF):
		return nil, []Problem{d.syntaxProblem(err)}
	}
	r := reader{Document: d}
	d.root = r.node(first.Content[0])
	if len(r.problems) > 0 {
		slices.SortStableFunc(r.problems, func(a, b Problem) int {
			if a.Line != b.Line {
				return a.Line - b.Line
			}
			return a.Column - b.Column
		})
		return nil, r.problems
	}
	return d, nil
}

func (d *Document) problem(offset int, err error) Problem {
	line, column := d.position(offset)
	return Problem{line, column, err}
}

// fails is the one problem of a text that cannot be read any further.
func (d *Document) fails(offset int, err error) []Problem { return []Problem{d.problem(offset, err)} }

// syntaxProblem takes the line out of the parser's message. It is where the parser
// began to read what it could not finish, or one line above, and is missing for
// the first line.
func (d *Document) syntaxProblem(err error) Problem {
	message := strings.TrimPrefix(err.Error(), "yaml: ")
	line := 1
	if number, rest, ok := strings.Cut(strings.TrimPrefix(message, "line "), ": "); ok {
		if n, err := strconv.Atoi(number); err == nil {
			line, message = min(n, len(d.lines)), rest
		}
	}
	if strings.HasPrefix(message, "unknown anchor") { // repeats the text
		message = fmt.Sprintf("an alias stands here; a %s has none", d.format.Kind)
	}
	if at := d.tab(); at >= 0 && (strings.Contains(message, "tab") || strings.Contains(message, "token")) {
		return d.problem(at, fault.New(fault.Failed, "not YAML: a tab stands in the indentation").WithHint("indent with spaces"))
	}
	return Problem{Line: line, Err: fault.New(fault.Failed, "not YAML, here or further down: %s", message)}
}

// tab is the first tab in the indentation of a line, or -1.
func (s *source) tab() int {
	for _, line := range s.lines {
		if at := line + len(s.text[line:]) - len(bytes.TrimLeft(s.text[line:], " ")); at < len(s.text) && s.text[at] == '\t' {
			return at
		}
	}
	return -1
}
