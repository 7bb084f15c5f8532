package wasmbus

import (
	"errors"
	"unicode/utf8"
)

// What a reply may be at most. Linux starts no program with a variable over 128
// KiB, so that no host accepts more than some 2,300 issuers.
const (
	mostBytes   = 256 << 10
	mostDepth   = 8
	mostIssuers = 4096
	mostMembers = 4096 // of all objects and lists of a reply

	// An inventory lists what runs, each actor with all of its instances.
	mostInventoryBytes   = 16 << 20
	mostInventoryMembers = 1 << 20

	longestText = 255 // bytes of a name, a version, or a label with its value
	mostLabels  = 64

	mostOdd    = 8  // texts that are no keys, of one list
	longestOdd = 64 // bytes of one of them

	mostLists = 1024    // that are remembered
	mostKeys  = 1 << 16 // likewise
)

var errTooLarge = errors.New("it is larger than any host's")

// checkBounds refuses what no host sends, before anything is made of it: text that
// is too large, or nested too deep, or of too many parts. Whether it is JSON at all
// shows when it is read.
func checkBounds(data []byte, mostBytes, mostMembers int) error {
	if len(data) > mostBytes {
		return errTooLarge
	}
	if !utf8.Valid(data) {
		return malformed("it is no text in UTF-8")
	}
	depth, members, quoted := 0, 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			if depth++; depth > mostDepth {
				return malformed("it is nested deeper than %d", mostDepth)
			}
		case c == '}' || c == ']':
			depth--
		case c == ',':
			if members++; members > mostMembers {
				return malformed("it has more than %d members", mostMembers)
			}
		}
	}
	return nil
}
