package invocation

import (
	"encoding/base32"
	"fmt"
	"slices"
	"strings"

	"filippo.io/edwards25519"

	"github.com/latch-keys/latch/internal/keys"
)

// crash is what a real verifier dies of: a panic, with its text.
type crash struct{ text string }

func (c *crash) Error() string { return c.text }

// nkeyPrefixes are the kinds of public key that the nkeys crate knows, by their
// first byte; it has no curve keys.
func nkeyPrefixes() []byte {
	return []byte{0, 2 << 3, 12 << 3, 13 << 3, 14 << 3, 20 << 3, 21 << 3}
}

const serverPrefix = 13 << 3

// hostKey is a public key as hosts read it, far laxer than latch does: any
// length that is base32, no checksum, any 32 bytes that are a point.
type hostKey struct {
	prefix byte
	raw    [32]byte
}

// readHostKey reads text as nkeys 0.3.2 does in KeyPair::from_public_key. Its
// checksum test is inverted and looks at the wrong bytes, so that it holds for
// all but one in 65,536 keys; that one is not told apart here. A *crash is what
// a host dies of.
func readHostKey(text string) (hostKey, error) {
	data, err := decodeBase32(text)
	if err != nil {
		return hostKey{}, fmt.Errorf("Codec failure: Data encoding failure: %w", err) //nolint:staticcheck // the crate's words
	}
	switch len(data) {
	case 0, 1:
		below := ^uint64(0) - uint64(1-len(data)) // usize, below zero
		return hostKey{}, &crash{fmt.Sprintf("range end index %d out of range for slice of length %d", below, len(data))}
	case 2, 3:
		return hostKey{}, &crash{"called `Result::unwrap()` on an `Err` value: Error { kind: UnexpectedEof, message: \"failed to fill whole buffer\" }"}
	}
	key := hostKey{prefix: data[0]}
	if !slices.Contains(nkeyPrefixes(), key.prefix) {
		return hostKey{}, fmt.Errorf("Invalid byte prefix: Not a valid public key prefix: %d", key.prefix) //nolint:staticcheck // likewise
	}
	if n := copy(key.raw[:], data[1:len(data)-2]); n != 32 || len(data) != 35 || !onCurve(key.raw[:]) {
		return hostKey{}, fmt.Errorf("Signature verification failure: Could not read public key") //nolint:staticcheck // likewise
	}
	return key, nil
}

// decodeBase32 reads text as data-encoding's BASE32_NOPAD does.
func decodeBase32(text string) ([]byte, error) {
	if spare := len(text) * 5 % 8; spare >= 5 {
		return nil, fmt.Errorf("invalid length at %d", len(text)-1)
	}
	alien := func(r rune) bool { return (r < 'A' || r > 'Z') && (r < '2' || r > '7') }
	if at := strings.IndexFunc(text, alien); at >= 0 {
		return nil, fmt.Errorf("invalid symbol at %d", at)
	}
	encoding := base32.StdEncoding.WithPadding(base32.NoPadding)
	data, err := encoding.DecodeString(text)
	if err != nil {
		return nil, err
	}
	if encoding.EncodeToString(data) != text {
		return nil, fmt.Errorf("non-zero trailing bits at %d", len(text)-1)
	}
	return data, nil
}

// onCurve tells whether the bytes are a point, as every Ed25519 library does
// before it verifies: y may be above the prime, and the order may be small.
func onCurve(raw []byte) bool {
	_, err := new(edwards25519.Point).SetBytes(raw)
	return err == nil
}

// cache keeps keys as they were read: a lattice has few, and many calls.
type cache[K any] struct {
	read  func(text string) (K, error)
	known map[string]cached[K]
}

type cached[K any] struct {
	key K
	err error
}

// A cache is bounded, since whoever sends can invent keys.
const (
	mostCached    = 4096 // keys
	longestCached = 64   // characters
)

func newCache[K any](read func(string) (K, error)) cache[K] {
	return cache[K]{read, map[string]cached[K]{}}
}

func (c cache[K]) parse(text string) (K, error) {
	if known, ok := c.known[text]; ok {
		return known.key, known.err
	}
	key, err := c.read(text)
	if len(text) > longestCached {
		return key, err
	}
	if len(c.known) >= mostCached {
		clear(c.known)
	}
	c.known[strings.Clone(text)] = cached[K]{key, err} // not with the claims that it stands in
	return key, err
}

// soundKey reads a key as latch reads them.
func soundKey(text string) (keys.PublicKey, error) { return keys.ParsePublicKey(text, keys.AnyKind) }
