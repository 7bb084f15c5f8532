package similar_test

import (
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/similar"
)

func TestQuestion(t *testing.T) {
	t.Parallel()
	known := []string{"issuers", "public_key", "a"}
	for word, want := range map[string]string{
		"issuer": "; did you mean issuers?", "publicKey": "; did you mean public_key?", "PUBLIC-KEI": "; did you mean public_key?",
		"b": "", "generation": "", strings.Repeat("issuers", 20): "", "": "",
	} {
		if got := similar.Question(word, known); got != want {
			t.Errorf("%q: got %q, want %q", word, got, want)
		}
	}
}
