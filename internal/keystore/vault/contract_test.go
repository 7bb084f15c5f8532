package vault_test

import (
	"testing"

	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/keystore/vault/vaulttest"
)

func TestContractVault(t *testing.T) {
	t.Parallel()
	keystoretest.Run(t, func(t *testing.T) func() keystore.Store { return at(t, vaulttest.Start(t).Environ(), "team") })
}

// at opens the store below a path of the mount secret.
func at(t *testing.T, environ []string, path string) func() keystore.Store {
	return func() keystore.Store {
		return keystoretest.Open(t, "vault:secret/"+path, keystore.Deps{Environ: environ})
	}
}
