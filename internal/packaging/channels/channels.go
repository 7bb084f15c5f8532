// Package channels writes what Homebrew and Scoop install latch by, from the
// checksums of a release.
package channels

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

//go:embed latch.rb.tmpl
var formula string

//go:embed latch.json.tmpl
var manifest string

// release is what the templates are filled with.
type release struct {
	Version string
	sums    map[string]string // SHA-256 of each file
}

// archive is one file of the release.
type archive struct{ URL, Sum, Folder string }

// Archive is the one for a system and an architecture, which must be there.
func (r release) Archive(system, architecture string) (archive, error) {
	folder, ending := "latch_"+r.Version+"_"+system+"_"+architecture, ".tar.gz"
	if system == "windows" {
		ending = ".zip"
	}
	sum, found := r.sums[folder+ending]
	if !found {
		return archive{}, fmt.Errorf("there is no checksum of %s", folder+ending)
	}
	return archive{"https://github.com/latch-keys/latch/releases/download/v" + r.Version + "/" + folder + ending, sum, folder}, nil
}

// Write fills in the formula of Homebrew and the manifest of Scoop, latch.rb and
// latch.json, from the checksums in dist.
func Write(dist, folder, version string) error {
	sums, err := checksums(filepath.Join(dist, "checksums.txt"))
	if err != nil {
		return err
	}
	r := release{Version: version, sums: sums}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	for name, text := range map[string]string{"latch.rb": formula, "latch.json": manifest} {
		var filled bytes.Buffer
		if err := template.Must(template.New(name).Parse(text)).Execute(&filled, r); err != nil {
			return err
		}
		if strings.HasSuffix(name, ".json") && !json.Valid(filled.Bytes()) {
			return fmt.Errorf("%s is no JSON", name)
		}
		if err := os.WriteFile(filepath.Join(folder, name), filled.Bytes(), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// checksums reads lines as sha256sum writes them.
func checksums(path string) (map[string]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	sums := map[string]string{}
	for line := range strings.Lines(string(text)) {
		sum, name, found := strings.Cut(strings.TrimSpace(line), "  ")
		if !found || len(sum) != 64 {
			return nil, fmt.Errorf("%s: this is no checksum: %q", path, line)
		}
		sums[name] = sum
	}
	return sums, nil
}
