package keys

import "unicode/utf8"

// The checks of this file look at texts that lie wholly in the alphabet.

func explainLength(text []byte, role Role) *Problem {
	length, want := utf8.RuneCount(text), role.length()
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

// incomplete is the problem of a seed less its last character.
func incomplete(key PublicKey, known map[PublicKey]string) *Problem {
	p := problem(CodeIncomplete, RoleSeed, SeedLength, "the seed of %s is incomplete: its last character, the %dth, is missing", key, SeedLength).
		withHint("Rust hosts exit on it (\"Bad seed length: %d\"), OTP hosts sign with a key they make up; the \"%d\" of wasmCloud's docs counts one too few; "+
			"copy the seed again, whole, or store it completed: latch keys import --complete", SeedLength-1, SeedLength-1)
	p.Suggestion = &Suggestion{Edit: EditMissing, Role: RoleSeed, Position: SeedLength}
	if name := known[key]; name != "" {
		p.Suggestion.PublicKey, p.Suggestion.Known = key, name
		return p.withHint("this is your key %s; %s", name, p.hint)
	}
	return p
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
	switch {
	case !sealed(raw[:seedRawLength]):
		return nil
	case !canonical:
		return problem(CodeCanonical, role, SeedLength, "the last character of the seed is not the canonical one: its spare bits are set").
			withHint("the Go nkeys library takes it for the same key, every wasmCloud host refuses it; copy the seed again")
	case raw[1]&7 != 0 && kindOfPrefix(raw[0]<<5|raw[1]>>3) != AnyKind:
		return problem(CodeSpareBits, role, sparePlace(raw[1]), "the prefix of the seed has spare bits set, which are zero in every seed that is made").
			withHint("copy the seed again, or store it respelled: latch keys import --respell")
	}
	return problem(CodePrefix, role, 3, "the third character of the seed belongs to no kind of key")
}

// sparePlace is the character that holds the spare bits: the first two of the
// three end the third, the last one begins the fourth.
func sparePlace(second byte) int {
	if second&6 != 0 {
		return 3
	}
	return 4
}
