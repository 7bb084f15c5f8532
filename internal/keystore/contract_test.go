package keystore_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
)

func open(t *testing.T, uri string, deps keystore.Deps) keystore.Store {
	t.Helper()
	if deps.Now == nil {
		deps.Now = time.Now
	}
	store, err := keystore.Open(uri, deps)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func TestContractDir(t *testing.T) {
	t.Parallel()
	keystoretest.Run(t, func(t *testing.T) func() keystore.Store {
		base := keystoretest.Folder(t)
		if err := os.Mkdir(filepath.Join(base, "keys"), 0o700); err != nil {
			t.Fatal(err)
		}
		return func() keystore.Store { return open(t, "dir:keys", keystore.Deps{BaseDir: base}) }
	})
}

func TestContractEnv(t *testing.T) {
	t.Parallel()
	keystoretest.RunReadOnly(t, func(t *testing.T, seeds map[string]keys.Seed) keystore.Store {
		environ := []string{"PATH=/bin", "LATCH_SEED=x", "LATCH_SEED_=x"}
		for name, seed := range seeds {
			variable := strings.ToUpper(strings.ReplaceAll(name, "-", "_"))
			environ = append(environ, "LATCH_SEED_"+variable+"="+string(seed.Reveal()))
		}
		return open(t, "env:", keystore.Deps{Environ: environ})
	})
}

func TestContractFakeKeyring(t *testing.T) {
	t.Parallel()
	keystoretest.Run(t, func(t *testing.T) func() keystore.Store {
		ring, dir := newFakeRing(), keystoretest.Folder(t)
		return func() keystore.Store { return keystore.RingStore(ring, dir, time.Second, nil) }
	})
}
