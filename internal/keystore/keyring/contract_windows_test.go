package keyring_test

import (
	"testing"

	"github.com/danieljoos/wincred"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
)

func TestContractCredentialManager(t *testing.T) {
	before := credentials(t)
	keystoretest.Run(t, func(t *testing.T) func() keystore.Store {
		deps := keystore.Deps{IndexDir: emptyIndex(t)}
		return func() keystore.Store { return keystoretest.Open(t, "keyring:", deps) }
	})
	t.Cleanup(func() {
		for name, credential := range credentials(t) {
			if before[name] == nil {
				_ = (&wincred.GenericCredential{Credential: *credential}).Delete()
			}
		}
	})
}

func TestCredentialManagerIsReconciled(t *testing.T) {
	deps := keystore.Deps{IndexDir: keystoretest.Folder(t)}
	seed := keystoretest.NewSeed(t, keys.Cluster)
	if err := keystoretest.Open(t, "keyring:", deps).Put(t.Context(), "prod", seed); err != nil {
		t.Fatal(err)
	}
	lost := keystoretest.Open(t, "keyring:", keystore.Deps{IndexDir: emptyIndex(t)})
	findings, err := keystore.Reconcile(t.Context(), lost, true)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range findings {
		if got, err := lost.Get(t.Context(), f.Name); err == nil && got.PublicKey() == seed.PublicKey() {
			if err := keystoretest.Delete(t, lost, f.Name); err != nil {
				t.Error(err)
			}
			return
		}
	}
	t.Fatalf("the seed is in none of %v", findings)
}

func credentials(t *testing.T) map[string]*wincred.Credential {
	t.Helper()
	all, err := wincred.List()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]*wincred.Credential{}
	for _, credential := range all {
		found[credential.TargetName] = credential
	}
	return found
}
