package keys

import (
	"errors"
	"testing"

	"filippo.io/edwards25519"
	"github.com/nats-io/nkeys"
)

func clusterKeyOf(raw [32]byte) PublicKey { return PublicKey{kind: Cluster, raw: raw} }

func code(t *testing.T, text string) Code {
	t.Helper()
	_, err := ParsePublicKey(text, Cluster)
	var p *Problem
	if !errors.As(err, &p) {
		t.Fatalf("%s was accepted", text)
	}
	return p.Code
}

func TestPointsOfSmallOrderAreRefused(t *testing.T) {
	t.Parallel()
	identity := clusterKeyOf([32]byte(edwards25519.NewIdentityPoint().Bytes()))
	zero := clusterKeyOf([32]byte{})
	minusOne := [32]byte{0xec, 31: 0x7f}
	for i := 1; i < 31; i++ {
		minusOne[i] = 0xff
	}
	for _, key := range []PublicKey{identity, zero, clusterKeyOf(minusOne)} {
		if got := code(t, key.String()); got != CodeSmallOrder {
			t.Errorf("%s: %s", key, got)
		}
		if nkeys.IsValidPublicClusterKey(key.String()) {
			t.Errorf("Go nkeys takes %s", key)
		}
	}
}

func TestBytesOffTheCurveAreRefused(t *testing.T) {
	t.Parallel()
	refused := 0
	for b := range byte(100) {
		key := clusterKeyOf([32]byte{0: b, 1: 9})
		if _, err := new(edwards25519.Point).SetBytes(key.raw[:]); err == nil {
			continue
		}
		refused++
		if got := code(t, key.String()); got != CodeOffCurve {
			t.Errorf("%s: %s", key, got)
		}
	}
	if refused < 20 {
		t.Fatalf("only %d of 100 were off the curve", refused)
	}
}

// y = p + k is the point y = k in a second spelling, which no signer produces.
func TestNonCanonicalPointsAreRefused(t *testing.T) {
	t.Parallel()
	onCurve := 0
	for k := range byte(19) {
		raw := [32]byte{0: 0xed + k, 31: 0x7f}
		for i := 1; i < 31; i++ {
			raw[i] = 0xff
		}
		if _, err := new(edwards25519.Point).SetBytes(raw[:]); err == nil {
			onCurve++
		}
		want := CodeOffCurve
		if k < 2 { // p and p + 1 are 0 and 1, of order 4 and 1
			want = CodeSmallOrder
		}
		if got := code(t, clusterKeyOf(raw).String()); got != want {
			t.Errorf("p + %d: %s", k, got)
		}
	}
	if onCurve < 5 {
		t.Fatalf("only %d of the second spellings are on the curve", onCurve)
	}
}

func TestAnyBytesAreACurveKey(t *testing.T) {
	t.Parallel()
	key := PublicKey{kind: Curve, raw: [32]byte{0: 2, 1: 9}}
	if got, err := ParsePublicKey(key.String(), Curve); err != nil || got != key {
		t.Errorf("%v, %v", got, err)
	}
}
