package keys_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

const otherPublic = "CAQQHYABXBPDBZIGDZIT7E73HW66RPCFC3GGLQKSDDTVWUVOYZBYHUND"

func TestIssuersRoundTrip(t *testing.T) {
	t.Parallel()
	value := docsPublic + "," + otherPublic
	issuers, err := keys.ParseIssuers(value)
	if err != nil || issuers.String() != value || len(issuers) != 2 {
		t.Fatalf("%v, %v", issuers, err)
	}
	if !issuers.Contains(issuers[1]) || issuers[:1].Contains(issuers[1]) {
		t.Error("Contains is wrong")
	}
}

func TestIssuersNameTheBadEntry(t *testing.T) {
	t.Parallel()
	for value, want := range map[string]string{
		"":                              "issuer 1: the public key is empty",
		docsPublic + ", " + otherPublic: "issuer 2: white space stands before",
		docsPublic + ",":                "issuer 2: the public key is empty",
		docsPublic + "," + docsPublic:   "issuer 2: " + docsPublic + " is listed twice",
		docsPublic + "," + docsSeed:     "issuer 2: this is a cluster seed where a public key belongs",
		docsPublic + ";" + otherPublic:  "issuer 1: too long",
		"NAGASFIHF5SBGTNTZUOVWT3O63SJUMIFUL7BH52T3UAFKQW7PPP46KFU": "issuer 1: this is a server public key",
	} {
		_, err := keys.ParseIssuers(value)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", value, err, want)
		}
	}
}

// Hosts look issuers up, so that their order says nothing.
func TestIssuersSameSet(t *testing.T) {
	t.Parallel()
	a, b, c := clusterKeyFor(t, 1), clusterKeyFor(t, 2), clusterKeyFor(t, 3)
	for _, same := range [][2]keys.Issuers{{nil, nil}, {{a}, {a}}, {{a, b, c}, {c, a, b}}} {
		if !same[0].SameSet(same[1]) {
			t.Errorf("%s and %s differ", same[0], same[1])
		}
	}
	for _, differ := range [][2]keys.Issuers{{nil, {a}}, {{a, b}, {a}}, {{a, b}, {a, c}}} {
		if differ[0].SameSet(differ[1]) {
			t.Errorf("%s and %s are the same", differ[0], differ[1])
		}
	}
}

func clusterKeyFor(t *testing.T, n byte) keys.PublicKey {
	t.Helper()
	seed, err := keys.Generate(keys.Cluster, bytes.NewReader(bytes.Repeat([]byte{n}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return seed.PublicKey()
}
