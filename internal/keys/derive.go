package keys

import (
	"crypto/sha512"

	"filippo.io/edwards25519"
	"filippo.io/edwards25519/field"
)

// derive computes the public key of one seed: x25519 for Curve (RFC 7748), else
// Ed25519 (RFC 8032). It multiplies without the tables of the base point, which
// take longer to build than a score of keys: most commands see but a few.
func derive(kind Kind, raw *[32]byte) PublicKey {
	scalar := scalarOf(kind, raw)
	point := new(edwards25519.Point).ScalarMult(scalar, edwards25519.NewGeneratorPoint())
	if kind == Curve {
		return PublicKey{kind: kind, raw: [32]byte(point.BytesMontgomery())}
	}
	return PublicKey{kind: kind, raw: [32]byte(point.Bytes())}
}

// stretch is how many keys share one field inversion.
const stretch = 64

// deriveAll computes the public keys of many seeds, with the tables. A fifth of
// what one takes is a division in the field; a stretch of keys shares one, by
// Montgomery's trick: the inverse of a product gives the inverse of every factor.
func deriveAll(kind Kind, raws [][32]byte, publics []PublicKey) {
	for start := 0; start < len(raws); start += stretch {
		end := min(start+stretch, len(raws))
		deriveStretch(kind, raws[start:end], publics[start:end])
	}
}

func deriveStretch(kind Kind, raws [][32]byte, publics []PublicKey) {
	// A key's y (u for Curve) is above over below, its x is across over below.
	var above, across, below, running [stretch]field.Element
	product := new(field.Element).One()
	var point edwards25519.Point
	for i := range raws {
		point.ScalarBaseMult(scalarOf(kind, &raws[i]))
		x, y, z, _ := point.ExtendedCoordinates()
		if kind == Curve { // u = (z + y) / (z - y), RFC 7748 section 4.1
			above[i].Add(z, y)
			below[i].Subtract(z, y)
		} else {
			above[i], across[i], below[i] = *y, *x, *z
		}
		running[i].Set(product)
		product.Multiply(product, &below[i])
	}
	inverse := new(field.Element).Invert(product)
	for i := len(raws) - 1; i >= 0; i-- {
		own := new(field.Element).Multiply(inverse, &running[i])
		inverse.Multiply(inverse, &below[i])
		public := PublicKey{kind: kind, raw: [32]byte(above[i].Multiply(&above[i], own).Bytes())}
		if kind != Curve {
			public.raw[31] |= byte(across[i].Multiply(&across[i], own).IsNegative()) << 7
		}
		publics[i] = public
	}
}

// scalarOf is what a seed multiplies the base point by: itself for Curve, else
// the first half of its hash, with some bits fixed.
func scalarOf(kind Kind, raw *[32]byte) *edwards25519.Scalar {
	bytes := *raw
	if kind != Curve {
		hash := sha512.Sum512(raw[:])
		bytes = [32]byte(hash[:32])
		clear(hash[:])
	}
	defer clear(bytes[:])
	scalar, err := edwards25519.NewScalar().SetBytesWithClamping(bytes[:])
	if err != nil {
		panic("keys: 32 bytes were refused as a scalar: " + err.Error())
	}
	return scalar
}
