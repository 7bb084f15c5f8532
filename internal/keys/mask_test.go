package keys_test

import (
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

func TestMask(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		docsSeed, strings.ToLower(docsSeed), docsSeed[:57], docsSeed + "A", "cannot run " + docsSeed + ": not found",
		"--" + docsSeed, "\"" + docsSeed + "\"", docsSeed[:30] + "0" + docsSeed[31:], "a=" + docsSeed + ",b=" + docsSeed,
	} {
		if masked := keys.Mask(text); strings.Contains(strings.ToUpper(masked), docsSeed[10:20]) {
			t.Errorf("%d characters: still there", len(text))
		}
	}
	for _, text := range []string{docsPublic, "SCAB is short", "the checksum of the seed", docsPublic + "," + otherPublic} {
		if masked := keys.Mask(text); masked != text {
			t.Errorf("%q became %q", text, masked)
		}
	}
}
