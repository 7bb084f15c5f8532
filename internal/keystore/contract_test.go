package keystore_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
)

func TestContractDir(t *testing.T) {
	t.Parallel()
	keystoretest.Run(t, func(t *testing.T) func() keystore.Store {
		base := keystoretest.Folder(t)
		keystoretest.Must(t, os.Mkdir(filepath.Join(base, "keys"), 0o700))
		return func() keystore.Store { return keystoretest.Open(t, "dir:keys", keystore.Deps{BaseDir: base}) }
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
		return keystoretest.Open(t, "env:", keystore.Deps{Environ: environ})
	})
}
