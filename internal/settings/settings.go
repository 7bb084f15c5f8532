package settings

import (
	"slices"
	"strconv"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/similar"
)

// Settings are what every command can be told by flag, environment or file.
type Settings struct {
	Output   string `mapstructure:"output"`
	Manifest string `mapstructure:"manifest"`
	Keystore string `mapstructure:"keystore"`
	Color    string `mapstructure:"color"`
	NoInput  bool   `mapstructure:"no_input"`
	Quiet    bool   `mapstructure:"quiet"`

	IdentityFile   string `mapstructure:"identity_file"`
	PassphraseFile string `mapstructure:"passphrase_file"`

	NATS        string `mapstructure:"nats"`
	NATSCreds   string `mapstructure:"nats_creds"`
	NATSCA      string `mapstructure:"nats_ca"`
	NATSContext string `mapstructure:"nats_context"`

	Verbose bool `mapstructure:"verbose"`

	origins map[string]string
	path    string // of the settings file, whether or not it exists
}

// The forms of output, and when to colour it.
const (
	Text  = "text"
	JSON  = "json"
	SARIF = "sarif" // SARIF 2.1.0, docs.oasis-open.org/sarif: what CI services turn into annotations

	ColorAuto   = "auto"
	ColorAlways = "always"
	ColorNever  = "never"

	defaultKeystore = "keyring:"
	defaultManifest = "lattice.yaml"
)

// Setting is one row of the table from which flags, variables and the settings
// file are read.
type Setting struct {
	Key      string // in the file and in `config show`
	Flag     string
	Variable string
	Fallback string
	Boolean  bool
	Path     bool // of a file
	Servers  bool // addresses of NATS servers
	Live     bool // only commands that connect to NATS have the flag
	Choices  []string
	Use      string
}

// Table lists every setting, in the order in which they are shown.
func Table() []Setting {
	return []Setting{
		{
			Key: "output", Flag: "output", Variable: "LATCH_OUTPUT", Fallback: Text,
			Choices: []string{Text, JSON, SARIF}, Use: "output format: text or json; sarif for the checks",
		},
		{
			Key: "manifest", Path: true, Flag: "manifest", Variable: "LATCH_MANIFEST", Fallback: defaultManifest,
			Use: "path of the lattice's manifest",
		},
		{
			Key: "keystore", Flag: "keystore", Variable: "LATCH_KEYSTORE", Fallback: defaultKeystore,
			Use: "where seeds are stored: keyring:, age:DIR, dir:DIR, env:, nats://HOST:PORT/BUCKET, vault:MOUNT/PATH or exec:CMD; by default the one that the manifest names",
		},
		{
			Key: "color", Flag: "color", Variable: "LATCH_COLOR", Fallback: ColorAuto,
			Choices: []string{ColorAuto, ColorAlways, ColorNever}, Use: "when to use colours: auto, always or never; NO_COLOR is honoured",
		},
		{
			Key: "no_input", Flag: "no-input", Variable: "LATCH_NO_INPUT", Fallback: "false", Boolean: true,
			Use: "never ask; fail where latch would have to",
		},
		{
			Key: "quiet", Flag: "quiet", Variable: "LATCH_QUIET", Fallback: "false", Boolean: true,
			Use: "print only data, warnings and errors",
		},
		{
			Key: "identity_file", Path: true, Flag: "identity-file", Variable: "LATCH_IDENTITY_FILE",
			Use: "file with your age identity or ssh private key, for age: and nats: keystores",
		},
		{
			Key: "passphrase_file", Path: true, Flag: "passphrase-file", Variable: "LATCH_PASSPHRASE_FILE",
			Use: "file with the passphrase of a keystore, an identity or a backup",
		},
		{
			Key: "nats", Servers: true, Live: true, Flag: "nats", Variable: "LATCH_NATS",
			Use: "NATS server to ask, or several separated by commas; by default the manifest's for control commands",
		},
		{
			Key: "nats_creds", Path: true, Live: true, Flag: "creds", Variable: "LATCH_NATS_CREDS",
			Use: "credentials file of the NATS user to ask as",
		},
		{
			Key: "nats_ca", Path: true, Live: true, Flag: "nats-ca", Variable: "LATCH_NATS_CA",
			Use: "file with the authority of the NATS server's certificate",
		},
		{
			Key: "nats_context", Live: true, Flag: "nats-context", Variable: "LATCH_NATS_CONTEXT",
			Use: "context of the nats command that has all of this",
		},
		{
			Key: "verbose", Flag: "verbose", Variable: "LATCH_DEBUG", Fallback: "false", Boolean: true,
			Use: "tell on stderr what is read, opened and asked",
		},
	}
}

// check refuses a value that is none of the setting's, and a seed, naming where
// it came from and what would be right.
func (row Setting) check(value, origin string) error {
	if err := RefuseSeed(value, origin); err != nil {
		return err
	}
	good := row.Choices
	if row.Boolean {
		good = []string{"true", "false"}
		if _, err := strconv.ParseBool(value); err == nil {
			return nil
		}
	}
	switch {
	case good != nil && !slices.Contains(good, value):
		return fault.New(fault.Usage, "%s is %q (from %s)%s", row.Key, value, origin, similar.Question(value, good)).
			WithHint("%s must be one of %s", row.Key, strings.Join(good, ", "))
	case row.Servers && value != "":
		if _, err := natsconn.ParseURLs(value); err != nil { // its text may hold a password
			return fault.New(fault.Usage, "%s (from %s)", err, origin).WithHint("%s", fault.HintOf(err))
		}
	case row.Path && strings.HasPrefix(value, "~"):
		return fault.New(fault.Usage, "%s is %q (from %s): only ~/ is expanded there, where HOME is set", row.Key, value, origin).
			WithHint("write the path in full, or $HOME in place of the ~ where a shell reads it")
	}
	return nil
}

// Value is a setting as text.
func (s *Settings) Value(key string) string {
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
	case "nats":
		return s.NATS
	case "nats_creds":
		return s.NATSCreds
	case "nats_ca":
		return s.NATSCA
	case "nats_context":
		return s.NATSContext
	case "no_input":
		return strconv.FormatBool(s.NoInput)
	case "verbose":
		return strconv.FormatBool(s.Verbose)
	default:
		return strconv.FormatBool(s.Quiet)
	}
}

// Origin says where a setting came from: "flag --output", "env LATCH_OUTPUT",
// "file PATH", "default".
func (s *Settings) Origin(key string) string { return s.origins[key] }

// File is the settings file, whether or not it exists.
func (s *Settings) File() string { return s.path }
