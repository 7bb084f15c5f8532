package envfile

import (
	"bytes"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/unit"
)

// form is what a file is written in.
type form int

const (
	envForm form = iota
	jsonForm
	yamlForm
	unitForm
)

// formOf is the form of a file by its extension, or else by what it holds.
func formOf(path string, text []byte) form {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".json", ".host_config":
		return jsonForm
	case ".yaml", ".yml":
		return yamlForm
	case ".service":
		return unitForm
	case ".env", ".sh", ".docker", ".systemd", ".fish", ".ps1", ".github":
		return envForm
	}
	keys := regexp.MustCompile(`(?m)^(apiVersion|kind|services|include|wasmcloud):([ \t]|\r?$)`)
	switch trimmed := bytes.TrimLeft(text, " \t\r\n"); {
	case bytes.HasPrefix(trimmed, []byte("{")):
		return jsonForm
	case unit.Is(text):
		return unitForm
	case keys.Match(text):
		return yamlForm
	}
	return envForm
}

// readable reports whether a file in a folder is one that tells hosts something,
// by its name.
func readable(name string) bool {
	known := []string{".env", ".sh", ".systemd", ".docker", ".json", ".host_config", ".yaml", ".yml", ".fish", ".ps1", ".github", ".service", ".conf"}
	return slices.Contains(known, strings.ToLower(filepath.Ext(name))) || slices.Contains(dotenvNames(), name)
}
