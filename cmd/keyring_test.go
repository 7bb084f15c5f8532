//go:build linux

package cmd_test

import (
	"testing"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/keystore/secretservicetest"
)

// The scripts of each folder run with the keyring in that state, on a bus of
// their own with a real Secret Service.
func TestKeyringScripts(t *testing.T) {
	t.Parallel()
	for name, state := range map[string]secretservicetest.State{
		"unlocked":  secretservicetest.Unlocked,
		"locked":    secretservicetest.Locked,
		"noservice": secretservicetest.NoService,
		"nokeyring": secretservicetest.NoKeyring,
		"hung":      secretservicetest.Hung,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			session := secretservicetest.Start(t, state)
			runScripts(t, cmd.Source("testdata/keyring/"+name), session.Environ)
		})
	}
}
