package keystore_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
)

func TestOpenTouchesNothing(t *testing.T) {
	t.Parallel()
	base := t.TempDir()
	deps := keystore.Deps{IndexDir: filepath.Join(base, "index"), BaseDir: base}
	for _, uri := range []string{"keyring:", "age:keys", "dir:keys", "dir:" + base + "/more", "env:", "exec:pass show {}", "nats://127.0.0.1:1/team"} {
		if got := keystoretest.Open(t, uri, deps).URI(); got != uri {
			t.Errorf("%s is called %s", uri, got)
		}
	}
	if files, _ := os.ReadDir(base); len(files) > 0 {
		t.Errorf("opening made %v", files)
	}
}

func TestUnknownURIs(t *testing.T) {
	t.Parallel()
	secret := string(keystoretest.NewSeed(t, keys.Cluster).Reveal())
	for uri, says := range map[string]string{
		"":             "no scheme",
		"keys":         `"keys" has no scheme; did you mean dir:keys or age:keys?`,
		"s3cr3t":       "the keystore URI has no scheme",
		"valt:a/b":     `"valt:"; did you mean vault:?`,
		secret:         "no scheme",
		secret + ":":   "no such kind of keystore",
		"DIR:keys":     "no such kind",
		"dir:":         "needs a folder",
		"dir:~/keys":   "~",
		"age:":         "needs a folder",
		"keyring:x":    "nothing after",
		"env:WEB":      "nothing after",
		"exec:":        "needs a command",
		"nats:team":    "names no server",
		"shelf:secret": `"shelf:"`,
	} {
		_, err := keystore.Open(uri, keystore.Deps{})
		if !fault.Is(err, fault.Usage) || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", uri, err)
		}
		if strings.Contains(err.Error(), secret[:10]) {
			t.Error("the error repeats a seed")
		}
		hint := fault.HintOf(err)
		if !strings.Contains(hint, "dir:") && !strings.Contains(hint, "nats://HOST") {
			t.Errorf("%q: hint %q", uri, hint)
		}
	}
}
