package keys

import (
	"encoding/base32"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

func TestChecksumCheckValue(t *testing.T) {
	t.Parallel()
	if got := checksum([]byte("123456789")); got != 0x31c3 {
		t.Fatalf("CRC-16/XMODEM of 123456789 is %#x, want 0x31c3", got)
	}
}

// The definition, bit by bit.
func slowChecksum(data []byte) uint16 {
	var crc uint16
	for _, b := range data {
		crc ^= uint16(b) << 8
		for range 8 {
			carry := crc&0x8000 != 0
			crc <<= 1
			if carry {
				crc ^= 0x1021
			}
		}
	}
	return crc
}

func TestChecksumIsTheDefinition(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 0, 80).Draw(t, "data")
		if got, want := checksum(data), slowChecksum(data); got != want {
			t.Fatalf("%x: %#x, want %#x", data, got, want)
		}
	})
}

// Go's base32 is the second opinion, for every length a key or a damaged key has.
func TestBase32AgreesWithGo(t *testing.T) {
	t.Parallel()
	std := base32.StdEncoding.WithPadding(base32.NoPadding)
	source := rand.NewChaCha8([32]byte{9})
	for size := 30; size <= 38; size++ {
		for range 200 {
			raw := make([]byte, size)
			_, _ = source.Read(raw)
			want := std.EncodeToString(raw)
			text := make([]byte, len(want))
			encode32(text, raw)
			if string(text) != want {
				t.Fatalf("%x encodes to %s, want %s", raw, text, want)
			}
			back := make([]byte, size+8)
			if !decode32(back, want) || string(back[:size]) != string(raw) {
				t.Fatalf("%s does not decode", want)
			}
		}
	}
}

func TestDecodeKnowsTheAlphabet(t *testing.T) {
	t.Parallel()
	for b := range 256 {
		inAlphabet := 'A' <= b && b <= 'Z' || '2' <= b && b <= '7'
		text := []byte("AAAAAAAAAAAAAAAA")
		for i := range text {
			text[i] = byte(b)
			if got := decode32(make([]byte, 24), text); got != inAlphabet {
				t.Fatalf("byte %#x at %d: accepted is %v", b, i, got)
			}
			text[i] = 'A'
		}
	}
}
