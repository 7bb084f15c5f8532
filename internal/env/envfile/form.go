package envfile

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/env/envfile/compose"
	"github.com/latch-keys/latch/internal/env/envfile/unit"
	"github.com/latch-keys/latch/internal/fault"
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

// folderDepth bounds how deep folders are looked into.
const folderDepth = 8

// listed names the files to read: those given, and in the place of a folder what
// is in it and in the folders below, sorted. Left out are folders whose name
// begins with a dot, what git or a package manager keeps, and files that others
// of the folder read: override files, the .env beside a compose file, drop-ins.
func listed(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.IsDir() {
			files = append(files, path) // what is not there is told when it is read
			continue
		}
		found, err := filesIn(path, folderDepth)
		if err != nil {
			return nil, err
		}
		if len(found) == 0 {
			return nil, fault.New(fault.NotFound, "%s contains no env file", path).WithHint("latch env write makes them")
		}
		files = append(files, found...)
	}
	return files, nil
}

// Empty reports whether path is a folder with nothing in it, as before a first deploy.
func Empty(path string) bool {
	entries, err := os.ReadDir(path)
	return err == nil && len(entries) == 0
}

func filesIn(dir string, depth int) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	isMain := func(e fs.DirEntry) bool { return slices.Contains(compose.MainNames(), e.Name()) }
	project := slices.ContainsFunc(entries, isMain)
	var files []string
	for _, e := range entries {
		name, path := e.Name(), filepath.Join(dir, e.Name())
		switch {
		case e.IsDir():
			unitOf := strings.TrimSuffix(name, ".d")
			dropIns := unitOf != name && slices.ContainsFunc(entries, func(other fs.DirEntry) bool { return other.Name() == unitOf })
			if depth == 0 || dropIns || strings.HasPrefix(name, ".") || name == "node_modules" {
				continue
			}
			below, err := filesIn(path, depth-1)
			if err != nil {
				return nil, err
			}
			files = append(files, below...)
		case !e.Type().IsRegular() || !readable(name):
		case project && (name == ".env" || slices.Contains(compose.OverrideNames(), name)):
		default:
			files = append(files, path)
		}
	}
	return files, nil
}
