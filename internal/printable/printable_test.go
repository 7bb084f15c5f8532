package printable_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/printable"
)

func TestLine(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"web-1":                     "web-1",
		"größe 鍵 …":                 "größe 鍵 …",
		"a\x1b]0;owned\x07b":        `a\x1b]0;owned\x07b`,
		"a\nerror: nothing is fine": `a\nerror: nothing is fine`,
		"a\r\tb":                    `a\r\tb`,
		"\u009b2J":                  `\x9b2J`,
		"user\u202egnp.exe":         `user\u202egnp.exe`,
		"zero\u200bwidth":           `zero\u200bwidth`,
		"Arabic \u061c mark":        `Arabic \u061c mark`,
		"not \xff UTF-8":            `not \xff UTF-8`,
		"a real \uFFFD":             "a real \uFFFD",
	} {
		if got := printable.Line(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := printable.Lines("two things:\nhint: rm -rf\x07\n  web-1"); got != "two things:\n  hint: rm -rf\\x07\n  web-1" {
		t.Errorf("%q", got)
	}
}

func TestWriter(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		colours bool
		writes  []string
		want    string
	}{
		"text":                    {false, []string{"NAME\tKEY\n", "a\tC1\n"}, "NAME\tKEY\na\tC1\n"},
		"colours allowed":         {true, []string{"\x1b[31mno\x1b[0m\n"}, "\x1b[31mno\x1b[0m\n"},
		"colours not allowed":     {false, []string{"\x1b[31mno"}, `\x1b[31mno`},
		"only colours":            {true, []string{"\x1b[2J\x1b]8;;http://x\x07"}, `\x1b[2J\x1b]8;;http://x\x07`},
		"a command of GitHub":     {false, []string{"::add-mask::x\n  ::error::y\na ::b\n"}, "\\x3a:add-mask::x\n  \\x3a:error::y\na ::b\n"},
		"behind other blanks":     {false, []string{"\u00a0::x\n\u3000 ::y\n\v::z\n"}, "\u00a0\\x3a:x\n\u3000 \\x3a:y\n\\x0b\\x3a:z\n"},
		"a command in two writes": {false, []string{"name ", "::warning::x\n", "::warning::x"}, "name ::warning::x\n\\x3a:warning::x"},
		"a command of Azure":      {false, []string{"a ##vso[task.setvariable]b ##[set-env]\n"}, "a #\\x23vso[task.setvariable]b #\\x23[set-env]\n"},
	} {
		var got strings.Builder
		w := printable.NewWriter(&got, c.colours)
		for _, text := range c.writes {
			if n, err := w.Write([]byte(text)); n != len(text) || err != nil {
				t.Errorf("%s: %d, %v", name, n, err)
			}
		}
		if got.String() != c.want {
			t.Errorf("%s: %q, want %q", name, got.String(), c.want)
		}
	}
}

// A document says the same, without a character that a terminal obeys.
func TestJSON(t *testing.T) {
	t.Parallel()
	const name = "größe \u009b2J \u202egnp \x7f"
	var b strings.Builder
	if err := json.NewEncoder(printable.JSON(&b)).Encode(name); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(b.String(), "\u009b\u202e\x7f") || !strings.Contains(b.String(), "größe") {
		t.Errorf("%q", b.String())
	}
	var back string
	if err := json.Unmarshal([]byte(b.String()), &back); err != nil || back != name {
		t.Errorf("%q (%v) from %q", back, err, b.String())
	}
}
