package keystore_test

import (
	"testing"

	"github.com/latch-keys/latch/internal/keystore"
)

func TestSeenFrom(t *testing.T) {
	t.Parallel()
	for uri, want := range map[string]string{
		"dir:keys":  "dir:../keys",
		"age:keys":  "age:../keys",
		"age:/keys": "age:/keys",
		"age:~/k":   "age:~/k",
		"keyring:":  "keyring:",
		"env:":      "env:",
		"age:":      "age:",
		"what:keys": "what:keys",
	} {
		if got := keystore.SeenFrom("sub", uri); got != want {
			t.Errorf("%s is %s, want %s", uri, got, want)
		}
	}
}
