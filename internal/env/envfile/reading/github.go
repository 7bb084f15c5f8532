package reading

import (
	"bytes"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/finding"
)

// github is the runner of GitHub Actions with the file GITHUB_ENV: NAME=VALUE, or
// NAME<<END, lines, and END. Source: actions/runner FileCommandManager.cs.
type github struct{}

// Name is "github".
func (github) Name() string { return "github" }

// About names the runner.
func (github) About() string { return "GitHub Actions, the file GITHUB_ENV" }

func (github) Read(h *hostenv.Host, text []byte) {
	lines := hostenv.Lines(bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n")))
	for i := 0; i < len(lines); i++ {
		l := lines[i]
		equals, open := bytes.IndexByte(l.Text, '='), bytes.Index(l.Text, []byte("<<"))
		switch {
		case len(l.Text) == 0:
		case open >= 0 && (equals < 0 || open < equals):
			end := closing(lines, i, l.Text[open+2:])
			if end < 0 {
				h.Note(l.Number, open+1, finding.Error, hostenv.RuleSyntax, "the runner refuses the file: the text that opens here with << has no end", "write NAME=VALUE")
				return
			}
			var value [][]byte
			for _, inside := range lines[i+1 : end] {
				value = append(value, inside.Text)
			}
			h.Add(string(l.Text[:open]), l.Number, open+1, bytes.Join(value, []byte("\n")))
			i = end
		case equals > 0:
			h.Add(string(l.Text[:equals]), l.Number, equals+2, bytes.Clone(l.Text[equals+1:]))
		default:
			h.Note(l.Number, 1, finding.Error, hostenv.RuleSyntax, "the runner refuses the file: this line is no NAME=VALUE", "write NAME=VALUE")
			return
		}
	}
}

// closing is the line that ends what opens on line i, -1 where there is none.
func closing(lines []hostenv.Line, i int, end []byte) int {
	for j := i + 1; j < len(lines); j++ {
		if bytes.Equal(lines[j].Text, end) {
			return j
		}
	}
	return -1
}
