package keys

import (
	"errors"

	"filippo.io/edwards25519"
)

// The ways in which 32 bytes are no usable Ed25519 public key (RFC 8032, 5.1.3).
var (
	errOffCurve   = errors.New("not a point on the curve")
	errAlias      = errors.New("a second spelling of a point: its y is not below the prime")
	errSmallOrder = errors.New("a point of small order")
)

// sound says whether the bytes are a point that a signature can be checked
// against. Every 32 bytes are an x25519 key, so a curve key always is. The cheap
// tests come first: all that costs is one decompression.
func (p PublicKey) sound() error {
	switch {
	case p.kind == Curve:
		return nil
	case smallOrder(&p.raw):
		return errSmallOrder
	case !canonicalY(&p.raw):
		return errAlias
	}
	if _, err := new(edwards25519.Point).SetBytes(p.raw[:]); err != nil {
		return errOffCurve
	}
	return nil
}

// The y coordinates of the points of order 8, little-endian; those of order 1,
// 2 and 4 are 1, -1 and 0. Source: libsodium ge25519_has_small_order.
const (
	order8a = "\x26\xe8\x95\x8f\xc2\xb2\x27\xb0\x45\xc3\xf4\x89\xf2\xef\x98\xf0\xd5\xdf\xac\x05\xd3\xc6\x33\x39\xb1\x38\x02\x88\x6d\x53\xfc\x05"
	order8b = "\xc7\x17\x6a\x70\x3d\x4d\xd8\x4f\xba\x3c\x0b\x76\x0d\x10\x67\x0f\x2a\x20\x53\xfa\x2c\x39\xcc\xc6\x4e\xc7\xfd\x77\x92\xac\x03\x7a"
)

// smallOrder knows the eight points by their y; the sign of x is left out. Those
// of order 1 and 4 have a second spelling each, one prime further on.
func smallOrder(raw *[32]byte) bool {
	y := *raw
	y[31] &= 0x7f
	switch string(y[:]) {
	case order8a, order8b:
		return true
	}
	last := y[0]
	y[0] = 0
	if y == ([32]byte{}) {
		return last <= 1
	}
	return last >= 0xec && last <= 0xee && topOfField(&y)
}

// canonicalY reports whether y is below the prime 2^255 - 19.
func canonicalY(raw *[32]byte) bool {
	y := *raw
	y[31] &= 0x7f
	return y[0] < 0xed || !topOfField(&y)
}

// topOfField reports whether all bytes of y but the first are those of the prime.
func topOfField(y *[32]byte) bool {
	for _, b := range y[1:31] {
		if b != 0xff {
			return false
		}
	}
	return y[31] == 0x7f
}

// derived reports whether the point can be a seed's public key: those all lie in
// the subgroup of prime order, in which one point of eight lies.
func (p PublicKey) derived() bool {
	if p.kind == Curve {
		return true
	}
	point, err := new(edwards25519.Point).SetBytes(p.raw[:])
	if err != nil || p.sound() != nil {
		return false
	}
	// [L]P, with L the order of the subgroup, as [L-1]P + P: a scalar is below L.
	minusOne := edwards25519.NewScalar().Negate(one())
	product := new(edwards25519.Point).ScalarMult(minusOne, point)
	return product.Add(product, point).Equal(edwards25519.NewIdentityPoint()) == 1
}

func one() *edwards25519.Scalar {
	s, err := edwards25519.NewScalar().SetCanonicalBytes(append([]byte{1}, make([]byte, 31)...))
	if err != nil {
		panic("keys: one was refused as a scalar: " + err.Error())
	}
	return s
}
