package printable

import (
	"fmt"
	"strings"
	"testing"
)

func TestFold(t *testing.T) {
	t.Parallel()
	for names, want := range map[string]string{
		"":                              "",
		"db":                            "db",
		"web-1 web-2":                   "web-1, web-2",
		"web-1 web-2 web-3":             "web-{1..3}",
		"web-10 web-9 web-8 db":         "web-{8..10}, db",
		"a-1.us a-3.eu a-2.eu a-1.eu":   "a-1.us, a-{1..3}.eu",
		"n009 n010 n011":                "n{009..011}",
		"n099 n100 n101":                "n{099..101}",
		"n9 n010 n011":                  "n9, n010, n011",
		"web-1 web-3 web-5":             "web-1, web-3, web-5",
		"a b c d e f":                   "a, b, c, d and 2 more",
		"h99999999999999999999999":      "h99999999999999999999999",
		"web-0 web-1 web-2 web-4 web-5": "web-{0..2}, web-4, web-5",
	} {
		if got := Fold(strings.Fields(names), 4); got != want {
			t.Errorf("%s: got %q, want %q", names, got, want)
		}
	}
	var many []string
	for i := range 3000 {
		many = append(many, fmt.Sprintf("web-%d", i+1))
	}
	if got := Fold(many, 4); got != "web-{1..3000}" {
		t.Errorf("got %q", got)
	}
}
