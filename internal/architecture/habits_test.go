package architecture

import (
	"regexp"
	"strings"
	"testing"
)

// Every habit names the test that holds it, and who has it.
func TestHabitsNameTheirTests(t *testing.T) {
	t.Parallel()
	const page = "docs/habits.md"
	known := testNames(t)
	named := regexp.MustCompile("`(Test[^`]+)`")
	seen := map[string]bool{}
	for line := range strings.SplitSeq(read(t, page), "\n") {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| habit |") {
			continue
		}
		cells := strings.Split(strings.ReplaceAll(strings.Trim(line, "| "), `\|`, "¦"), " | ")
		if len(cells) != 4 || seen[cells[0]] {
			t.Errorf("%s: %d cells, or there before: %s", page, len(cells), line)
			continue
		}
		seen[cells[0]] = true
		tests := named.FindAllStringSubmatch(cells[3], -1)
		if len(tests) == 0 || cells[1] == "" || cells[2] == "" || cells[2] == "no" {
			t.Errorf("%s: no peer, no way or no test: %s", page, line)
		}
		for _, m := range tests {
			if !known[m[1]] {
				t.Errorf("%s: there is no test %s", page, m[1])
			}
		}
	}
	if len(seen) < 40 {
		t.Errorf("only %d habits", len(seen))
	}
}
