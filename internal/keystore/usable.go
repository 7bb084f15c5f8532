package keystore

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/latch-keys/latch/internal/keystore/keyring"
)

// IsKeyring tells whether a URI stands for the keyring of this system.
func IsKeyring(uri string) bool { return uri == "keyring:" }

// KeyringUsable tells why the keyring of this system cannot take a seed or give one
// now, nil if it can. It starts nothing, raises no prompt and waits for at most a few
// seconds.
func KeyringUsable(ctx context.Context, environ []string) error {
	return keyring.Usable(ctx, keyring.System(environ))
}

// SeenFrom spells a keystore, given from the current folder, as a file in dir names
// it: a relative folder is relative to that file; one in the home folder stays.
func SeenFrom(dir, uri string) string {
	name, path, _ := strings.Cut(uri, ":")
	if s, known := schemes()[name]; !known || !s.folder || path == "" || filepath.IsAbs(path) || path == "~" || strings.HasPrefix(path, "~/") {
		return uri
	}
	relative, err := filepath.Rel(dir, path)
	if err != nil {
		return uri
	}
	return name + ":" + filepath.ToSlash(relative)
}
