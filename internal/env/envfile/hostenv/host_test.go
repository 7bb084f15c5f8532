package hostenv_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/env/envfile/hostenv"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

const docsSeed = "SCABNLVRXGEJEG5FBBPMMKMMY37FNKVLDY6YXHVL6WA4IRBEYD6ACIQKV4" // published, nobody's secret

func TestNoValueIsPrinted(t *testing.T) {
	t.Parallel()
	var h hostenv.Host
	h.Add(wasmcloud.ClusterSeed, 1, 1, []byte(docsSeed))
	text, err := json.Marshal(h.Entries)
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		text = fmt.Appendf(text, verb+verb+verb, h, &h, h.Entries)
	}
	if strings.Contains(string(text), docsSeed[3:20]) || strings.Contains(string(text), fmt.Sprintf("%x", docsSeed[3:20])) {
		t.Errorf("the seed was printed: %s", text)
	}
	h.Wipe()
	var p *keys.Problem
	if _, err := h.Seed(); !errors.As(err, &p) {
		t.Errorf("the seed outlived Wipe: %v", err)
	}
}
