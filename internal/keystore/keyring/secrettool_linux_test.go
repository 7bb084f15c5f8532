package keyring_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/keystore/secretservicetest"
	"github.com/latch-keys/latch/internal/oracle"
)

// What latch stores, secret-tool finds, as what it is; and no longer once it
// is deleted.
func TestSecretToolAgrees(t *testing.T) {
	t.Parallel()
	tool := oracle.Need(t, "secret-tool")
	if os.Getenv(inSession) == "" {
		rerun(t, secretservicetest.Start(t, secretservicetest.Unlocked))
		return
	}
	seed := keystoretest.NewSeed(t, keys.Cluster)
	store := keystoretest.Open(t, "keyring:", keystore.Deps{Environ: os.Environ(), IndexDir: t.TempDir()})
	if err := store.Put(t.Context(), "prod", seed); err != nil {
		t.Fatal(err)
	}
	public := seed.PublicKey().String()
	found, err := exec.Command(tool, "lookup", "service", "latch", "username", public).Output()
	if err != nil || string(found) != string(seed.Reveal()) {
		t.Errorf("lookup gave %d characters, %v", len(found), err)
	}
	all, err := exec.Command(tool, "search", "--all", "service", "latch").CombinedOutput()
	if err != nil || !strings.Contains(string(all), "label = Password for '"+public+"' on 'latch'") {
		t.Errorf("search: the label is missing, %v", err)
	}
	if err := keystoretest.Delete(t, store, "prod"); err != nil {
		t.Fatal(err)
	}
	if found, err := exec.Command(tool, "lookup", "service", "latch", "username", public).Output(); err == nil || len(found) > 0 {
		t.Error("lookup still finds the deleted seed")
	}
}
