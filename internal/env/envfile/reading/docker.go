package reading

import (
	"bytes"
	"unicode"
	"unicode/utf8"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
)

// docker is the parser of --env-file, which takes a line as it stands. Source:
// docker/cli pkg/kvfile.
type docker struct{}

// Name is "docker".
func (docker) Name() string { return "docker" }

// About names docker and kubectl.
func (docker) About() string { return "docker run --env-file, kubectl --from-env-file" }

// Read reads line by line.
func (docker) Read(h *hostenv.Host, text []byte) {
	h.KeepsBlanks = true
	for _, l := range hostenv.Lines(bytes.TrimPrefix(text, []byte(hostenv.ByteOrderMark))) {
		if !utf8.Valid(l.Text) {
			h.Note(l.Number, 1, finding.Error, hostenv.RuleSyntax, "docker refuses the file: this line is not UTF-8", "save the file as UTF-8")
			return
		}
		body := bytes.TrimLeftFunc(bytes.TrimSuffix(l.Text, []byte("\r")), unicode.IsSpace)
		if len(body) == 0 || body[0] == '#' {
			continue
		}
		name, value, set := bytes.Cut(body, []byte("="))
		switch {
		case len(name) == 0 || bytes.ContainsAny(name, " \t"):
			refuseName(h, l, name, "docker refuses the file")
		case set:
			h.Add(string(name), l.Number, 1+bytes.IndexByte(l.Text, '=')+1, bytes.Clone(value))
		}
	}
}

// refuseName says what is wrong before the equals sign; what stands there may be
// anything, so only the known wrongs are named.
func refuseName(h *hostenv.Host, l hostenv.Line, name []byte, consequence string) {
	trimmed := bytes.TrimSpace(name)
	switch {
	case bytes.HasPrefix(trimmed, []byte(hostenv.ByteOrderMark)):
		h.Note(l.Number, 1, finding.Error, hostenv.RuleMark, consequence+": a byte order mark opens it", hostenv.MarkHint)
	case bytes.HasPrefix(trimmed, []byte("export ")) || bytes.HasPrefix(trimmed, []byte("export\t")):
		h.Note(l.Number, 1, finding.Error, hostenv.RuleExport, consequence+`: the word export stands before the name`, "take the word away, or have a shell read the file")
	case len(trimmed) == 0:
		h.Note(l.Number, 1, finding.Error, hostenv.RuleName, consequence+": no name stands before the =", "write NAME=VALUE")
	default:
		h.Note(l.Number, 1, finding.Error, hostenv.RuleName, consequence+": a blank stands in the name or before the =", "write NAME=VALUE, without blanks")
	}
}
