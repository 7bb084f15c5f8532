package keys

import "unicode/utf8"

// The checks of this file look at texts that lie wholly in the alphabet.

func explainLength(text []byte, role Role) *Problem {
	length, want := utf8.RuneCount(text), role.length()
	if lacksLast(text) {
		return problem(CodeIncomplete, RoleSeed, SeedLength, "the seed is incomplete: its last character, the %dth, is missing", SeedLength).
			withHint("the wasmCloud docs' \"57-character seed\" is off by one: a seed has %d; copy it again, whole", SeedLength)
	}
	need := "a " + role.String() + " has %d"
	args := []any{length, want}
	if role == AnyRole {
		need, args = "a public key has %d and a seed %d", []any{length, PublicKeyLength, SeedLength}
		if length == PublicKeyLength || length == SeedLength {
			return nil
		}
	}
	switch {
	case length < want:
		return problem(CodeTooShort, role, 0, "too short: %d characters, "+need, args...)
	case length > want:
		return problem(CodeTooLong, role, 0, "too long: %d characters, "+need, args...)
	}
	return nil
}

// lacksLast reports whether text is a seed less its last character: it still
// carries the 32 secret bytes and 13 of the 16 checksum bits.
func lacksLast(text []byte) bool {
	if len(text) != SeedLength-1 {
		return false
	}
	var raw [decodeRoom]byte
	defer clear(raw[:])
	// The 57 characters give 35 bytes and 5 bits; decode32 reports those as
	// left over, and the alphabet has been checked.
	decode32(raw[:], text)
	top := values[text[SeedLength-2]] << 3
	crc := checksum(raw[:seedRawLength-2])
	return raw[0]&0xf8 == seedMarker && raw[seedRawLength-2] == byte(crc) && top == byte(crc>>8)&0xf8
}

// explainPrefix looks at the characters that say what a key is.
func explainPrefix(text []byte, role Role) *Problem {
	if role == RoleSeed {
		return explainSeedPrefix(text)
	}
	letter := text[0]
	switch {
	case letter == 'P':
		return problem(CodePrefix, role, 1, "this starts with P, the form of a raw NATS private key, which no host reads").
			withHint("use the seed, which starts with S, or the public key")
	case kindOfLetter(letter) == AnyKind && role != RolePublic:
		return problem(CodePrefix, role, 1, "the first character opens no kind of key").
			withHint("a cluster public key starts with C, a cluster seed with SC")
	case kindOfLetter(letter) == AnyKind:
		return problem(CodePrefix, role, 1, "no kind of key starts with %q", letter).
			withHint("a cluster public key starts with C")
	case values[text[1]] > 3 && !sealedText(text):
		return problem(CodePrefix, role, 2, "the second character of a %s public key is A, B, C or D, never %q", kindOfLetter(letter), text[1])
	}
	return nil
}

func explainSeedPrefix(text []byte) *Problem {
	if text[0] != 'S' {
		return problem(CodePrefix, RoleSeed, 1, "a seed starts with S, this does not").
			withHint("a cluster seed starts with SC")
	}
	if kindOfLetter(text[1]) == AnyKind {
		return problem(CodePrefix, RoleSeed, 2, "the second character of the seed opens no kind of key").
			withHint("a cluster seed starts with SC")
	}
	return nil
}

func sealedText(text []byte) bool {
	var raw [decodeRoom]byte
	return len(text) == PublicKeyLength && decode32(raw[:], text) && sealed(raw[:publicRawLength])
}

// explainSpelling tells a last character that only lax readers accept from a
// broken checksum, and a sound checksum over an unknown prefix from both.
func explainSpelling(text []byte, role Role) *Problem {
	if role != RoleSeed {
		return nil
	}
	var raw [decodeRoom]byte
	defer clear(raw[:])
	canonical := decode32(raw[:], text)
	if !sealed(raw[:seedRawLength]) {
		return nil
	}
	if !canonical {
		return problem(CodeCanonical, role, SeedLength, "the last character of the seed is not the canonical one: its spare bits are set").
			withHint("the Go nkeys library takes it for the same key, every wasmCloud host refuses it; copy the seed again")
	}
	return problem(CodePrefix, role, 3, "the third character of the seed belongs to no kind of key")
}
