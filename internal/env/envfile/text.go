package envfile

import (
	"bytes"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
)

// checkText finds what no program reads as it is meant: another encoding, and
// what git left of a merge.
func checkText(path string, text []byte) error {
	switch {
	case bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) || wide(text):
		return hostenv.Malformed(path, 1, 1, "this is UTF-16 text (as PowerShell's > writes it), which nobody reads here", "save it as UTF-8: iconv -f UTF-16 -t UTF-8")
	case bytes.IndexByte(text, 0) >= 0:
		line, column := hostenv.Position(text, bytes.IndexByte(text, 0))
		return hostenv.Malformed(path, line, column, "this is no text: it holds a zero byte", "name an env file")
	}
	if line := conflict(text); line > 0 {
		return hostenv.Malformed(path, line, 1, "a merge conflict that git left", "settle it: keep one side, and take the lines with <<<<<<<, ======= and >>>>>>> away")
	}
	return nil
}

// wide reports whether a text is UTF-16 without a mark: every other byte of its
// start is zero.
func wide(text []byte) bool {
	start := text[:min(len(text), 64)&^1]
	if len(start) < 4 {
		return false
	}
	zeros := [2]int{}
	for i, b := range start {
		if b == 0 {
			zeros[i%2]++
		}
	}
	half := len(start) / 2
	return zeros[0] > half*3/4 && zeros[1] == 0 || zeros[1] > half*3/4 && zeros[0] == 0
}

// conflict is the line on which a merge conflict opens, 0 where there is none.
func conflict(text []byte) int {
	opens, middle := 0, false
	for _, l := range hostenv.Lines(text) {
		switch {
		case opens == 0 && bytes.HasPrefix(l.Text, []byte("<<<<<<< ")):
			opens = l.Number
		case opens > 0 && bytes.HasPrefix(l.Text, []byte("=======")):
			middle = true
		case middle && bytes.HasPrefix(l.Text, []byte(">>>>>>>")):
			return opens
		}
	}
	return 0
}
