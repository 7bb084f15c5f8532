package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"

	"github.com/spf13/cobra"
	"github.com/spf13/viper"

	"github.com/latch-keys/latch/internal/safefile"
)

// settingsLimit bounds the settings file, in bytes.
const settingsLimit = 64 << 10

// readSettings resolves every setting: flag, then environment, then file, then
// default. The environment is a value here, so viper never reads its own.
func readSettings(sys System, root *cobra.Command) (*settings, error) {
	v := viper.New()
	s := &settings{origins: map[string]string{}, file: settingsFile(sys)}
	v.SetConfigType("yaml")
	if err := readSettingsFile(v, s.file); err != nil {
		return nil, err
	}
	for _, row := range settingTable() {
		v.SetDefault(row.key, row.fallback)
		s.origins[row.key] = "default"
		if v.InConfig(row.key) {
			s.origins[row.key] = "file " + s.file
		}
		if value, set := sys.Getenv(row.variable); set && value != "" {
			v.Set(row.key, value)
			s.origins[row.key] = "env " + row.variable
		}
		if flag := root.PersistentFlags().Lookup(row.flag); flag.Changed {
			v.Set(row.key, flag.Value.String())
			s.origins[row.key] = "flag --" + row.flag
		}
	}
	if err := v.UnmarshalExact(s); err != nil {
		return nil, fmt.Errorf("bad settings in %s or the environment: %w", s.file, err)
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

// settingsFile is LATCH_CONFIG, or config.yaml in the person's own folder.
func settingsFile(sys System) string {
	if path, set := sys.Getenv("LATCH_CONFIG"); set && path != "" {
		return path
	}
	if dir := sys.configDir(); dir != "" {
		return filepath.Join(dir, "config.yaml")
	}
	return ""
}
