package keys_test

import (
	"bytes"
	"context"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

// published are key pairs of the wasmCloud docs and tests, and one of the
// nkeys.js interop tests. All of them are public, none is in use.
func published() map[string]string {
	return map[string]string{
		"SCABNLVRXGEJEG5FBBPMMKMMY37FNKVLDY6YXHVL6WA4IRBEYD6ACIQKV4": "CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMYMD",
		"SCAIYCZTW775GJYX3MVWLURALVC3PULW43PTEKGH72JBMA3A7LOLGLQ2JA": "CAQQHYABXBPDBZIGDZIT7E73HW66RPCFC3GGLQKSDDTVWUVOYZBYHUND",
		"SCAGI4US72YWQT6TAJBCK77XSOAJMWI5PCG5MICC3FWNRFQLHE53BEZIFU": "CD263EGQIG4DKCZAYV6ZMDAX3LOV4PKEGNCZF2THIYONC7W4CAXELVZZ",
		"SCAKLQ2FFT4LZUUVQMH6N37US3IZUEVJBUR3V532VV3DAAHSZXPQY6DYIM": "CBZZ6BLE7PIJNCEJMXOHAJ65KIXRVXDA74W6LUKXC4EPFHTJREXQCOYI",
		"SNAAGG2LW2FP2JTXDTLQNB4EOHQDHQR2Y75PYAVOCYUPGHUK24WA3RSZYI": "NAGASFIHF5SBGTNTZUOVWT3O63SJUMIFUL7BH52T3UAFKQW7PPP46KFU",
		"SCAAOBYHA4DQOBYHA4DQOBYHA4DQOBYHA4DQOBYHA4DQOBYHA4DQOB6MEM": "CDVEU3DD4KOFECV66VIHWEZOYX4ZKR3WV27L464SIIPOU2IUI3JCYEYG",
	}
}

const (
	docsSeed   = "SCABNLVRXGEJEG5FBBPMMKMMY37FNKVLDY6YXHVL6WA4IRBEYD6ACIQKV4"
	docsPublic = "CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMYMD"
)

// random is a repeatable source for tests.
func random(seed byte) *rand.ChaCha8 { return rand.NewChaCha8([32]byte{seed}) }

// often is how many inputs a test tries: n, and in -short a tenth of them.
func often(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}

func mustGenerate(t testing.TB, kind keys.Kind, source *rand.ChaCha8) keys.Seed {
	t.Helper()
	seed, err := keys.Generate(kind, source)
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

// mustGenerateMany takes a fifth of the time that as many calls of mustGenerate do.
func mustGenerateMany(t testing.TB, kind keys.Kind, n int, source *rand.ChaCha8) []keys.Seed {
	t.Helper()
	made := make([]keys.Seed, 0, n)
	err := keys.GenerateMany(context.Background(), kind, n, 1, source, func(s keys.Seed) error {
		made = append(made, s)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestPublishedPairs(t *testing.T) {
	t.Parallel()
	for text, public := range published() {
		seed, err := keys.ParseSeed([]byte(text), keys.AnyKind)
		if err != nil {
			t.Fatalf("%s: %v", public, err)
		}
		if got := seed.PublicKey().String(); got != public {
			t.Errorf("derived %s, want %s", got, public)
		}
		if got := seed.Reveal(); string(got) != text {
			t.Errorf("seed of %s does not re-encode to itself", public)
		}
		if key, err := keys.ParsePublicKey(public, seed.Kind()); err != nil || key != seed.PublicKey() {
			t.Errorf("ParsePublicKey(%s) = %v, %v", public, key, err)
		}
	}
}

func TestForeignPublicKeys(t *testing.T) {
	t.Parallel()
	for text, kind := range map[string]keys.Kind{
		"CAT4QMKWIUTIX5ZBNOT2ICJHCSVVHGHLOHSXDSS5P2MIWRXHYHANTJZQ": keys.Cluster,
		"MDNX3CB6VBXG55GOJ6UYON7AMK6SLYPB6GLPRZGTEE6625EFLJDQKWWR": keys.Module,
		"VC3IJSRK3KIJUD5PQIEU2UNWT4PQCRYTAXFC4PDLTCMDX7L77YRUGCXW": keys.Service,
		"NAWASHVALZUZPZNXPIF6HGQ4OMJYLXQ4B2WZZ5AMBCXKWEQPYXDOIWMA": keys.Server,
		"ACOJJN6WUP4ODD75XEBKKTCCUJJCY5ZKQ56XVKYK4BEJWGVAOOQHZMCW": keys.Account,
	} {
		if key, err := keys.ParsePublicKey(text, kind); err != nil || key.String() != text {
			t.Errorf("ParsePublicKey(%s) = %v, %v", text, key, err)
		}
	}
}

func TestGenerateIsDeterministicInItsSource(t *testing.T) {
	t.Parallel()
	a, b := mustGenerate(t, keys.Cluster, random(1)), mustGenerate(t, keys.Cluster, random(1))
	if !bytes.Equal(a.Reveal(), b.Reveal()) {
		t.Error("the same randomness gave two seeds")
	}
	if c := mustGenerate(t, keys.Cluster, random(2)); a.PublicKey() == c.PublicKey() {
		t.Error("other randomness gave the same seed")
	}
}

func TestGenerateRefuses(t *testing.T) {
	t.Parallel()
	if _, err := keys.Generate(keys.AnyKind, random(1)); err == nil {
		t.Error("generated a key of no kind")
	}
	if _, err := keys.Generate(keys.Cluster, strings.NewReader("short")); err == nil {
		t.Error("generated a key from 5 bytes of randomness")
	}
}
