package keys_test

import (
	"testing"

	"github.com/nats-io/nkeys"

	"github.com/latch-keys/latch/internal/keys"
)

// Whatever parses re-encodes to the same bytes, and Go nkeys, the laxer reader,
// accepts it too (module and service keys aside, which it does not know).
func FuzzParsePublicKey(f *testing.F) {
	for _, d := range damages() {
		f.Add([]byte(d.text))
	}
	f.Add([]byte(docsPublic))
	f.Fuzz(func(t *testing.T, text []byte) {
		key, err := keys.ParsePublicKey(text, keys.AnyKind)
		if err != nil {
			if keys.Diagnose(text, keys.Want{Role: keys.RolePublic}).Valid() {
				t.Fatal("refused by the parser, valid by the diagnosis")
			}
			return
		}
		if key.String() != string(text) {
			t.Fatalf("%s re-encodes to %s", text, key)
		}
		if key.Kind() != keys.Module && key.Kind() != keys.Service && !nkeys.IsValidPublicKey(key.String()) {
			t.Fatalf("Go nkeys refuses %s", key)
		}
	})
}

func FuzzParseSeed(f *testing.F) {
	for _, d := range damages() {
		f.Add([]byte(d.text))
	}
	f.Add([]byte(docsSeed))
	f.Fuzz(func(t *testing.T, text []byte) {
		seed, err := keys.ParseSeed(text, keys.AnyKind)
		if err != nil {
			if keys.Diagnose(text, keys.Want{Role: keys.RoleSeed}).Valid() {
				t.Fatal("refused by the parser, valid by the diagnosis")
			}
			return
		}
		if string(seed.Reveal()) != string(text) {
			t.Fatal("a seed re-encodes to other bytes")
		}
		if seed.Kind() == keys.Module || seed.Kind() == keys.Service || seed.Kind() == keys.Curve {
			return
		}
		pair, err := nkeys.FromSeed(text)
		if err != nil {
			t.Fatal("Go nkeys refuses a seed we take")
		}
		if public, err := pair.PublicKey(); err != nil || public != seed.PublicKey().String() {
			t.Fatalf("Go nkeys derives %s, we %s", public, seed.PublicKey())
		}
	})
}

func FuzzParseIssuers(f *testing.F) {
	f.Add(docsPublic)
	f.Add(docsPublic + ", " + docsPublic)
	f.Add(docsPublic + ",CAQQHYABXBPDBZIGDZIT7E73HW66RPCFC3GGLQKSDDTVWUVOYZBYHUND")
	f.Fuzz(func(t *testing.T, value string) {
		issuers, err := keys.ParseIssuers(value)
		if err == nil && issuers.String() != value {
			t.Fatalf("%q re-encodes to %q", value, issuers)
		}
	})
}
