package holder_test

import (
	"crypto/rand"
	"os"
	"path/filepath"
	"testing"

	"github.com/latch-keys/latch/internal/env/envfile/holder"
	"github.com/latch-keys/latch/internal/keys"
)

func TestOf(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	one, err := keys.Generate(keys.Cluster, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	other, err := keys.Generate(keys.Cluster, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text := append([]byte("WASMCLOUD_CLUSTER_SEED="), one.Reveal()...)
	path := filepath.Join(dir, "web-1.env")
	if err := os.WriteFile(path, append(text, '\n'), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		dir  string
		key  keys.PublicKey
		want string
	}{
		"the key of the file": {dir, one.PublicKey(), path},
		"another key":         {dir, other.PublicKey(), ""},
		"no key":              {dir, keys.PublicKey{}, ""},
		"no folder":           {filepath.Join(dir, "none"), one.PublicKey(), ""},
	} {
		if got := holder.Of(t.Context(), c.dir, c.key); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
