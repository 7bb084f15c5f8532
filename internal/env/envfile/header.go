package envfile

import (
	"bytes"
	"strconv"
	"strings"

	"github.com/latch-keys/latch/internal/lattice"
)

// adopt takes what the header of a file that latch wrote says of its host.
func (h *Host) adopt(text []byte) {
	for i, l := range lines(text) {
		comment, ok := bytes.CutPrefix(bytes.TrimSuffix(l.text, []byte("\r")), []byte("# "))
		if !ok || i == 0 && !bytes.HasPrefix(comment, []byte(Mark)) {
			return
		}
		key, value, _ := strings.Cut(string(comment), ": ")
		switch key {
		case "host":
			if lattice.CheckName(value) == nil {
				h.Name = value
			}
		case "target":
			h.Target, _ = lattice.ParseTarget(value)
		case "generation":
			h.Generation, _ = strconv.ParseUint(value, 10, 64)
		}
	}
}

// Mark opens the first comment of every file that latch writes.
const Mark = "Made by latch"

// Ours reports whether latch wrote the file with this text.
func Ours(text []byte) bool {
	return bytes.HasPrefix(text, []byte("# "+Mark))
}
