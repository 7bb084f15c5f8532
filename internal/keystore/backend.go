package keystore

import (
	"path/filepath"
	"runtime"
	"strings"
)

// Backend says in words what a URI stands for on this system: "the Secret
// Service on the D-Bus session bus". A relative folder starts at base. Nothing is
// touched. It is empty for an unknown URI.
func Backend(uri, base string) string {
	scheme, path, _ := strings.Cut(uri, ":")
	if path != "" && !filepath.IsAbs(path) {
		path = filepath.Join(base, path)
	}
	switch scheme {
	case "keyring":
		return systemKeyring(runtime.GOOS)
	case "age":
		return "files that age has encrypted, in " + path
	case "dir":
		return "plain files that only you can read, in " + path
	case "env":
		return "the variables " + envPrefix + "<NAME>, read only"
	}
	return ""
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
