package cmd

import (
	"path/filepath"
	"runtime"
)

// configDir is where the person's settings lie, "" where it cannot be known.
// XDG base directories, Apple's and Windows' own places elsewhere.
func (s System) configDir() string {
	return s.userDir("XDG_CONFIG_HOME", ".config", "AppData")
}

// dataDir is where the index of the keyring lies, "" where it cannot be known.
func (s System) dataDir() string {
	return s.userDir("XDG_DATA_HOME", filepath.Join(".local", "share"), "LocalAppData")
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
