package keys

import "encoding/binary"

// Text is a key as read: a string for public material, bytes where it may be
// a secret that is to be wiped.
type Text interface{ ~string | ~[]byte }

// Lengths of the text forms, in characters, and of their raw forms, in bytes.
const (
	PublicKeyLength = 56
	SeedLength      = 58

	publicRawLength = 1 + 32 + 2
	seedRawLength   = 2 + 32 + 2

	// decodeRoom is what decode32 needs to write the longer of the two.
	decodeRoom = 40
)

// alphabet is RFC 4648 base32.
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"

// invalid marks a byte outside the alphabet in values.
const invalid = 0xff

const (
	gap8  = "\xff\xff\xff\xff\xff\xff\xff\xff"
	gap32 = gap8 + gap8 + gap8 + gap8
	// values maps a byte to its five bits. A constant, so that it can neither be
	// changed nor cost anything at start-up.
	values = gap32 + gap8 + gap8 + "\xff\xff\x1a\x1b\x1c\x1d\x1e\x1f" + gap8 +
		"\xff\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e" +
		"\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\xff\xff\xff\xff\xff" +
		gap32 + gap32 + gap32 + gap32 + gap32
)

// decode32 writes the bytes of src to dst, whole bytes only, and reports whether
// every character is in the alphabet and every left-over bit is zero. dst has
// room for eight bytes behind the last whole group of eight characters.
func decode32[T Text](dst []byte, src T) bool {
	var seen byte
	in, out := 0, 0
	for ; in+8 <= len(src); in, out = in+8, out+5 {
		a, b, c, d := values[src[in]], values[src[in+1]], values[src[in+2]], values[src[in+3]]
		e, f, g, h := values[src[in+4]], values[src[in+5]], values[src[in+6]], values[src[in+7]]
		seen |= a | b | c | d | e | f | g | h
		group := uint64(a)<<59 | uint64(b)<<54 | uint64(c)<<49 | uint64(d)<<44 |
			uint64(e)<<39 | uint64(f)<<34 | uint64(g)<<29 | uint64(h)<<24
		binary.BigEndian.PutUint64(dst[out:], group)
	}
	var acc uint64
	bits := 0
	for ; in < len(src); in++ {
		v := values[src[in]]
		seen |= v
		acc = acc<<5 | uint64(v&31)
		bits += 5
	}
	for ; bits >= 8; out++ {
		bits -= 8
		dst[out] = byte(acc >> bits)
	}
	return seen < 32 && acc&(1<<bits-1) == 0
}

// encode32 is the inverse of decode32; dst holds exactly the characters.
func encode32(dst, src []byte) {
	var acc uint32
	bits, in := 0, 0
	for i := range dst {
		if bits < 5 {
			acc <<= 8
			if in < len(src) {
				acc |= uint32(src[in])
			}
			in++
			bits += 8
		}
		bits -= 5
		dst[i] = alphabet[acc>>bits&31]
	}
}

// checksum is CRC-16/XMODEM: polynomial x^16 + x^12 + x^5 + 1, initial value 0,
// no reflection. Source: nats-io/nkeys crc16.go.
//
// It takes eight bytes a step and no table: with z = 1/x, the quotient by the
// polynomial is a multiplication by 1/(1 + a), a = z^4 + z^11 + z^16, and over
// GF(2) that is (1 + a)(1 + a^2)(1 + a^4)(1 + a^8)…, a few shifts each. The
// remainder is the quotient times the polynomial's lower terms.
func checksum(data []byte) uint16 {
	// The first step takes what is left over; the zeros in front of it count
	// for nothing.
	var word uint64
	head := len(data) % 8
	for _, b := range data[:head] {
		word = word<<8 | uint64(b)
	}
	crc := remainder(word)
	for data = data[head:]; len(data) >= 8; data = data[8:] {
		crc = remainder(uint64(crc)<<48 ^ binary.BigEndian.Uint64(data))
	}
	return crc
}

// remainder is word times x^16, modulo the polynomial.
func remainder(word uint64) uint16 {
	q := word
	q ^= q>>4 ^ q>>11 ^ q>>16
	q ^= q>>8 ^ q>>22 ^ q>>32
	q ^= q>>16 ^ q>>44
	q ^= q >> 32
	return uint16(q ^ q<<5 ^ q<<12)
}

// seal writes the checksum of all but the last two bytes into those two.
func seal(raw []byte) {
	body := len(raw) - 2
	crc := checksum(raw[:body])
	raw[body], raw[body+1] = byte(crc), byte(crc>>8)
}

func sealed(raw []byte) bool {
	body := len(raw) - 2
	crc := checksum(raw[:body])
	return raw[body] == byte(crc) && raw[body+1] == byte(crc>>8)
}
