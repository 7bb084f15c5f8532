package envfile

import (
	"bytes"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/rawtext"
)

// checkText finds what no program reads as it is meant.
func checkText(path string, text []byte) error {
	if flaw := rawtext.Check(text); flaw != nil {
		return hostenv.Malformed(path, flaw.Line, flaw.Column, flaw.Message, flaw.Hint)
	}
	if at := bytes.IndexByte(text, 0); at >= 0 {
		line, column := hostenv.Position(text, at)
		return hostenv.Malformed(path, line, column, "this is no text: it holds a zero byte", "name an env file")
	}
	return nil
}
