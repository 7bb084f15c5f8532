package lattice

import (
	"bytes"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
)

// TestCheckTracked: every seed in a tracked text is named by its public key and its
// place, but for those that stand in public anyway.
func TestCheckTracked(t *testing.T) {
	t.Parallel()
	seed, err := keys.Generate(keys.Cluster, bytes.NewReader(bytes.Repeat([]byte{7}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	own := string(seed.Reveal())
	text := "A=b\nSEED=" + own + "\nDOCS=SCABNLVRXGEJEG5FBBPMMKMMY37FNKVLDY6YXHVL6WA4IRBEYD6ACIQKV4\n"
	findings := CheckTracked("a.env", []byte(text))
	if len(findings) != 1 {
		t.Fatalf("%v", findings)
	}
	f := findings[0]
	if f.Line != 2 || f.Column != 6 || f.Severity != finding.Error || !strings.Contains(f.Message, seed.PublicKey().String()) || strings.Contains(f.String(), own) {
		t.Errorf("%+v", f)
	}
	for name, spelled := range map[string]string{
		"in base64, as in a Secret": base64.StdEncoding.EncodeToString([]byte(own)), "in lower case": strings.ToLower(own), "over two lines": own[:30] + "\n  " + own[30:],
	} {
		findings := CheckTracked("a.yaml", []byte("a: b\ndata:\n  KEY: "+spelled+"\n"))
		if len(findings) != 1 || findings[0].Line != 3 || findings[0].Column != 8 || !strings.Contains(findings[0].Message, seed.PublicKey().String()) {
			t.Errorf("%s: %v", name, findings)
		}
	}
	if got := CheckTracked("a.env", []byte("A="+seed.PublicKey().String())); len(got) > 0 {
		t.Errorf("a public key is taken for a seed: %v", got)
	}
}
