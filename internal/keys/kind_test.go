package keys_test

import (
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

func TestKindNames(t *testing.T) {
	t.Parallel()
	if len(keys.Kinds()) != 8 {
		t.Fatalf("%d kinds, want the 8 that wash makes", len(keys.Kinds()))
	}
	for _, kind := range keys.Kinds() {
		for _, name := range append(kind.Aliases(), kind.String(), strings.ToUpper(kind.String())) {
			if got, err := keys.ParseKind(name); err != nil || got != kind {
				t.Errorf("ParseKind(%q) = %v, %v", name, got, err)
			}
		}
		seed := mustGenerate(t, kind, random(3))
		text := seed.Reveal()
		if text[0] != 'S' || text[1] != kind.Letter() || seed.PublicKey().String()[0] != kind.Letter() {
			t.Errorf("%v keys do not open with %c", kind, kind.Letter())
		}
	}
}

func TestMistypedKindListsTheKinds(t *testing.T) {
	t.Parallel()
	_, err := keys.ParseKind("clustr")
	if err == nil {
		t.Fatal("a mistyped kind was taken")
	}
	for _, want := range []string{`"clustr"`, "cluster", "server (or host)", "module (or component, actor)", "curve (or x25519)"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q lacks %q", err, want)
		}
	}
}
