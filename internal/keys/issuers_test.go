package keys_test

import (
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
