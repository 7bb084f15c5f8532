package settings

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/spf13/viper"

	"github.com/latch-keys/latch/internal/safefile"
)

// settingsLimit bounds the settings file, in bytes.
const settingsLimit = 64 << 10

// Source is what settings are read from.
type Source struct {
	Getenv func(name string) (string, bool)
	Flag   func(name string) (value string, given bool)
	Dir    string // the person's own folder for settings, "" where there is none
}

// Read resolves every setting: flag, then environment, then file, then
// default. The environment is a value here, so viper never reads its own.
func Read(from Source) (*Settings, error) {
	v := viper.New()
	s := &Settings{origins: map[string]string{}, path: from.file()}
	v.SetConfigType("yaml")
	if err := readSettingsFile(v, s.path); err != nil {
		return nil, err
	}
	for _, row := range Table() {
		v.SetDefault(row.Key, row.Fallback)
		s.origins[row.Key] = "default"
		if v.InConfig(row.Key) {
			s.origins[row.Key] = "file " + s.path
		}
		if value, set := from.Getenv(row.Variable); set && value != "" {
			v.Set(row.Key, value)
			s.origins[row.Key] = "env " + row.Variable
		}
		if value, given := from.Flag(row.Flag); given {
			v.Set(row.Key, value)
			s.origins[row.Key] = "flag --" + row.Flag
		}
	}
	if err := v.UnmarshalExact(s); err != nil {
		return nil, fmt.Errorf("bad settings in %s or the environment: %w", s.path, err)
	}
	return s, s.check()
}

// readSettingsFile reads the file if there is one. An unknown setting in it is
// found by UnmarshalExact later.
func readSettingsFile(v *viper.Viper, path string) error {
	if path == "" {
		return nil
	}
	data, err := safefile.Read(path, safefile.Shared, settingsLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if err := v.ReadConfig(bytes.NewReader(data)); err != nil {
		return fmt.Errorf("failed to read the settings file %s: %w", path, err)
	}
	return nil
}

// file is LATCH_CONFIG, or config.yaml in the person's own folder.
func (s Source) file() string {
	if path, set := s.Getenv("LATCH_CONFIG"); set && path != "" {
		return path
	}
	if s.Dir != "" {
		return filepath.Join(s.Dir, "config.yaml")
	}
	return ""
}
