package yamledit

import (
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestScalarTextIsATextToEveryReader(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"web-1": "web-1", "dir:k": "dir:k", "2x": "2x",
		"": `""`, "y": `"y"`, "No": `"No"`, "null": `"null"`, "true": `"true"`, "12": `"12"`, "1e3": `"1e3"`, "0x1f": `"0x1f"`,
		"2026-11-21": `"2026-11-21"`, "dir:": `"dir:"`, "-a": `"-a"`, "~": `"~"`, "a b": `"a b"`, "a #": `"a #"`, "a\n": `"a\n"`, "é": `"é"`,
	} {
		got := scalarText(text)
		if got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
		var back []any
		if err := yaml.Unmarshal([]byte("["+got+"]"), &back); err != nil || len(back) != 1 || back[0] != text {
			t.Errorf("%q comes back as %v, %v", text, back, err)
		}
	}
}
