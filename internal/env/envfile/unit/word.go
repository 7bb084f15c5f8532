package unit

import (
	"bytes"
	"strconv"
)

// words are the parts of a value, quotes and escapes taken away. What keeps systemd
// from reading on is the flaw, "" for nothing; the words before it count.
func words(value []byte) (all [][]byte, flaw string) {
	var word []byte
	within, quote := false, byte(0)
	for len(value) > 0 {
		c := value[0]
		switch {
		case c == '\\':
			read, rest, known := unescaped(value)
			if !known {
				return all, "what stands behind a backslash is no escape"
			}
			word, value, within = append(word, read...), rest, true
			continue
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '\''):
			quote, within = c, true
		case quote == 0 && bytes.IndexByte([]byte(blank), c) >= 0:
			if within {
				all, word, within = append(all, word), nil, false
			}
		default:
			word, within = append(word, c), true
		}
		value = value[1:]
	}
	if quote != 0 {
		return all, "a quote is not closed"
	}
	if within {
		all = append(all, word)
	}
	return all, ""
}

// unescaped is what the escape that opens a text stands for, and the text behind it.
func unescaped(text []byte) (read, rest []byte, known bool) {
	if len(text) > 1 {
		switch c := text[1]; c {
		case 's':
			return []byte(" "), text[2:], true
		case '"', '\'':
			return []byte{c}, text[2:], true
		}
	}
	value, wide, tail, err := strconv.UnquoteChar(string(text), 0)
	switch {
	case err != nil || value == 0:
		return nil, nil, false
	case wide:
		return []byte(string(value)), []byte(tail), true
	}
	return []byte{byte(value)}, []byte(tail), true
}
