package serdejson

import (
	"bytes"
	"encoding/json"
)

// cursor walks through a text that is known to be valid JSON, token by token,
// and knows where it stands. encoding/json's own Decoder does the same at three
// times the cost, which is most of what a verifier does beside the signature.
type cursor struct {
	text []byte
	at   int // how much was consumed
}

// kind is the first character of the next value: one of { [ " t f n, a digit or
// a minus; or } ] at the end of one, 0 at the end of the text.
func (c *cursor) kind() byte {
	for c.at < len(c.text) {
		switch c.text[c.at] {
		case ' ', '\t', '\n', '\r', ',', ':':
			c.at++
		default:
			return c.text[c.at]
		}
	}
	return 0
}

// step consumes one character, a bracket or a brace.
func (c *cursor) step() { c.at++ }

// scalar consumes a string, a number or a word, and gives it as it is spelled.
func (c *cursor) scalar() []byte {
	from := c.at
	if c.text[from] != '"' {
		for c.at < len(c.text) && !bytes.ContainsRune([]byte(" \t\r\n,:]}"), rune(c.text[c.at])) {
			c.at++
		}
		return c.text[from:c.at]
	}
	for c.at++; c.text[c.at] != '"'; c.at++ {
		if c.text[c.at] == '\\' {
			c.at++
		}
	}
	c.at++
	return c.text[from:c.at]
}

// skip consumes a value whole, however nested.
func (c *cursor) skip() {
	depth := 0
	for {
		switch c.kind() {
		case 0:
			return
		case '{', '[':
			depth++
			c.step()
		case '}', ']':
			depth--
			c.step()
		default:
			c.scalar()
		}
		if depth == 0 {
			return
		}
	}
}

// unquoted is the string that a JSON string spells.
func unquoted(spelled []byte) string {
	inner := spelled[1 : len(spelled)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	var text string
	if err := json.Unmarshal(spelled, &text); err != nil {
		return string(inner) // not in valid JSON
	}
	return text
}
