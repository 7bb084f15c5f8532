package keys

// Text is a key as read: a string for public material, bytes where it may be
// a secret that is to be wiped.
type Text interface{ ~string | ~[]byte }

// Lengths of the text forms, in characters, and of their raw forms, in bytes.
const (
	PublicKeyLength = 56
	SeedLength      = 58

	publicRawLength = 1 + 32 + 2
	seedRawLength   = 2 + 32 + 2
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
// every character is in the alphabet and every left-over bit is zero.
func decode32[T Text](dst []byte, src T) bool {
	var acc uint32
	var seen byte
	bits, out := 0, 0
	for i := range len(src) {
		v := values[src[i]]
		seen |= v
		acc = acc<<5 | uint32(v&31)
		bits += 5
		if bits >= 8 {
			bits -= 8
			dst[out] = byte(acc >> bits)
			out++
		}
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

// checksum is CRC-16/XMODEM: polynomial 0x1021, initial value 0, no reflection.
// Source: nats-io/nkeys crc16.go. This is the form without a table.
func checksum(data []byte) uint16 {
	var crc uint16
	for _, b := range data {
		x := byte(crc>>8) ^ b
		x ^= x >> 4
		crc = crc<<8 ^ uint16(x)<<12 ^ uint16(x)<<5 ^ uint16(x)
	}
	return crc
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
