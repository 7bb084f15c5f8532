package envfile

import (
	"path/filepath"
	"slices"
	"strings"
)

// form is what a file is written in, by its extension.
type form int

const (
	envForm form = iota
	jsonForm
	yamlForm
	foreignForm // latch writes it, but does not read it
)

func formOf(path string) form {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".json", ".host_config":
		return jsonForm
	case ".yaml", ".yml":
		return yamlForm
	case ".fish", ".ps1", ".conf", ".github":
		return foreignForm
	}
	return envForm
}

// Readable reports whether a file in a folder of env files is one of those that
// Parse reads, by its name.
func Readable(name string) bool {
	known := []string{".env", ".sh", ".systemd", ".docker", ".json", ".host_config", ".yaml", ".yml"}
	return slices.Contains(known, strings.ToLower(filepath.Ext(name))) || strings.HasPrefix(name, ".env.")
}
