package keystore

import (
	"path/filepath"
	"strings"
)

// Backend says in words what a URI stands for on this system: "the Secret
// Service on the D-Bus session bus". A relative folder starts at base. Nothing is
// touched. It is empty for an unknown URI.
func Backend(uri, base string) string {
	name, path, _ := strings.Cut(uri, ":")
	s, known := schemes()[name]
	switch {
	case !known:
		return ""
	case s.connect != nil:
		path, _, _ = strings.Cut(strings.TrimPrefix(path, "//"), "?")
	case s.command:
	case path != "" && !filepath.IsAbs(path):
		path = filepath.Join(base, path)
	}
	return s.backend(path)
}

func systemKeyring(system string) string {
	switch system {
	case "windows":
		return "the Credential Manager of Windows"
	case "darwin":
		return "the login keychain of macOS"
	}
	return "the Secret Service on the D-Bus session bus"
}
