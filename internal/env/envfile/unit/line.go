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

// blank is what systemd takes for white space.
const blank = " \t\r\n"

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
	for _, l := range joined(text) {
		body := bytes.Trim(l.Text, blank)
		name, value, set := bytes.Cut(l.Text, []byte("="))
		switch {
		case len(body) > 1 && body[0] == '[' && body[len(body)-1] == ']':
			section = string(body[1 : len(body)-1])
		case set:
			column := len(name) + 2 + len(value) - len(bytes.TrimLeft(value, blank))
			all = append(all, setting{section, string(bytes.Trim(name, blank)), bytes.Clone(bytes.Trim(value, blank)), l.Number, column})
		}
		clear(l.Text)
	}
	return all
}

// joined are copies of the lines of a text, each with those that continue it.
// Comments are left out, also between continued lines.
func joined(text []byte) []hostenv.Line {
	var all []hostenv.Line
	continued := false
	for _, l := range hostenv.Lines(text) {
		line := bytes.Clone(bytes.TrimRight(l.Text, "\r"))
		if start := bytes.TrimLeft(line, blank); len(start) > 0 && (start[0] == '#' || start[0] == ';') {
			continue
		}
		continues := continued
		if continued = escaped(line); continued {
			line[len(line)-1] = ' '
		}
		if !continues {
			all = append(all, hostenv.Line{Number: l.Number, Text: line})
			continue
		}
		last := &all[len(all)-1]
		last.Text = append(last.Text, line...)
		clear(line)
	}
	return all
}

// escaped reports whether the end of a line is behind a backslash: two of them
// stand for one.
func escaped(line []byte) bool {
	return (len(line)-len(bytes.TrimRight(line, `\`)))%2 == 1
}
