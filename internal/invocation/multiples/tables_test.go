package multiples

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"

	"filippo.io/edwards25519"
)

// torsion gives the eight points whose order divides eight: multiples of one of
// order eight, found by clearing the prime part of points.
func torsion(t testing.TB) []*edwards25519.Point {
	t.Helper()
	order := scalarMinusOne(t)
	for seed := byte(2); ; seed++ {
		raw := sha512.Sum512([]byte{seed})
		p, err := new(edwards25519.Point).SetBytes(raw[:32])
		if err != nil {
			continue
		}
		q := new(edwards25519.Point).ScalarMult(order, p)
		q.Add(q, p) // [L]p: what is outside the prime subgroup
		all := []*edwards25519.Point{edwards25519.NewIdentityPoint()}
		for len(all) < 8 {
			all = append(all, new(edwards25519.Point).Add(all[len(all)-1], q))
		}
		if all[4].Equal(all[0]) == 0 {
			return all
		}
	}
}

func scalarMinusOne(t testing.TB) *edwards25519.Scalar {
	t.Helper()
	one, err := new(edwards25519.Scalar).SetCanonicalBytes(append([]byte{1}, make([]byte, 31)...))
	if err != nil {
		t.Fatal(err)
	}
	return new(edwards25519.Scalar).Negate(one)
}

// forge signs with a key and an R that carry torsion parts, as only the holder
// of the key can.
func forge(t testing.TB, random *rand.Rand, text []byte, keyPart, rPart *edwards25519.Point) (key [32]byte, signature []byte) {
	t.Helper()
	scalar := func() *edwards25519.Scalar {
		var wide [64]byte
		for i := 0; i < 64; i += 8 {
			binary.LittleEndian.PutUint64(wide[i:], random.Uint64())
		}
		s, err := new(edwards25519.Scalar).SetUniformBytes(wide[:])
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	a, r := scalar(), scalar()
	A := new(edwards25519.Point).ScalarBaseMult(a)
	A.Add(A, keyPart)
	R := new(edwards25519.Point).ScalarBaseMult(r)
	R.Add(R, rPart)
	copy(key[:], A.Bytes())
	hash := sha512.Sum512(append(append(append([]byte{}, R.Bytes()...), key[:]...), text...))
	k, err := new(edwards25519.Scalar).SetUniformBytes(hash[:])
	if err != nil {
		t.Fatal(err)
	}
	s := new(edwards25519.Scalar).MultiplyAdd(k, a, r)
	return key, append(append([]byte{}, R.Bytes()...), s.Bytes()...)
}

// With and without the multiples of a key, alone and among others, the verdict is
// crypto/ed25519's: on sound signatures, broken ones, on every torsion part of
// key and R, and on spellings of numbers that are none.
func TestTablesJudgeAsEd25519(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	const text = "header.claims"
	ready := New()
	var batch []Signature
	var want []bool
	for _, keyPart := range torsion(t) {
		for _, rPart := range torsion(t) {
			key, signature := forge(t, random, []byte(text), keyPart, rPart)
			ready.know(t, key)
			for _, change := range []int{-1, 3, 40, 63} {
				tried := append([]byte{}, signature...)
				if change >= 0 {
					tried[change] ^= 1 << random.IntN(8)
				}
				batch = append(batch, Signature{key, text, tried})
			}
			batch = append(batch, Signature{key, text, aboveOrder(signature)}, Signature{key, text, signature[:63]})
		}
	}
	// Keys of small order, and two spellings of the neutral point: nobody's
	// signature, R neutral and s 0, counts under some of them.
	neutral := append([]byte{1}, make([]byte, 63)...)
	for _, p := range append(torsion(t), edwards25519.NewIdentityPoint()) {
		key := [32]byte(p.Bytes())
		ready.know(t, key)
		batch = append(batch, Signature{key, text, neutral})
	}
	above := [32]byte(bytes.Repeat([]byte{0xff}, 32)) // the prime and one
	above[0], above[31] = 0xee, 0x7f
	ready.know(t, above)
	batch = append(batch, Signature{above, text, neutral})
	accepted := 0
	for i, s := range batch {
		want = append(want, ed25519.Verify(s.Key[:], []byte(s.Text), s.Bytes))
		if got := ready.Verify(s); got != want[i] {
			t.Fatalf("tables say %t, crypto/ed25519 %t", got, want[i])
		}
		if want[i] {
			accepted++
		}
	}
	for range 20 {
		random.Shuffle(len(batch), func(i, j int) {
			batch[i], batch[j] = batch[j], batch[i]
			want[i], want[j] = want[j], want[i]
		})
		if got := ready.VerifyAll(batch); !slices.Equal(got, want) {
			t.Fatal("among others, a signature is judged otherwise")
		}
	}
	if accepted < 5 || accepted == len(batch) || ready.made() != 64+8+1 {
		t.Errorf("%d of %d accepted, multiples of %d keys: something was never tried", accepted, len(batch), ready.made())
	}
	t.Logf("%d of %d accepted", accepted, len(batch))
}

// know makes the multiples of a key, however many there are.
func (t *Tables) know(tb testing.TB, key [32]byte) {
	tb.Helper()
	point, err := new(edwards25519.Point).SetBytes(key[:])
	if err != nil {
		tb.Fatal(err)
	}
	if t.base == nil {
		t.base = multiplesOf(edwards25519.NewGeneratorPoint(), baseWidth)
	}
	t.issuers[key] = &issuer{multiples: multiplesOf(point, issuerWidth)}
}

// aboveOrder spells the same s modulo the order, as the order added to it.
func aboveOrder(signature []byte) []byte {
	order := []byte{
		0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
		0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
	}
	above := append([]byte{}, signature...)
	carry := 0
	for i, b := range order {
		carry += int(above[32+i]) + int(b)
		above[32+i] = byte(carry)
		carry >>= 8
	}
	return above
}
