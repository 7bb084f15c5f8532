package keys

import "encoding/binary"

// The hosts that know cluster keys, OTP 0.50 to 0.63 and Rust 0.78 to 0.82, read
// keys by a library (wasmCloud/nkeys 0.1.0 to 0.4.0) whose test of the checksum
// is wrong twice: it compares with the first two bytes instead of the last, and
// refuses what is equal. So no damage is noticed, and one sound key in 65,536 is
// refused. Source: v0.3.2 src/lib.rs, from_seed and decode_raw, and src/crc.rs.

// stumbles reports whether that library refuses a key in raw form, whatever its
// checksum.
func stumbles(raw []byte) bool {
	return checksum(raw[:len(raw)-2]) == binary.LittleEndian.Uint16(raw)
}

// readAsHosts is the key that hosts make of a text as a seed, zero where they
// refuse it. A kind that the library does not know, such as curve, is an
// operator's to it. OTP hosts sign with whatever comes out, Rust hosts only with
// a cluster key.
func readAsHosts(text []byte) PublicKey {
	var raw [decodeRoom]byte
	defer clear(raw[:])
	if len(text) != SeedLength || !decode32(raw[:], text) || raw[0]&0xf8 != seedMarker || stumbles(raw[:seedRawLength]) {
		return PublicKey{}
	}
	kind := kindOfPrefix(raw[0]<<5 | raw[1]>>3)
	if kind == AnyKind || kind == Curve {
		kind = Operator
	}
	payload := [32]byte(raw[2:34])
	defer clear(payload[:])
	return derive(kind, &payload)
}

// acceptable reports whether hosts can read both halves of a pair.
func (s Seed) acceptable() bool {
	var raw [seedRawLength]byte
	defer clear(raw[:])
	s.fill(&raw)
	return !stumbles(raw[:]) && s.public.acceptable()
}

// acceptable reports whether hosts can check what the key has signed.
func (p PublicKey) acceptable() bool {
	var raw [publicRawLength]byte
	p.fill(&raw)
	return !stumbles(raw[:])
}

// Respell gives the seed of the same 32 bytes where text is refused for its
// checksum, or for spare bits of its prefix, and hosts take it all the same: to
// them the two are one key. The text stays the caller's to wipe.
func Respell(text []byte) (Seed, bool) {
	public := readAsHosts(text)
	if public.IsZero() {
		return Seed{}, false
	}
	var raw [decodeRoom]byte
	defer clear(raw[:])
	decode32(raw[:], text)
	if kindOfPrefix(raw[0]<<5|raw[1]>>3) != public.kind { // a kind that hosts do not know
		return Seed{}, false
	}
	payload := [32]byte(raw[2:34])
	defer clear(payload[:])
	return seedOf(&payload, public), true
}

// Complete gives the seed that lacks nothing but its last character in text:
// the 57 that are there hold all 32 bytes and 13 bits of the checksum, which must
// match, and the last one follows from them. The text stays the caller's to wipe.
func Complete(text []byte) (Seed, bool) {
	if len(text) != SeedLength-1 || firstAlien(text) >= 0 {
		return Seed{}, false
	}
	var raw [decodeRoom]byte
	defer clear(raw[:])
	// The 57 characters give 35 bytes and 5 bits, which decode32 reports as left
	// over where they are set.
	decode32(raw[:], text)
	top := values[text[SeedLength-2]] << 3
	crc := checksum(raw[:seedRawLength-2])
	if raw[seedRawLength-2] != byte(crc) || top != byte(crc>>8)&0xf8 {
		return Seed{}, false
	}
	seal(raw[:seedRawLength])
	var whole [SeedLength]byte
	defer clear(whole[:])
	encode32(whole[:], raw[:seedRawLength])
	return parseSeed(whole[:])
}
