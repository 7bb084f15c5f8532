package wasmbus

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"unicode/utf8"
)

// What a reply may be at most. Linux starts no program with a variable over 128
// KiB, so that no host accepts more than some 2,300 issuers.
const (
	mostBytes   = 256 << 10
	mostDepth   = 8
	mostIssuers = 4096
	mostMembers = 4096 // of all objects and lists of a reply

	longestText = 255 // bytes of a name, a version, or a label with its value
	mostLabels  = 64

	mostOdd    = 8  // texts that are no keys, of one list
	longestOdd = 64 // bytes of one of them

	mostLists = 1024    // that are remembered
	mostKeys  = 1 << 16 // likewise
)

var errTooLarge = errors.New("it is larger than any host's")

// checkBounds refuses what no host sends, before anything is made of it: text that
// is too large, nested too deep, or that says one thing twice.
func checkBounds(data []byte) error {
	if len(data) > mostBytes {
		return errTooLarge
	}
	if !utf8.Valid(data) {
		return malformed("it is no text in UTF-8")
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	s := shape{decoder: d}
	if err := s.value(0); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return malformed("something stands behind the JSON document")
	}
	return nil
}

// shape walks through a JSON document and counts.
type shape struct {
	decoder *json.Decoder
	members int
}

func (s *shape) value(depth int) error {
	if depth > mostDepth {
		return malformed("it is nested deeper than %d", mostDepth)
	}
	token, err := s.decoder.Token()
	if err != nil {
		return malformed("it is no JSON document")
	}
	open, compound := token.(json.Delim)
	if !compound {
		return nil
	}
	seen := map[string]bool{}
	for s.decoder.More() {
		if s.members++; s.members > mostMembers {
			return malformed("it has more than %d members", mostMembers)
		}
		if open == '{' {
			name, err := s.decoder.Token()
			if err != nil {
				return malformed("it is no JSON document")
			}
			text, _ := name.(string)
			if seen[text] {
				return malformed("it says one thing twice")
			}
			seen[text] = true
		}
		if err := s.value(depth + 1); err != nil {
			return err
		}
	}
	if _, err := s.decoder.Token(); err != nil {
		return malformed("it is no JSON document")
	}
	return nil
}
