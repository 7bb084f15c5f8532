package hostenv

import (
	"bytes"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Adopt takes what the comments that open the file say of its host, as latch
// writes them and anybody can: # host: NAME, # target: TARGET.
func (h *Host) Adopt(text []byte) {
	for _, l := range Lines(text) {
		comment, ok := bytes.CutPrefix(bytes.TrimSuffix(l.Text, []byte("\r")), []byte("# "))
		if !ok {
			return
		}
		key, value, _ := strings.Cut(string(comment), ": ")
		switch key {
		case "host":
			if keys.CheckName(value) == nil {
				h.Name = value
			}
		case "target":
			h.Target, _ = wasmcloud.ParseTarget(value)
		}
	}
}
