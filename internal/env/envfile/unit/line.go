package unit

import (
	"bytes"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
)

// setting is one line of a section: NAME=VALUE, continued lines joined.
type setting struct {
	section, name string
	value         []byte
	line, column  int // of the value
}

// Is reports whether a text is a unit or a drop-in: it opens a section before it
// sets anything.
func Is(text []byte) bool {
	for _, l := range hostenv.Lines(text) {
		body := bytes.TrimSpace(l.Text)
		if len(body) == 0 || body[0] == '#' || body[0] == ';' {
			continue
		}
		return body[0] == '[' && body[len(body)-1] == ']'
	}
	return false
}

// settings are those of a text, in its order.
func settings(text []byte) []setting {
	var all []setting
	section := ""
	var open *setting
	for _, l := range hostenv.Lines(text) {
		body := bytes.TrimRight(l.Text, " \t\r")
		trimmed := bytes.TrimLeft(body, " \t")
		switch {
		case len(trimmed) > 0 && (trimmed[0] == '#' || trimmed[0] == ';'): // also between continued lines
		case open != nil:
			open.value = append(append(bytes.TrimSuffix(open.value, []byte(`\`)), ' '), trimmed...)
			if !bytes.HasSuffix(body, []byte(`\`)) {
				open = nil
			}
		case len(trimmed) > 1 && trimmed[0] == '[' && trimmed[len(trimmed)-1] == ']':
			section = string(trimmed[1 : len(trimmed)-1])
		default:
			name, value, set := bytes.Cut(body, []byte("="))
			if !set {
				continue
			}
			column := len(name) + 2 + len(value) - len(bytes.TrimLeft(value, " \t"))
			all = append(all, setting{section, string(bytes.TrimSpace(name)), bytes.Clone(bytes.TrimSpace(value)), l.Number, column})
			if bytes.HasSuffix(body, []byte(`\`)) {
				open = &all[len(all)-1]
			}
		}
	}
	return all
}

// words are the parts of a value, quotes and escapes taken away. False: a quote
// is not closed.
func words(value []byte) ([][]byte, bool) {
	var all [][]byte
	var word []byte
	within, quote := false, byte(0)
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch {
		case c == '\\' && i+1 < len(value):
			i++
			within = true
			word = append(word, unescaped(value[i])...)
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, within = c, true
		case quote == 0 && (c == ' ' || c == '\t'):
			if within {
				all, word, within = append(all, word), nil, false
			}
		default:
			word, within = append(word, c), true
		}
	}
	if within {
		all = append(all, word)
	}
	return all, quote == 0
}

// unescaped is what a letter behind a backslash stands for.
func unescaped(c byte) []byte {
	const letters, values = `abfnrtvs`, "\a\b\f\n\r\t\v "
	if i := bytes.IndexByte([]byte(letters), c); i >= 0 {
		return []byte{values[i]}
	}
	if c == '\\' || c == '"' || c == '\'' {
		return []byte{c}
	}
	return []byte{'\\', c}
}
