package envfile_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/finding"
)

// In a folder, every file that tells a host something is read once: not as a host
// of its own where another one names it, and not where nobody reads it.
func TestFolders(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const told = "WASMCLOUD_LATTICE=prod\n"
	for name, text := range map[string]string{
		"hosts/web-1/host.env": told, "hosts/web-2/.env": told, "hosts/web-2/.env.local": told, "hosts/web-2/host_config.json": "{}",
		"c/compose.yaml": "services: {web-3: {env_file: env/a.env}}\n", "c/compose.override.yaml": "services: {web-3: {env_file: b.env}}\n",
		"c/.env": "X=y\n", "c/env/a.env": told, "c/b.env": told,
		"u/web-4.service": "[Service]\nEnvironmentFile=" + filepath.ToSlash(dir) + "/u/web-4.env\n", "u/web-4.service.d/1.conf": "[Service]\nEnvironment=HOST_a=b\n", "u/web-4.env": told,
		".git/config.env": told, "node_modules/x.env": told, "README.md": told, "notes.txt": told,
	} {
		write(t, filepath.Join(dir, filepath.FromSlash(name)), text)
	}
	load := func(dir string) ([]envfile.Host, []finding.Finding, error) {
		return envfile.Load(t.Context(), []string{dir}, envfile.Options{})
	}
	hosts, findings, err := load(dir)
	if err != nil || len(findings) > 0 {
		t.Fatal(findings, err)
	}
	var names []string
	for _, h := range hosts {
		names = append(names, h.Name)
	}
	slices.Sort(names)
	if got := strings.Join(names, " "); got != "web-1 web-2 web-3 web-4" {
		t.Errorf("hosts %s", got)
	}
	if _, _, err := load(filepath.Join(dir, "node_modules")); err != nil {
		t.Errorf("a folder named outright: %v", err)
	}
	if _, _, err := load(t.TempDir()); err == nil {
		t.Error("an empty folder was taken")
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
