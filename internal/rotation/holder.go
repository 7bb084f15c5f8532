package rotation

import "github.com/latch-keys/latch/internal/keys"

// Held finds which of the keys a text holds the seeds of: wherever they stand,
// and by nothing but the key pair itself. The seeds are wiped; the text is the
// caller's.
func Held(text []byte, wanted keys.Issuers) keys.Issuers {
	var found keys.Issuers
	for _, seed := range keys.SeedsIn(text) {
		seed.Wipe()
		if key := seed.PublicKey(); wanted.Contains(key) {
			found = append(found, key)
		}
	}
	return found
}
