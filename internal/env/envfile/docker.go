package envfile

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/latch-keys/latch/internal/lattice"
)

// docker is the parser of --env-file, which takes a line as it stands. Source:
// docker/cli pkg/kvfile.
type docker struct{}

// Name is "docker".
func (docker) Name() string { return "docker" }

// About names docker and kubectl.
func (docker) About() string { return "docker run --env-file, kubectl --from-env-file" }

func (docker) read(h *Host, text []byte) {
	for _, l := range lines(bytes.TrimPrefix(text, []byte(byteOrderMark))) {
		if !utf8.Valid(l.text) {
			h.note(l.number, 1, lattice.SeverityError, RuleSyntax, "docker refuses the file: this line is not UTF-8", "save the file as UTF-8")
			return
		}
		body := bytes.TrimLeftFunc(bytes.TrimSuffix(l.text, []byte("\r")), unicode.IsSpace)
		if len(body) == 0 || body[0] == '#' {
			continue
		}
		name, value, set := bytes.Cut(body, []byte("="))
		switch {
		case len(name) == 0 || bytes.ContainsAny(name, " \t"):
			h.refuseName(l, name, "docker refuses the file")
		case set:
			h.set(string(name), l, value)
		}
	}
}

// set adds an entry with a copy of the value.
func (h *Host) set(name string, l line, value []byte) {
	column := 1 + bytes.Index(l.text, value)
	h.add(name, l.number, max(column, 1), bytes.Clone(value))
}

// refuseName says what is wrong before the equals sign; what stands there may be
// anything, so only the known wrongs are named.
func (h *Host) refuseName(l line, name []byte, consequence string) {
	trimmed := bytes.TrimSpace(name)
	switch {
	case bytes.HasPrefix(trimmed, []byte(byteOrderMark)):
		h.note(l.number, 1, lattice.SeverityError, RuleMark, consequence+": a byte order mark opens it", markHint)
	case bytes.HasPrefix(trimmed, []byte("export ")) || bytes.HasPrefix(trimmed, []byte("export\t")):
		h.note(l.number, 1, lattice.SeverityError, RuleExport, consequence+`: the word export stands before the name`, "take the word away, or have a shell read the file")
	case len(trimmed) == 0:
		h.note(l.number, 1, lattice.SeverityError, RuleName, consequence+": no name stands before the =", "write NAME=VALUE")
	default:
		h.note(l.number, 1, lattice.SeverityError, RuleName, consequence+": a blank stands in the name or before the =", "write NAME=VALUE, without blanks")
	}
}
