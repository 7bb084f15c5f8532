package env

import (
	"encoding/json"
	"fmt"
	"unicode/utf8"
)

// jsonObject is one object of strings, a variable a line, in the order of
// Variables.
type jsonObject struct{}

// Name is "json".
func (jsonObject) Name() string { return "json" }

// Extension is ".json".
func (jsonObject) Extension() string { return ".json" }

// Render refuses only what no environment or no JSON text can hold.
func (d jsonObject) Render(e Environment, show Secrets) ([]byte, error) {
	out, separator := []byte("{"), "\n  "
	for _, a := range e.Assignments {
		value, err := a.Value(show)
		if err != nil {
			return nil, err
		}
		member, err := d.member(a, value)
		clear(value)
		if err != nil {
			clear(out)
			return nil, err
		}
		out = append(append(out, separator...), member...)
		clear(member)
		separator = ",\n  "
	}
	return append(out, "\n}\n"...), nil
}

func (d jsonObject) member(a Assignment, value []byte) ([]byte, error) {
	if at := firstUnfit(value); at >= 0 {
		return nil, unfit(d, a, value, at, "an environment holds UTF-8 text without the character NUL")
	}
	text, err := json.Marshal(string(value))
	if err != nil {
		return nil, fmt.Errorf("failed to write %s as JSON: %w", a.Name, err)
	}
	defer clear(text)
	return fmt.Appendf(nil, "%q: %s", a.Name, text), nil
}

// firstUnfit is the offset of the first NUL or byte that is not UTF-8, or -1.
func firstUnfit(value []byte) int {
	for at := 0; at < len(value); {
		r, size := utf8.DecodeRune(value[at:])
		if r == 0 || r == utf8.RuneError && size == 1 {
			return at
		}
		at += size
	}
	return -1
}
