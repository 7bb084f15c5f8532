package envfile

import (
	"strings"

	"github.com/latch-keys/latch/internal/similar"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// configVariable is the variable that a key of host_config.json stands for. False:
// an OTP host does not look at the key; it writes some that it does not read. A key
// that is nearly one it reads is given as one, to be found out.
func configVariable(key string) (string, bool) {
	var known []string
	for _, m := range wasmcloud.ConfigMembers() {
		if m.Key == key {
			return m.Variable, true
		}
		known = append(known, m.Key)
	}
	_, near := similar.Word(key, known)
	return "WASMCLOUD_" + strings.ToUpper(key), near
}
