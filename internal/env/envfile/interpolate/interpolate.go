// Package interpolate puts values in the place of $NAME and ${NAME…}, as docker
// compose does: by compose's own library, which is kept from logging.
package interpolate

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/compose-spec/compose-go/v2/template"
)

// Value is that of a variable.
type Value struct {
	Text   string
	Set    bool
	Unsure bool // a part of it, or whether it is set, is not known
}

// Lookup gives the value of a variable.
type Lookup func(name string) Value

// The bounds of a text in which something is replaced: compose's library takes
// the square of its length where braces nest.
const (
	sizeLimit  = 1 << 16 // in bytes
	depthLimit = 32
)

var (
	errLong    = errors.New("a text with a $ in it is too long, or too deeply nested")
	errBraces  = errors.New("a brace that opens behind a $ is never closed")
	errInvalid = errors.New("what follows a $ is neither a name nor another $")
)

// Result is a text with its variables replaced.
type Result struct {
	Text    string
	Missing []string // the names whose value is not known and that the text needs
}

// Known reports whether every part of the text is known.
func (r Result) Known() bool { return len(r.Missing) == 0 }

// Text replaces the variables of a text. A variable that nobody sets is empty,
// as for compose, but listed as missing. The error says why compose refuses the
// text, and repeats nothing of it.
func Text(text string, lookup Lookup) (Result, error) {
	var r Result
	if !strings.Contains(text, "$") {
		return Result{Text: text}, nil
	}
	if len(text) > sizeLimit || depth(text) > depthLimit {
		return r, errLong
	}
	var out strings.Builder
	for rest := text; ; {
		at := template.DefaultPattern.FindStringIndex(rest)
		if at == nil {
			out.WriteString(rest)
			break
		}
		out.WriteString(rest[:at[0]])
		one, balanced := single(rest[at[0]:at[1]])
		if !balanced {
			return Result{}, errBraces
		}
		value, err := r.replace(one, lookup)
		if err != nil {
			return Result{}, err
		}
		out.WriteString(value)
		rest = rest[at[0]+len(one):]
	}
	r.Text = out.String()
	return r, nil
}

// depth is how deep the braces of a text nest.
func depth(text string) int {
	open, deepest := 0, 0
	for i := range len(text) {
		switch text[i] {
		case '{':
			open++
			deepest = max(deepest, open)
		case '}':
			open--
		}
	}
	return deepest
}

// replace has the library replace one reference. It logs where a plain reference
// has no value, so such names are given to it as empty.
func (r *Result) replace(reference string, lookup Lookup) (string, error) {
	plain := plainNames(reference)
	first := strings.ContainsAny(reference, ":?+-") // the library looks up the outermost name first
	value, err := template.SubstituteWithOptions(reference, func(name string) (string, bool) {
		value := lookup(name)
		missing := !value.Set && !first && slices.Contains(plain, name)
		first = false
		if missing || value.Unsure {
			r.miss(name)
		}
		return value.Text, value.Set || missing
	}, template.WithoutLogging)
	var required *template.MissingRequiredError
	switch {
	case errors.As(err, &required):
		r.miss(required.Variable)
		return "", nil
	case err != nil:
		return "", errInvalid
	}
	return value, nil
}

func (r *Result) miss(name string) {
	if !slices.Contains(r.Missing, name) {
		r.Missing = append(r.Missing, name)
	}
}

// single cuts a match of the library's pattern, which reaches to the last brace
// of a line, where its first reference ends. Not balanced: a brace is not closed.
func single(match string) (reference string, balanced bool) {
	open := 0
	for i := 0; i < len(match); i++ {
		switch match[i] {
		case '}':
			if open--; open == 0 {
				return match[:i+1], true
			}
		case '{':
			open++
			i++ // as the library does
		}
	}
	return match, open <= 0 || match == "${"
}

// plainNames are those of references without a default, also within another's.
func plainNames(reference string) []string {
	if name := strings.Trim(reference[1:], "{}"); !strings.ContainsAny(name, "$:?+-") {
		return []string{name}
	}
	if !strings.Contains(reference[1:], "$") {
		return nil
	}
	var names []string
	plain := regexp.MustCompile(`(?i)\$(?:([_a-z][_a-z0-9]*)|\{([_a-z][_a-z0-9]*)\})`)
	for _, m := range plain.FindAllStringSubmatch(reference, -1) {
		names = append(names, m[1]+m[2])
	}
	return names
}

// Needs names what a text misses, for a message.
func (r Result) Needs() string {
	return "$" + strings.Join(r.Missing, ", $")
}
