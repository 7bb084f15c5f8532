package keys

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
)

// longestLine bounds a line of a list, in bytes: an issuers list of a thousand
// keys fits.
const longestLine = 64 << 10

// Slot is what the value of a variable is to be: one key, or a list of them.
type Slot struct {
	Want Want
	List bool
}

// Found is a text that stands where a key is expected.
type Found struct {
	Line     int    // from 1
	Variable string // the variable whose value it is, "" elsewhere
	Entry    int    // in a list, from 1; else 0
	Want     Want
	Text     []byte // valid until the next one
}

// Scan reads keys one a line, issuers lists with commas, env files, and texts
// that hold keys such as YAML, JSON and logs, in constant memory: whatever stands
// in r, in order, until yield says stop. Blank lines, comments and variables
// without a slot are passed over, and all of a text but its keys. Entries of a
// list are handed on as they stand, blanks included, since no host trims them.
func Scan(r io.Reader, slots map[string]Slot, want Want, yield func(Found) bool) error {
	lines := bufio.NewReaderSize(r, longestLine)
	text := false
	for number := 1; ; number++ {
		line, err := lines.ReadSlice('\n')
		last := errors.Is(err, io.EOF)
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return fmt.Errorf("line %d is longer than %d bytes", number, longestLine)
		case err != nil && !last:
			return fmt.Errorf("failed to read line %d: %w", number, err)
		}
		text = isText(line, text)
		if !scanLine(line, number, text, slots, want, yield) || last {
			return nil
		}
	}
}

func scanLine(line []byte, number int, text bool, slots map[string]Slot, want Want, yield func(Found) bool) bool {
	line = bytes.TrimSuffix(bytes.TrimSuffix(line, []byte("\n")), []byte("\r"))
	if trimmed := bytes.TrimSpace(line); len(trimmed) == 0 || trimmed[0] == '#' {
		return true
	}
	found := Found{Line: number, Want: want}
	slot := Slot{Want: want, List: true}
	if name, value, ok := assignment(line); ok {
		var known bool
		if slot, known = slots[name]; !known {
			return true
		}
		line, found.Variable, found.Want = value, name, slot.Want
	} else if text {
		return scanText(line, found, slots, yield)
	}
	if !slot.List || bytes.IndexByte(line, ',') < 0 {
		found.Text = line
		return yield(found)
	}
	for entry := range bytes.SplitSeq(line, []byte(",")) {
		found.Entry++
		found.Text = entry
		if !yield(found) {
			return false
		}
	}
	return true
}

// assignment splits NAME=VALUE, with or without export in front.
func assignment(line []byte) (name string, value []byte, ok bool) {
	left, value, ok := bytes.Cut(line, []byte("="))
	if !ok || len(left) >= PublicKeyLength-farOff { // that long, it is a key with padding
		return "", nil, false
	}
	left = bytes.TrimPrefix(bytes.TrimSpace(left), []byte("export "))
	isName := len(left) > 0 && bytes.IndexFunc(left, func(r rune) bool {
		return !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_", r)
	}) < 0
	return string(left), value, isName
}
