package envfile

import (
	"bytes"
	"regexp"

	"github.com/latch-keys/latch/internal/lattice"
)

// otp is the reader of .env in OTP hosts: both sides of the first = trimmed,
// nothing else taken away, the first of two counts, an empty value is none.
// Source: autodidaddict/vapor lib/vapor/providers/dotenv.ex.
type otp struct{}

// Name is "otp".
func (otp) Name() string { return "otp" }

// About names the OTP host.
func (otp) About() string { return "the OTP host, .env in its folder" }

func (otp) read(h *Host, text []byte) {
	h.firstCounts = true
	heredoc := regexp.MustCompile(`<<\s*['"]?([A-Z]+)['"]?\s*`)
	var open *heredocument
	for _, l := range lines(text) {
		switch {
		case len(l.text) == 0:
		case open != nil && bytes.Equal(bytes.TrimSpace(l.text), open.delimiter):
			h.add(open.name, open.line, 1, bytes.Join(open.lines, []byte("\n")))
			open = nil
		case open != nil:
			open.lines = append(open.lines, l.text)
		case bytes.HasPrefix(bytes.TrimSpace(l.text), []byte("#")):
		default:
			name, value, set := bytes.Cut(l.text, []byte("="))
			if !set || len(name) == 0 || len(value) == 0 {
				h.noAssignment(l, name, set)
				continue
			}
			name, value = bytes.TrimSpace(name), bytes.TrimSpace(value)
			if start := heredoc.FindSubmatch(value); start != nil {
				open = &heredocument{name: string(name), line: l.number, delimiter: start[1]}
				continue
			}
			if bytes.ContainsAny(name, " \t") {
				h.refuseName(l, name, "an OTP host sets no variable here")
				continue
			}
			h.set(string(name), l, value)
		}
	}
	if open != nil {
		h.note(open.line, 1, lattice.SeverityError, RuleSyntax, "an OTP host crashes: the text that starts here with << has no end", "write NAME=VALUE")
	}
}

// heredocument is a value of several lines, up to its delimiter.
type heredocument struct {
	name      string
	line      int
	delimiter []byte
	lines     [][]byte
}

func (h *Host) noAssignment(l line, name []byte, set bool) {
	switch {
	case !set && len(bytes.TrimSpace(l.text)) > 0:
		h.note(l.number, 1, lattice.SeverityWarning, RuleSyntax, "an OTP host skips this line: it has no =", "write NAME=VALUE, or # before a comment")
	case set && len(name) > 0:
		h.note(l.number, 1, lattice.SeverityWarning, RuleEmpty, "an OTP host takes an empty value for no value", "give it a value, or take the line away")
	case set:
		h.refuseName(l, name, "an OTP host skips this line")
	}
}
