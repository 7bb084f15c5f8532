package process

import (
	"path/filepath"
	"runtime"
	"slices"
)

// ConfigDir is where the person's settings lie, "" where it cannot be known.
// XDG base directories, Apple's and Windows' own places elsewhere.
func (s System) ConfigDir() string {
	return s.userDir("XDG_CONFIG_HOME", ".config", "AppData")
}

// XDGConfigDir is where programs that do as XDG says on every system, such as the nats
// command, keep their settings: "" where it cannot be known.
func (s System) XDGConfigDir() string {
	if dir, _ := s.Getenv("XDG_CONFIG_HOME"); filepath.IsAbs(dir) {
		return filepath.Clean(dir)
	}
	if home := s.Home(); home != "" {
		return filepath.Join(home, ".config")
	}
	return ""
}

// DataDir is where the index of the keyring lies, "" where it cannot be known.
func (s System) DataDir() string {
	return s.userDir("XDG_DATA_HOME", filepath.Join(".local", "share"), "LocalAppData")
}

// IdentityPlaces are where an identity is looked for when none is named: latch's
// own folder, where sops keeps those of age, ~/.config/latch, which the documentation
// names for all systems, and where ssh keeps its keys.
func (s System) IdentityPlaces() []string {
	var places []string
	if dir := s.ConfigDir(); dir != "" {
		places = append(places, filepath.Join(dir, "identity.txt"), filepath.Join(filepath.Dir(dir), "sops", "age", "keys.txt"))
	}
	if home := s.Home(); home != "" {
		if everywhere := filepath.Join(home, ".config", "latch", "identity.txt"); !slices.Contains(places, everywhere) {
			places = append(places, everywhere)
		}
		places = append(places, filepath.Join(home, ".ssh", "id_ed25519"), filepath.Join(home, ".ssh", "id_rsa"))
	}
	return places
}

// Home is the person's home folder, "" where it cannot be known.
func (s System) Home() string {
	home, _ := s.Getenv("HOME")
	if runtime.GOOS == "windows" {
		home, _ = s.Getenv("USERPROFILE")
	}
	if !filepath.IsAbs(home) {
		return ""
	}
	return filepath.Clean(home)
}

func (s System) userDir(xdg, fallback, windows string) string {
	base := func(name string, below ...string) string {
		dir, _ := s.Getenv(name)
		if !filepath.IsAbs(dir) {
			return ""
		}
		return filepath.Join(append(append([]string{dir}, below...), "latch")...)
	}
	switch runtime.GOOS {
	case "windows":
		return base(windows)
	case "darwin":
		return base("HOME", "Library", "Application Support")
	}
	if dir := base(xdg); dir != "" {
		return dir
	}
	return base("HOME", fallback)
}
