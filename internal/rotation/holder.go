package rotation

import (
	"bytes"

	"github.com/latch-keys/latch/internal/keys"
)

// Held finds which of the keys a text holds the seeds of: wherever they stand,
// and by nothing but the key pair itself. The seeds are wiped; the text is the
// caller's.
func Held(text []byte, wanted keys.Issuers) keys.Issuers {
	var found keys.Issuers
	opening := []byte("SC")
	for at := 0; ; at++ {
		next := bytes.Index(text[at:], opening)
		if next < 0 || at+next+keys.SeedLength > len(text) {
			return found
		}
		at += next
		seed, err := keys.ParseSeed(text[at:at+keys.SeedLength], keys.Cluster)
		if err != nil {
			continue
		}
		seed.Wipe()
		if key := seed.PublicKey(); wanted.Contains(key) && !found.Contains(key) {
			found = append(found, key)
		}
	}
}
