package keys

import (
	"fmt"
	"io"
	"log/slog"
)

// Seed is the private half of a key pair: 58 characters as text, and a secret.
// Every way of printing it gives its public key instead (see redacted); only
// Reveal gives the text. Copies of a Seed share one secret, so that Wipe on any
// of them ends all of them.
type Seed struct {
	// A function, since fmt follows pointers and prints bytes even in unexported
	// fields of other structs, but cannot look into a closure.
	open   func() *secret
	public PublicKey
}

type secret struct {
	raw   [32]byte
	wiped bool
}

// Generate makes a key pair of the kind from 32 bytes of random, or from the next
// 32 where hosts could not read the pair, as happens once in 32,768 times.
func Generate(kind Kind, random io.Reader) (Seed, error) {
	if kind == AnyKind || kind >= kindEnd {
		return Seed{}, fmt.Errorf("cannot generate a key of an unknown kind")
	}
	var raw [32]byte
	defer clear(raw[:])
	for {
		if _, err := io.ReadFull(random, raw[:]); err != nil {
			return Seed{}, fmt.Errorf("failed to read randomness: %w", err)
		}
		if seed := newSeed(kind, &raw); seed.acceptable() {
			return seed, nil
		}
	}
}

// ParseSeed reads a seed more strictly than any host: 58 upper-case characters
// and nothing around them, the canonical last character, checksum, a known kind.
// want restricts the kind; AnyKind does not. text stays the caller's to wipe.
// The error is a *Problem and never holds a character of text.
func ParseSeed(text []byte, want Kind) (Seed, error) {
	if seed, ok := parseSeed(text); ok && (want == AnyKind || seed.Kind() == want) {
		return seed, nil
	}
	return Seed{}, Diagnose(text, Want{Kind: want, Role: RoleSeed}).Problem
}

func parseSeed[T Text](text T) (Seed, bool) {
	var raw [decodeRoom]byte
	defer clear(raw[:])
	kind := decodeSeed(&raw, text)
	if kind == AnyKind {
		return Seed{}, false
	}
	payload := [32]byte(raw[2:34])
	defer clear(payload[:])
	return newSeed(kind, &payload), true
}

// decodeSeed fills raw and gives the kind, AnyKind where text is no seed.
func decodeSeed[T Text](raw *[decodeRoom]byte, text T) Kind {
	if len(text) != SeedLength || !decode32(raw[:], text) || !sealed(raw[:seedRawLength]) {
		return AnyKind
	}
	if raw[0]&0xf8 != seedMarker || raw[1]&7 != 0 {
		return AnyKind
	}
	return kindOfPrefix(raw[0]<<5 | raw[1]>>3)
}

func newSeed(kind Kind, raw *[32]byte) Seed { return seedOf(raw, derive(kind, raw)) }

// seedOf takes a public key that was derived before.
func seedOf(raw *[32]byte, public PublicKey) Seed {
	box := &secret{raw: *raw}
	return Seed{open: func() *secret { return box }, public: public}
}

// Kind is the kind of key, AnyKind for the zero Seed.
func (s Seed) Kind() Kind { return s.public.kind }

// PublicKey is the public half; it stays known after Wipe.
func (s Seed) PublicKey() PublicKey { return s.public }

// IsZero reports whether s holds no secret: never set, or wiped.
func (s Seed) IsZero() bool { return s.open == nil || s.open().wiped }

// Reveal is the 58-character text form, a fresh slice for the caller to clear.
// It is nil once the seed is wiped.
func (s Seed) Reveal() []byte {
	if s.IsZero() {
		return nil
	}
	var raw [seedRawLength]byte
	defer clear(raw[:])
	s.fill(&raw)
	text := make([]byte, SeedLength)
	encode32(text, raw[:])
	return text
}

// fill writes the raw form.
func (s Seed) fill(raw *[seedRawLength]byte) {
	prefix := s.Kind().prefix()
	raw[0], raw[1] = seedMarker|prefix>>5, prefix<<3
	copy(raw[2:], s.open().raw[:])
	seal(raw[:])
}

// Wipe overwrites the secret, in every copy of s. The public key remains.
func (s Seed) Wipe() {
	if s.open == nil {
		return
	}
	box := s.open()
	clear(box.raw[:])
	box.wiped = true
}

// redacted stands where a seed would be printed; the public key says which one
// it was and gives nothing away.
func (s Seed) redacted() string {
	if s.public.IsZero() {
		return "[no seed]"
	}
	return "[seed of " + s.public.String() + "]"
}

// String hides the secret.
func (s Seed) String() string { return s.redacted() }

// GoString hides the secret under %#v.
func (s Seed) GoString() string { return s.redacted() }

// Format hides the secret under every verb, %x and %q included.
func (s Seed) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.redacted()) }

// MarshalText hides the secret from JSON, YAML and map keys.
func (s Seed) MarshalText() ([]byte, error) { return []byte(s.redacted()), nil }

// LogValue hides the secret from slog.
func (s Seed) LogValue() slog.Value { return slog.StringValue(s.redacted()) }
