package app

import (
	"path/filepath"
	"testing"

	"github.com/latch-keys/latch/internal/process"
)

// A keystore is the same one wherever the manifest lies that names it, and however it
// is connected to; folders are as far apart as they lie.
func TestKeystoreIdentity(t *testing.T) {
	t.Parallel()
	a := New(process.System{})
	there := filepath.Join(t.TempDir(), "keys")
	for _, pair := range []struct {
		one, other string
		same       bool
	}{
		{"vault:secret/lattice", "vault:secret/lattice", true},
		{"vault:secret/lattice", "vault:secret/other", false},
		{"nats://n.example.org:4222/team", "nats://n.example.org/team?context=ops", true},
		{"nats://n.example.org:4222/team", "nats://n.example.org:4222/other", false},
		{"keyring:", "keyring:", true},
		{"keyring:", "env:", false},
		{"dir:" + there, "dir:" + there + "/.", true},
		{"dir:keys", "dir:keys", false},
		{"dir:" + there, "age:" + there, false},
	} {
		if same := a.keystoreIdentity(pair.one, "here") == a.keystoreIdentity(pair.other, "there"); same != pair.same {
			t.Errorf("%s and %s: the same is %v", pair.one, pair.other, same)
		}
	}
}
