package serdejson

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// loneSurrogate finds an escape of half a character: serde_json refuses it,
// encoding/json puts a replacement in its place.
func loneSurrogate(text []byte) (at int, found bool) {
	for at := bytes.IndexByte(text, '\\'); at >= 0 && at < len(text); {
		unit, ok := escapedUnit(text[at:])
		step := 2
		if ok {
			step = 6
			switch {
			case unit >= 0xdc00 && unit <= 0xdfff:
				return at + step, true
			case unit >= 0xd800 && unit <= 0xdbff:
				low, pair := escapedUnit(text[at+step:])
				if !pair || low < 0xdc00 || low > 0xdfff {
					return at + step, true
				}
				step = 12
			}
		}
		next := bytes.IndexByte(text[min(at+step, len(text)):], '\\')
		if next < 0 {
			break
		}
		at += step + next
	}
	return 0, false
}

// escapedUnit reads \uXXXX at the start of text.
func escapedUnit(text []byte) (uint64, bool) {
	if len(text) < 6 || text[0] != '\\' || text[1] != 'u' {
		return 0, false
	}
	unit, err := strconv.ParseUint(string(text[2:6]), 16, 16)
	return unit, err == nil
}

// tooDeep finds where values are nested deeper than serde_json follows.
func tooDeep(text []byte) (at int, found bool) {
	depth, inString := 0, false
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case inString && c == '\\':
			i++
		case c == '"':
			inString = !inString
		case inString:
		case c == '{' || c == '[':
			if depth++; depth > mostNesting {
				return i + 1, true
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	return 0, false
}

// RepeatedMember finds a member that an object of the text has twice, however
// deep and however spelled: two readers may each take another one. The text
// must be valid JSON.
func RepeatedMember(text []byte) (name string, found bool) {
	decoder := json.NewDecoder(bytes.NewReader(text))
	type level struct {
		seen map[string]bool // nil in an array
		key  bool            // whether a member's name comes next
	}
	var open []level
	for {
		token, err := decoder.Token()
		if err != nil {
			return "", false
		}
		var top *level
		if len(open) > 0 {
			top = &open[len(open)-1]
		}
		if delim, ok := token.(json.Delim); ok && (delim == '}' || delim == ']') {
			open = open[:len(open)-1]
			continue
		}
		if top != nil && top.seen != nil && top.key {
			name, _ := token.(string)
			if top.seen[name] {
				return name, true
			}
			top.seen[name], top.key = true, false
			continue
		}
		if top != nil {
			top.key = true
		}
		switch token {
		case json.Delim('{'):
			open = append(open, level{seen: map[string]bool{}, key: true})
		case json.Delim('['):
			open = append(open, level{})
		}
	}
}
