package schema

import (
	"encoding/json"
	"testing"
)

// Properties stand in the order in which they were given, which is the one that
// editors offer them in.
func TestPropertiesKeepTheirOrder(t *testing.T) {
	t.Parallel()
	s := Object(Property{"z", Text("^a$")}, Property{"a", List(Truth())}, Property{"m", Number(0, 9)})
	got, err := json.Marshal(s)
	const want = `{"type":"object","properties":{"z":{"type":"string","pattern":"^a$"},` +
		`"a":{"type":"array","items":{"type":"boolean"}},"m":{"type":"integer","minimum":0,"maximum":9}},"additionalProperties":false}`
	if err != nil || string(got) != want {
		t.Errorf("got %s (%v), want %s", got, err, want)
	}
}
