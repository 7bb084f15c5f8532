package process_test

import (
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/latch-keys/latch/internal/process"
)

func TestArguments(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"/usr/bin/latch": {"gen", "cluster"},
		"keys":           {"keys", "gen", "cluster"},
		`/bin/keys.exe`:  {"keys", "gen", "cluster"},
	} {
		s := process.System{Args: []string{name, "gen", "cluster"}}
		if got := s.Arguments(); !slices.Equal(got, want) {
			t.Errorf("called as %s: %v", name, got)
		}
	}
	if got := (process.System{}).Arguments(); got != nil {
		t.Errorf("without a name: %v", got)
	}
}

// The last setting of a name counts, as for the system.
func TestGetenv(t *testing.T) {
	t.Parallel()
	s := process.System{Environ: []string{"A=1", "AB=2", "A=3", "B="}}
	for name, want := range map[string]string{"A": "3", "AB": "2", "B": ""} {
		if got, set := s.Getenv(name); got != want || !set {
			t.Errorf("%s is %q, %v", name, got, set)
		}
	}
	if _, set := s.Getenv("C"); set {
		t.Error("C is set")
	}
	if got, _ := s.Getenv("ab"); (got == "2") != (runtime.GOOS == "windows") {
		t.Errorf("ab is %q on %s", got, runtime.GOOS)
	}
}

func TestFolders(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("XDG base directories are for Linux")
	}
	home := process.System{Environ: []string{"HOME=/home/a", "XDG_DATA_HOME=/data", "XDG_CONFIG_HOME=relative"}}
	if got := home.ConfigDir(); got != "/home/a/.config/latch" {
		t.Errorf("settings in %s: a relative XDG folder is to be passed over", got)
	}
	if got := home.DataDir(); got != "/data/latch" {
		t.Errorf("data in %s", got)
	}
	if got := home.IdentityPlaces(); !slices.Contains(got, filepath.Join("/home/a", ".ssh", "id_ed25519")) {
		t.Errorf("identities in %v", got)
	}
	if got := (process.System{}).IdentityPlaces(); len(got) > 0 {
		t.Errorf("identities without a home: %v", got)
	}
	if got := (process.System{}).ConfigDir(); got != "" {
		t.Errorf("without a home: %q", got)
	}
}

// The documentation names one place for every system.
func TestIdentityPlaces(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	s := process.System{Environ: []string{"HOME=" + home, "USERPROFILE=" + home, "AppData=" + home, "XDG_CONFIG_HOME=" + filepath.Join(home, "elsewhere")}}
	if got := s.IdentityPlaces(); !slices.Contains(got, filepath.Join(home, ".config", "latch", "identity.txt")) {
		t.Errorf("identities in %v", got)
	}
}
