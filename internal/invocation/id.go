package invocation

import (
	"fmt"
	"io"
	"math/big"
)

// NewID makes the id of an invocation: a UUID of version 4, hyphenated, as OTP
// hosts make it (RFC 9562, 5.4).
func NewID(random io.Reader) (string, error) {
	var raw [16]byte
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return "", fmt.Errorf("failed to read randomness: %w", err)
	}
	raw[6] = raw[6]&0x0f | 0x40
	raw[8] = raw[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", raw[:4], raw[4:6], raw[6:8], raw[8:10], raw[10:]), nil
}

// NewTokenID makes the id of a token: 22 characters of base 62, as a NUID has.
func NewTokenID(random io.Reader) (string, error) {
	var raw [24]byte // more bits than 22 characters hold, so that none is likelier
	if _, err := io.ReadFull(random, raw[:]); err != nil {
		return "", fmt.Errorf("failed to read randomness: %w", err)
	}
	text := fmt.Sprintf("%032s", new(big.Int).SetBytes(raw[:]).Text(62))
	return text[len(text)-22:], nil
}
