package pages

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// The table in README.md has every command of one word or two, and no other.
func TestReadmeHasEveryCommand(t *testing.T) {
	t.Parallel()
	named := map[string]bool{"help": true, "latch": true} // the first is cobra's own
	for _, row := range regexp.MustCompile(`(?m)^\| (`+"`.*?`"+`) \| `).FindAllStringSubmatch(written(t)["README.md"], -1) {
		group := ""
		for _, words := range regexp.MustCompile("`(.*?)`").FindAllStringSubmatch(row[1], -1) {
			command := words[1]
			if at := strings.LastIndex(command, " "); at > 0 {
				group = command[:at+1]
			} else {
				command = group + command
			}
			named[command] = true
			named[strings.TrimSuffix(group, " ")] = true
		}
	}
	files, err := filepath.Glob("../../docs/cli/*.md")
	if err != nil || len(files) < 50 {
		t.Fatal(len(files), err)
	}
	for _, file := range files {
		command := strings.ReplaceAll(strings.TrimSuffix(filepath.Base(file), ".md"), "_", " ")
		command = strings.TrimPrefix(command, "latch ")
		if words := strings.Count(command, " ") + 1; words <= 2 && !named[command] && !strings.HasPrefix(command, "completion ") {
			t.Errorf("README.md does not name %s", command)
		}
		delete(named, command)
	}
	delete(named, "help")
	delete(named, "")
	for command := range named {
		t.Errorf("README.md names %s, which is no command", command)
	}
}
