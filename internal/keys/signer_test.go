package keys

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"testing"
)

func TestSignerSignsAsTheSeedDoes(t *testing.T) {
	t.Parallel()
	for _, kind := range []Kind{Account, Operator, User, Cluster} {
		seed, err := Generate(kind, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		signer, err := seed.Signer()
		if err != nil {
			t.Fatal(err)
		}
		want, err := seed.Sign([]byte("message"))
		if got := signer.Sign([]byte("message")); err != nil || !bytes.Equal(got, want) || signer.PublicKey() != seed.PublicKey() {
			t.Errorf("%s: another signature than the seed's (%v)", kind, err)
		}
		if shown := fmt.Sprintf("%v %+v %#v %x", signer, signer, signer, signer); MayHoldSeed(shown) || bytes.Contains([]byte(shown), fmt.Appendf(nil, "%x", seed.open().raw[:4])) {
			t.Errorf("%s: the signer shows its secret", kind)
		}
		signer.Wipe()
		if seed.PublicKey().Verify([]byte("message"), signer.Sign([]byte("message"))) == nil {
			t.Errorf("%s: a wiped signer signs", kind)
		}
	}
	curve, err := Generate(Curve, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := curve.Signer(); err == nil {
		t.Error("a curve key signs")
	}
	if _, err := (Seed{}).Signer(); err == nil {
		t.Error("no seed signs")
	}
}
