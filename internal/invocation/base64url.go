package invocation

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// decodeSegment reads one part of a token as data-encoding's BASE64URL_NOPAD
// does: no padding, no line ends, no spare bits. An error is in its words.
func decodeSegment(text string) ([]byte, error) {
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil && strings.IndexByte(text, '\n') < 0 && strings.IndexByte(text, '\r') < 0 && endsCleanly(text, data) {
		return data, nil
	}
	if whole := len(text) - trailing(len(text)); whole != len(text) {
		return nil, fmt.Errorf("invalid length at %d", whole)
	}
	if at := strings.IndexFunc(text, notBase64URL); at >= 0 {
		return nil, fmt.Errorf("invalid symbol at %d", at)
	}
	return nil, fmt.Errorf("non-zero trailing bits at %d", len(text)-1)
}

// endsCleanly tells whether the bits that the last character has to spare are
// zero, as base64.Encoding.Strict does, which copies its alphabet at every call.
func endsCleanly(text string, data []byte) bool {
	var group [4]byte
	last := data[len(data)-len(data)%3:]
	base64.RawURLEncoding.Encode(group[:], last)
	return strings.HasSuffix(text, string(group[:base64.RawURLEncoding.EncodedLen(len(last))]))
}

// trailing is how many characters at the end carry no whole byte.
func trailing(length int) int {
	if length%4 == 1 {
		return 1
	}
	return 0
}

// decodeLoosely reads one part of a token as the base64 crate 0.13.1 does with
// URL_SAFE_NO_PAD: it takes padding where padding would stand.
func decodeLoosely(text string) ([]byte, error) {
	bare := strings.TrimRight(text, "=")
	pads := len(text) - len(bare)
	bad := strings.IndexFunc(bare, notBase64URL)
	if len(text)%4 == 1 {
		last := text[len(text)-1]
		if last != '=' && notBase64URL(rune(last)) {
			return nil, invalidByte(last, len(text)-1)
		}
		return nil, fmt.Errorf("Encoded text cannot have a 6-bit remainder.") //nolint:revive,staticcheck // the crate's words
	}
	switch {
	case bad >= 0:
		return nil, invalidByte(bare[bad], bad)
	case pads > 0 && (len(bare)%4 < 2 || pads > 4-len(bare)%4):
		return nil, invalidByte('=', len(bare))
	}
	data, err := base64.RawURLEncoding.Strict().DecodeString(bare)
	if err != nil {
		return nil, fmt.Errorf("Invalid last symbol %d, offset %d.", bare[len(bare)-1], len(bare)-1) //nolint:revive,staticcheck // likewise
	}
	return data, nil
}

func invalidByte(char byte, at int) error {
	return fmt.Errorf("Invalid byte %d, offset %d.", char, at) //nolint:revive,staticcheck // the crate's words
}

func notBase64URL(r rune) bool {
	switch {
	case 'A' <= r && r <= 'Z', 'a' <= r && r <= 'z', '0' <= r && r <= '9', r == '-', r == '_':
		return false
	}
	return true
}
