package natscmd

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/safefile"
)

// The JWTs of users go again with a manifest that could not be saved, and stay with one
// that is in place, though its folder could not be synced.
func TestJWTsStayWithTheManifestThatNamesThem(t *testing.T) {
	t.Parallel()
	for step, stay := range map[string]bool{"rename": false, "sync the folder": true} {
		dir := keystoretest.Folder(t)
		broken := errors.New("the disk is broken")
		disk := safefile.Interposed(func(at, _ string) error {
			if at == step {
				return broken
			}
			return nil
		})
		err := writeThen(t.Context(), filepath.Join(dir, "nats"), map[string]string{"web.jwt": "jwt\n"}, func() error {
			_, err := disk.Write(filepath.Join(dir, "lattice.yaml"), []byte("users: [web]\n"), safefile.Private)
			return err
		})
		if !errors.Is(err, broken) {
			t.Errorf("%s: %v", step, err)
		}
		if _, err := os.Stat(filepath.Join(dir, "nats", "web.jwt")); (err == nil) != stay {
			t.Errorf("%s: %v", step, err)
		}
	}
}
