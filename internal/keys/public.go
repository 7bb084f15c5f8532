package keys

import (
	"bytes"
	"errors"
)

// PublicKey is the public half of a key pair: 56 characters as text. It is a
// comparable value; the zero PublicKey is no key.
type PublicKey struct {
	kind Kind
	raw  [32]byte
}

// ParsePublicKey reads a public key more strictly than any host: 56 upper-case
// characters and nothing around them, checksum, a known kind, a point on the
// curve that is not of small order. want restricts the kind; AnyKind does not.
// The error is a *Problem.
func ParsePublicKey[T Text](text T, want Kind) (PublicKey, error) {
	if key, ok := parsePublic(text); ok && (want == AnyKind || key.kind == want) && key.sound() == nil {
		return key, nil
	}
	return PublicKey{}, Diagnose(text, Want{Kind: want, Role: RolePublic}).Problem
}

// WellSpelled reports whether text is spelled like a public key of the kind:
// everything ParsePublicKey checks but the point on the curve. It is for sifting
// many; a host is told only of keys that ParsePublicKey took.
func WellSpelled[T Text](text T, want Kind) bool {
	key, ok := parsePublic(text)
	return ok && (want == AnyKind || key.kind == want)
}

// parsePublic checks everything but the point.
func parsePublic[T Text](text T) (PublicKey, bool) {
	if len(text) != PublicKeyLength {
		return PublicKey{}, false
	}
	var raw [decodeRoom]byte
	if !decode32(raw[:], text) || !sealed(raw[:publicRawLength]) {
		return PublicKey{}, false
	}
	kind := kindOfPrefix(raw[0])
	return PublicKey{kind: kind, raw: [32]byte(raw[1:33])}, kind != AnyKind
}

// Kind is the kind of key, AnyKind for the zero PublicKey.
func (p PublicKey) Kind() Kind { return p.kind }

// IsZero reports whether p is no key.
func (p PublicKey) IsZero() bool { return p.kind == AnyKind }

// Bytes is the raw key: an Ed25519 public key, or an x25519 one for Curve.
func (p PublicKey) Bytes() []byte { return bytes.Clone(p.raw[:]) }

// String is the 56-character text form, empty for the zero PublicKey.
func (p PublicKey) String() string {
	text, err := p.AppendText(nil)
	if err != nil {
		return ""
	}
	return string(text)
}

// AppendText appends the text form to dst; the zero PublicKey is an error.
func (p PublicKey) AppendText(dst []byte) ([]byte, error) {
	if p.IsZero() {
		return dst, errors.New("no public key")
	}
	var raw [publicRawLength]byte
	p.fill(&raw)
	var text [PublicKeyLength]byte
	encode32(text[:], raw[:])
	return append(dst, text[:]...), nil
}

// fill writes the raw form.
func (p PublicKey) fill(raw *[publicRawLength]byte) {
	raw[0] = p.kind.prefix()
	copy(raw[1:], p.raw[:])
	seal(raw[:])
}

// MarshalText is the text form, empty for the zero PublicKey.
func (p PublicKey) MarshalText() ([]byte, error) { return []byte(p.String()), nil }

// UnmarshalText reads a public key of any kind; empty text is the zero PublicKey.
func (p *PublicKey) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*p = PublicKey{}
		return nil
	}
	key, err := ParsePublicKey(text, AnyKind)
	if err != nil {
		return err
	}
	*p = key
	return nil
}
