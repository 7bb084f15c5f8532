package keys_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

type holder struct {
	Public keys.Seed
	hidden keys.Seed
	point  *keys.Seed
	list   []keys.Seed
	table  map[string]keys.Seed
}

func TestSeedNeverPrints(t *testing.T) {
	t.Parallel()
	seed, err := keys.ParseSeed([]byte(docsSeed), keys.Cluster)
	if err != nil {
		t.Fatal(err)
	}
	h := holder{seed, seed, &seed, []keys.Seed{seed}, map[string]keys.Seed{"a": seed}}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%o", "%b", "%p", "%t", "%e", "%c", "%U"} {
		fmt.Fprintf(&out, verb+"\n", seed)
		fmt.Fprintf(&out, verb+"\n", &seed)
		fmt.Fprintf(&out, verb+"\n", h)
		fmt.Fprintf(&out, verb+"\n", &h)
	}
	for _, v := range []any{seed, h, &h, h.table} {
		if text, err := json.Marshal(v); err == nil {
			out.Write(text)
		}
	}
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "seed", seed, "holder", h)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "seed", seed, "holder", h)
	fmt.Fprintln(&out, fmt.Errorf("wrapped %v %w", seed, fmt.Errorf("%s", seed)))

	printed := out.String()
	if !strings.Contains(printed, docsPublic) {
		t.Error("the public key should stand in for the seed")
	}
	for _, secret := range secretForms(docsSeed) {
		if strings.Contains(strings.ToLower(printed), strings.ToLower(secret)) {
			t.Fatalf("a form of the seed was printed")
		}
	}
}

// secretForms are ways a leak of the payload would look: text, hex, decimal bytes.
func secretForms(text string) []string {
	raw := []byte(text)
	return []string{
		text, text[4:20], fmt.Sprintf("%x", raw), fmt.Sprintf("%x", raw[4:12]),
		strings.Trim(fmt.Sprint(raw[4:10]), "[]"), "6aeb1b9889", "106 235 27 152",
	}
}

func TestWipe(t *testing.T) {
	t.Parallel()
	seed := mustGenerate(t, keys.Cluster, random(6))
	twin, public := seed, seed.PublicKey()
	seed.Wipe()
	if !seed.IsZero() || !twin.IsZero() || twin.Reveal() != nil {
		t.Error("a copy survived Wipe")
	}
	if twin.PublicKey() != public {
		t.Error("the public key should survive Wipe")
	}
	keys.Seed{}.Wipe()
}

func TestZeroSeed(t *testing.T) {
	t.Parallel()
	var seed keys.Seed
	if !seed.IsZero() || seed.Reveal() != nil || seed.Kind() != keys.AnyKind || seed.String() != "[no seed]" {
		t.Errorf("the zero seed is %v", seed)
	}
}
