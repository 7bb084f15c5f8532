// Package rawtext tells what keeps a text from being read as it is meant, before
// anything is read in it: another encoding, or what git left of a merge.
package rawtext

import "bytes"

// Flaw is what is wrong with a text, where it shows, and what to do.
type Flaw struct {
	Line, Column  int // from 1
	Message, Hint string
}

// Check gives the flaw of a text, nil where there is none. A byte order mark is
// none by itself: some readers take it.
func Check(text []byte) *Flaw {
	if IsUTF16(text) {
		return &Flaw{1, 1, "this is UTF-16 text (as PowerShell's > writes it), which nobody reads here", "save it as UTF-8: iconv -f UTF-16 -t UTF-8"}
	}
	if line := conflict(text); line > 0 {
		return &Flaw{line, 1, "a merge conflict that git left", "settle it: keep one side, and take the lines with <<<<<<<, ======= and >>>>>>> away"}
	}
	return nil
}

// mark is the byte order mark in UTF-8.
const mark = "\xef\xbb\xbf"

// HasMark tells whether a byte order mark opens the text.
func HasMark(text []byte) bool { return bytes.HasPrefix(text, []byte(mark)) }

// IsUTF16 tells whether a text is UTF-16: by its mark, or since every other byte
// of its start is zero. The first 64 bytes are enough.
func IsUTF16(text []byte) bool {
	if bytes.HasPrefix(text, []byte("\xff\xfe")) || bytes.HasPrefix(text, []byte("\xfe\xff")) {
		return true
	}
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
	opens, middle, number := 0, false, 0
	for line := range bytes.Lines(text) {
		number++
		switch {
		case opens == 0 && bytes.HasPrefix(line, []byte("<<<<<<< ")):
			opens = number
		case opens > 0 && bytes.HasPrefix(line, []byte("=======")):
			middle = true
		case middle && bytes.HasPrefix(line, []byte(">>>>>>>")):
			return opens
		}
	}
	return 0
}
