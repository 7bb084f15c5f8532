package hostenv

import "bytes"

// Line is one line of a text, without its end.
type Line struct {
	Number int // from 1
	Text   []byte
}

// Lines are the lines of a text.
func Lines(text []byte) []Line {
	var all []Line
	for l := range bytes.SplitSeq(text, []byte("\n")) {
		all = append(all, Line{len(all) + 1, l})
	}
	return all
}

// ByteOrderMark is what some editors open a file with.
const ByteOrderMark = "\ufeff"

// Position is the line and column, in bytes from 1, of an offset.
func Position(text []byte, at int) (line, column int) {
	before := text[:min(at, len(text))]
	return 1 + bytes.Count(before, []byte("\n")), len(before) - bytes.LastIndexByte(before, '\n')
}

// VariableName reports whether systemd, and a shell, take it for a name.
func VariableName(name []byte) bool {
	for i, c := range name {
		letter := 'A' <= c && c <= 'Z' || 'a' <= c && c <= 'z' || c == '_'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return len(name) > 0
}
