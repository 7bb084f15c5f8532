package multiples

import (
	"crypto/ed25519"
	"crypto/sha512"
	"encoding/binary"
	"math/rand/v2"
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

// With and without the multiples of a key, the verdict is crypto/ed25519's: on
// sound signatures, broken ones, and on every torsion part of key and R.
func TestTablesJudgeAsEd25519(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(3, 4))
	text := []byte("header.claims")
	accepted, refused := 0, 0
	for _, keyPart := range torsion(t) {
		for _, rPart := range torsion(t) {
			key, signature := forge(t, random, text, keyPart, rPart)
			ready := New()
			ready.issuers[key] = &issuer{uses: worthwhile}
			for _, change := range []int{-1, 3, 40, 63} {
				tried := append([]byte{}, signature...)
				if change >= 0 {
					tried[change] ^= 1 << random.IntN(8)
				}
				want := ed25519.Verify(key[:], text, tried)
				if got := ready.Verify(key, text, tried); got != want {
					t.Fatalf("tables say %t, crypto/ed25519 %t", got, want)
				}
				if want {
					accepted++
				} else {
					refused++
				}
			}
		}
	}
	if accepted == 0 || refused == 0 {
		t.Errorf("%d accepted, %d refused: one side was never tried", accepted, refused)
	}
	t.Logf("%d accepted, %d refused", accepted, refused)
}
