package env

import (
	"strings"

	"github.com/latch-keys/latch/internal/safefile"
)

// mark opens the first comment of every file that latch writes.
const mark = "Made by latch"

// about is what the header of a file says of its host.
type about struct{ lattice, host string }

// headerLimit is more than a header has, in bytes.
const headerLimit = 1 << 10

// headerOf reads the header of a file. False: latch did not write the file, or
// it cannot be read.
func headerOf(path string) (about, bool) {
	text, err := safefile.ReadStart(path, headerLimit)
	defer clear(text)
	if err != nil || !strings.HasPrefix(string(text), "# "+mark) {
		return about{}, false
	}
	var found about
	for line := range strings.Lines(string(text)) {
		comment, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "# ")
		if !ok {
			break
		}
		switch key, value, _ := strings.Cut(comment, ": "); key {
		case "lattice":
			found.lattice = value
		case "host":
			found.host = value
		}
	}
	return found, found.host != ""
}
