package env

import (
	"encoding/json"
	"fmt"
)

const jsonExtension = ".json"

// renderJSON is one object of strings, a variable a line. It refuses only what no
// environment or no JSON text can hold.
func renderJSON(d Dialect, e Environment, show Secrets) ([]byte, error) {
	var members members
	err := eachValue(e, show, func(a Assignment, value []byte) error {
		text, err := jsonText(d, a, value)
		members.add(a.Name, text)
		return err
	})
	return members.object(err)
}

// jsonText is a value as a JSON string, for the caller to clear.
func jsonText(d Dialect, a Assignment, value []byte) ([]byte, error) {
	if err := refuseNoText(d, a, value); err != nil {
		return nil, err
	}
	text, err := json.Marshal(string(value))
	if err != nil {
		return nil, fmt.Errorf("failed to write %s as JSON: %w", a.Name, err)
	}
	return text, nil
}

// members are those of a JSON object, in the order in which they were added.
type members struct {
	names  []string
	values [][]byte
}

func (m *members) add(name string, value []byte) {
	m.names, m.values = append(m.names, name), append(m.values, value)
}

// object is the object, a member a line, unless it failed; the values are
// cleared.
func (m *members) object(failed error) ([]byte, error) {
	size := len("{\n}\n")
	for i, value := range m.values {
		size += len(m.names[i]) + len(value) + len(`  "": `+",\n")
	}
	out, separator := make([]byte, 0, size), "\n  "
	out = append(out, '{')
	for i, value := range m.values {
		out = fmt.Appendf(out, "%s%q: %s", separator, m.names[i], value)
		clear(value)
		separator = ",\n  "
	}
	if failed != nil {
		clear(out)
		return nil, failed
	}
	return append(out, "\n}\n"...), nil
}
