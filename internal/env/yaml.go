package env

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// yamlHead is the comment at the start of a YAML file, with room for the rest.
func yamlHead(d Dialect, e Environment, show Secrets) ([]byte, error) {
	out, err := header(d, e, opening(e, show))
	return slices.Grow(out, room(e)), err
}

// yamlText appends a value as a double-quoted scalar of ASCII, so that no reader
// takes it for anything but a text.
func yamlText(out, value []byte) []byte {
	out = append(out, '"')
	for len(value) > 0 {
		r, size := utf8.DecodeRune(value)
		value = value[size:]
		switch {
		case r == '"' || r == '\\':
			out = append(out, '\\', byte(r))
		case ' ' <= r && r <= '~':
			out = append(out, byte(r))
		case r > 0xffff:
			out = fmt.Appendf(out, `\U%08x`, r)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return append(out, '"')
}

// yamlKey is the name of a variable as a key, in quotes where a reader of YAML 1.1
// takes the bare word for a boolean or for nothing.
func yamlKey(name string) string {
	switch strings.ToLower(name) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null":
		return `"` + name + `"`
	}
	return name
}
