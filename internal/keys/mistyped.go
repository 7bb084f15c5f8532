package keys

// Mistyped tells whether public belongs to seed with one character replaced or
// two neighbours swapped, and where, counted from 1. No host checks a seed's
// checksum: with such a slip it starts all the same, and signs with that key.
func Mistyped(seed Seed, public PublicKey) (position int, found bool) {
	text := seed.Reveal()
	defer clear(text)
	opens := func() bool {
		var raw [decodeRoom]byte
		defer clear(raw[:])
		if !decode32(raw[:], text) || raw[0]&0xf8 != seedMarker {
			return false
		}
		payload := [32]byte(raw[2:34])
		defer clear(payload[:])
		return derive(public.kind, &payload) == public
	}
	// The first two characters are the marker and the kind, the last four little
	// but the checksum.
	for at := 2; at < len(text); at++ {
		was := text[at]
		for _, char := range []byte(alphabet) {
			if text[at] = char; char != was && opens() {
				text[at] = was
				return at + 1, true
			}
		}
		text[at] = was
		if at+1 < len(text) && text[at] != text[at+1] {
			text[at], text[at+1] = text[at+1], text[at]
			swapped := opens()
			text[at], text[at+1] = text[at+1], text[at]
			if swapped {
				return at + 1, true
			}
		}
	}
	return 0, false
}
