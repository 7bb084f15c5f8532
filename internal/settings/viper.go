package settings

import (
	"bytes"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/viper"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/similar"
	"github.com/latch-keys/latch/internal/yamledit"
)

// settingsLimit bounds the settings file, in bytes.
const settingsLimit = 64 << 10

// Source is what settings are read from.
type Source struct {
	Getenv func(name string) (string, bool)
	Flag   func(name string) (value string, given bool)
	Dir    string // the person's own folder for settings, "" where there is none
	Home   string // what ~ stands for, "" where there is none
}

// Read resolves every setting: flag, then environment, then file, then
// default. The environment is a value here, so viper never reads its own.
func Read(from Source) (*Settings, error) {
	v := viper.New()
	path, named := from.file()
	s := &Settings{origins: map[string]string{}, path: path}
	v.SetConfigType("yaml")
	if err := readSettingsFile(v, s.path, named); err != nil {
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
	for _, row := range Table() {
		if row.Path {
			v.Set(row.Key, FromHome(v.GetString(row.Key), from.Home))
		}
		if err := row.check(v.GetString(row.Key), s.origins[row.Key]); err != nil {
			return nil, err
		}
	}
	if err := v.UnmarshalExact(s); err != nil {
		return nil, fault.New(fault.Usage, "the settings file %s is wrong", s.path).Because(err).WithHint("latch config show --help lists what it can set")
	}
	return s, nil
}

// readSettingsFile reads the file. It may be missing, unless LATCH_CONFIG names
// it: whoever names one does not mean the defaults.
func readSettingsFile(v *viper.Viper, path string, named bool) error {
	if path == "" {
		return nil
	}
	data, err := safefile.Read(path, safefile.Shared, settingsLimit)
	if errors.Is(err, fs.ErrNotExist) {
		if named {
			return fault.New(fault.NotFound, "there is no settings file %s, which LATCH_CONFIG names", path).
				WithHint("make the file, or unset LATCH_CONFIG to use the defaults")
		}
		return nil
	}
	if err != nil {
		return err
	}
	if err := v.ReadConfig(bytes.NewReader(data)); err != nil {
		return fault.New(fault.Usage, "the settings file %s is not YAML", path).Because(err)
	}
	if err := checkKeys(v, path); err != nil {
		return err
	}
	return checkOnce(path, data)
}

// checkKeys refuses a setting that latch does not have, and says which it has.
func checkKeys(v *viper.Viper, path string) error {
	known := Keys()
	for _, key := range v.AllKeys() {
		if !slices.Contains(known, key) {
			return fault.New(fault.Usage, "the settings file %s sets %q, which is no setting%s", path, key, similar.Question(key, known)).
				WithHint("the settings are %s", strings.Join(known, ", "))
		}
	}
	return nil
}

// checkOnce refuses a setting that the file has twice, in capitals and without: viper
// takes the one or the other. What the editor of YAML cannot read has no such two.
func checkOnce(path string, text []byte) error {
	doc, problems := yamledit.Parse(text, yamledit.Format{Kind: "settings file", MaxSize: settingsLimit})
	if len(problems) > 0 {
		return nil
	}
	lines := map[string]int{}
	for _, f := range doc.Root().Fields {
		line, _ := doc.Place(f.Key)
		key := strings.ToLower(f.Key.Value)
		if first, twice := lines[key]; twice {
			return fault.New(fault.Usage, "the settings file %s sets %s twice, in line %d and in line %d", path, key, first, line).
				WithHint("take one of them out")
		}
		lines[key] = line
	}
	return nil
}

// file is LATCH_CONFIG, which names it, or config.yaml in the person's own
// folder.
func (s Source) file() (path string, named bool) {
	if path, set := s.Getenv("LATCH_CONFIG"); set && path != "" {
		return path, true
	}
	if s.Dir != "" {
		return filepath.Join(s.Dir, "config.yaml"), false
	}
	return "", false
}

// FromHome is a path whose ~ stands for the home folder: no shell expands one in a
// file or a variable.
func FromHome(path, home string) string {
	if home != "" && (path == "~" || strings.HasPrefix(path, "~/")) {
		return home + path[1:]
	}
	return path
}
