package reading

import (
	"bytes"
	"regexp"
	"unicode"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
)

// otp is the reader of .env in OTP hosts: both sides of the first = trimmed,
// nothing else taken away, the first of two counts, an empty value is none.
// Source: autodidaddict/vapor lib/vapor/providers/dotenv.ex.
type otp struct{}

// Name is "otp".
func (otp) Name() string { return "otp" }

// About names the OTP host.
func (otp) About() string { return "the OTP host, .env in its folder" }

func (otp) Read(h *hostenv.Host, text []byte) {
	h.FirstCounts = true
	heredoc := regexp.MustCompile(`<<\s*['"]?([A-Z]+)['"]?\s*`)
	var open *heredocument
	for _, l := range hostenv.Lines(text) {
		switch {
		case len(l.Text) == 0:
		case open != nil && bytes.Equal(bytes.TrimSpace(l.Text), open.delimiter):
			h.Add(open.name, open.line, 1, bytes.Join(open.lines, []byte("\n")))
			open = nil
		case open != nil:
			open.lines = append(open.lines, l.Text)
		case bytes.HasPrefix(bytes.TrimSpace(l.Text), []byte("#")):
		default:
			name, value, set := bytes.Cut(l.Text, []byte("="))
			if !set || len(name) == 0 || len(value) == 0 {
				noAssignment(h, l, name, set)
				continue
			}
			column := len(l.Text) - len(bytes.TrimLeftFunc(value, unicode.IsSpace)) + 1
			name, value = bytes.TrimSpace(name), bytes.TrimSpace(value)
			if start := heredoc.FindSubmatch(value); start != nil {
				open = &heredocument{name: string(name), line: l.Number, delimiter: start[1]}
				continue
			}
			if bytes.ContainsAny(name, " \t") {
				refuseName(h, l, name, "an OTP host sets no variable here")
				continue
			}
			h.Add(string(name), l.Number, column, bytes.Clone(value))
		}
	}
	if open != nil {
		h.Note(open.line, 1, finding.Error, hostenv.RuleSyntax, "an OTP host crashes: the text that starts here with << has no end", "write NAME=VALUE")
	}
}

// heredocument is a value of several lines, up to its delimiter.
type heredocument struct {
	name      string
	line      int
	delimiter []byte
	lines     [][]byte
}

func noAssignment(h *hostenv.Host, l hostenv.Line, name []byte, set bool) {
	switch {
	case !set && len(bytes.TrimSpace(l.Text)) > 0:
		h.Note(l.Number, 1, finding.Warning, hostenv.RuleSyntax, "an OTP host skips this line: it has no =", "write NAME=VALUE, or # before a comment")
	case set && len(name) > 0:
		h.Note(l.Number, 1, finding.Warning, hostenv.RuleEmpty, "an OTP host takes an empty value for no value", "give it a value, or take the line away")
	case set:
		refuseName(h, l, name, "an OTP host skips this line")
	}
}
