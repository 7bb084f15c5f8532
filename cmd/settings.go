package cmd

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/keys"
)

// settings are what every command can be told by flag, environment or file.
type settings struct {
	Output   string `mapstructure:"output"`
	Manifest string `mapstructure:"manifest"`
	Keystore string `mapstructure:"keystore"`
	Color    string `mapstructure:"color"`
	NoInput  bool   `mapstructure:"no_input"`
	Quiet    bool   `mapstructure:"quiet"`

	IdentityFile   string `mapstructure:"identity_file"`
	PassphraseFile string `mapstructure:"passphrase_file"`

	origins map[string]string
	file    string // the settings file, whether or not it exists
}

const (
	outputText = "text"
	outputJSON = "json"

	colorAuto   = "auto"
	colorAlways = "always"
	colorNever  = "never"

	defaultKeystore = "keyring:"
	defaultManifest = "lattice.yaml"
)

// setting is one row of the table from which flags, variables and the settings
// file are read.
type setting struct {
	key      string // in the file and in `config show`
	flag     string
	variable string
	fallback string
	boolean  bool
	choices  []string
	use      string
}

func settingTable() []setting {
	return []setting{
		{
			key: "output", flag: "output", variable: "LATCH_OUTPUT", fallback: outputText,
			choices: []string{outputText, outputJSON, outputSARIF}, use: "form of what is printed: text or json; sarif for checks",
		},
		{
			key: "manifest", flag: "manifest", variable: "LATCH_MANIFEST", fallback: defaultManifest,
			use: "the lattice's manifest",
		},
		{
			key: "keystore", flag: "keystore", variable: "LATCH_KEYSTORE", fallback: defaultKeystore,
			use: "where seeds rest: keyring:, age:DIR, dir:DIR or env:; the manifest's own if it names one",
		},
		{
			key: "color", flag: "color", variable: "LATCH_COLOR", fallback: colorAuto,
			choices: []string{colorAuto, colorAlways, colorNever}, use: "auto, always or never; NO_COLOR is honoured",
		},
		{
			key: "no_input", flag: "no-input", variable: "LATCH_NO_INPUT", fallback: "false", boolean: true,
			use: "never ask anything; what would be asked is an error",
		},
		{
			key: "quiet", flag: "quiet", variable: "LATCH_QUIET", fallback: "false", boolean: true,
			use: "say nothing but data, warnings and errors",
		},
		{
			key: "identity_file", flag: "identity-file", variable: "LATCH_IDENTITY_FILE",
			use: "your age identity or ssh private key, for age: keystores",
		},
		{
			key: "passphrase_file", flag: "passphrase-file", variable: "LATCH_PASSPHRASE_FILE",
			use: "a file with the passphrase of a keystore, an identity or a backup",
		},
	}
}

// settingFlags are the root's flags. A flag's variable only tells cobra its
// type: values are read by readSettings, which also knows where they came from.
type settingFlags struct {
	root *cobra.Command
	yes  bool
	fd   int // where the passphrase is read from, if the flag was given
}

func (f *settingFlags) register(root *cobra.Command) {
	f.root = root
	flags := root.PersistentFlags()
	short := map[string]string{"output": "o", "manifest": "m", "quiet": "q"}
	for _, s := range settingTable() {
		if s.boolean {
			flags.BoolP(s.flag, short[s.flag], false, s.use)
			continue
		}
		flags.StringP(s.flag, short[s.flag], s.fallback, s.use)
	}
	flags.BoolVarP(&f.yes, "yes", "y", false, "answer every question with yes")
	flags.IntVar(&f.fd, passphraseFD, 0, "read the passphrase from this file descriptor")
	for _, s := range settingTable() {
		if s.choices != nil {
			_ = root.RegisterFlagCompletionFunc(s.flag, cobra.FixedCompletions(s.choices, cobra.ShellCompDirectiveNoFileComp))
		}
	}
}

// settings reads them once, when a command first needs them.
func (a *app) settings() (*settings, error) {
	if a.loaded != nil {
		return a.loaded, nil
	}
	s, err := readSettings(a.sys, a.flags.root)
	if err != nil {
		return nil, err
	}
	a.loaded = s
	return s, nil
}

// check refuses a value outside its choices, and a seed, naming where it came
// from.
func (s *settings) check() error {
	for _, row := range settingTable() {
		value := s.value(row.key)
		if keys.MayHoldSeed(value) {
			return pasted(s.origins[row.key])
		}
		if row.choices != nil && !slices.Contains(row.choices, value) {
			return &usageError{
				err:  fmt.Errorf("%s is %q (from %s), which is none of %v", row.key, value, s.origins[row.key], row.choices),
				hint: "latch config show",
			}
		}
	}
	return nil
}

// value is a setting as text.
func (s *settings) value(key string) string {
	switch key {
	case "output":
		return s.Output
	case "manifest":
		return s.Manifest
	case "keystore":
		return s.Keystore
	case "color":
		return s.Color
	case "identity_file":
		return s.IdentityFile
	case "passphrase_file":
		return s.PassphraseFile
	case "no_input":
		return strconv.FormatBool(s.NoInput)
	default:
		return strconv.FormatBool(s.Quiet)
	}
}
