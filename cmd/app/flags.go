package app

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/latch-keys/latch/cmd/app/inuse"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/settings"
)

// globalFlags are the root's flags. A flag's variable only tells cobra its
// type: values are read by readSettings, which also knows where they came from.
type globalFlags struct {
	root    *cobra.Command
	running *cobra.Command // once it runs
	yes     bool
	all     bool // the manifests in the folders below
	named   bool // see KeystoreIsNamed
	fd      int  // where the passphrase is read from, if the flag was given
}

func (f *globalFlags) register(root *cobra.Command) {
	f.root = root
	flags := root.PersistentFlags()
	short := map[string]string{"output": "o", "manifest": "m", "quiet": "q"}
	for _, s := range settings.Table() {
		if s.Live {
			continue
		}
		switch {
		case s.Boolean:
			flags.BoolP(s.Flag, short[s.Flag], false, s.Use)
		case s.Flag == "manifest":
			flags.StringArrayP(s.Flag, short[s.Flag], []string{s.Fallback}, s.Use)
		default:
			flags.StringP(s.Flag, short[s.Flag], s.Fallback, s.Use)
		}
	}
	flags.BoolVarP(&f.yes, "yes", "y", false, "answer yes to every question")
	flags.IntVar(&f.fd, passphraseFD, 0, "read the passphrase from this file descriptor")
	for _, s := range settings.Table() {
		if s.Choices != nil {
			_ = root.RegisterFlagCompletionFunc(s.Flag, cobra.FixedCompletions(s.Choices, cobra.ShellCompDirectiveNoFileComp))
		}
	}
}

// AddLiveFlags adds the flags of the settings that say how to connect to NATS, or of
// those of them that are named.
func (a *App) AddLiveFlags(c *cobra.Command, keys ...string) {
	for _, s := range settings.Table() {
		if s.Live && (len(keys) == 0 || slices.Contains(keys, s.Key)) {
			c.Flags().String(s.Flag, s.Fallback, s.Use)
		}
	}
	_ = c.RegisterFlagCompletionFunc("nats", cobra.NoFileCompletions)
	_ = c.RegisterFlagCompletionFunc("nats-context", func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return natsconn.Contexts(a.Sys.XDGConfigDir()), cobra.ShellCompDirectiveNoFileComp
	})
}

// AddReadByFlag adds --read-by, which takes one of the names; the first is the default.
func AddReadByFlag(c *cobra.Command, into *string, names []string) {
	c.Flags().StringVar(into, "read-by", names[0], "who reads the files: "+strings.Join(names, ", "))
	_ = c.RegisterFlagCompletionFunc("read-by", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}

// given is a flag's value, and whether it was given; of several the first.
func (f *globalFlags) given(name string) (string, bool) {
	flag := f.root.PersistentFlags().Lookup(name)
	if flag == nil && f.running != nil {
		flag = f.running.Flags().Lookup(name)
	}
	if flag == nil {
		return "", false
	}
	values := valuesOf(flag)
	if len(values) == 0 {
		return "", flag.Changed
	}
	return values[0], flag.Changed
}

// valuesOf are the values of a flag: of one that can be repeated each.
func valuesOf(f *pflag.Flag) []string {
	if list, many := f.Value.(pflag.SliceValue); many {
		return list.GetSlice()
	}
	return []string{f.Value.String()}
}

// Settings reads them once, when a command first needs them.
func (a *App) Settings() (*settings.Settings, error) {
	if s := a.loaded.Load(); s != nil {
		return s, nil
	}
	if a.left.Load() {
		return nil, errors.New("the command may still be reading its flags")
	}
	s, err := settings.Read(settings.Source{Getenv: a.Sys.Getenv, Flag: a.flags.given, Dir: a.Sys.ConfigDir(), Home: a.Sys.Home()})
	if err != nil {
		return nil, err
	}
	a.loaded.Store(s)
	a.keepDescriptors()
	a.traceSettings(s)
	return s, nil
}

// Trace tells what is read, opened or asked, for who asked for it with --verbose or
// LATCH_DEBUG. It tells no secret.
func (a *App) Trace(format string, args ...any) {
	if s := a.loaded.Load(); s != nil && s.Verbose && !a.silent {
		a.tell("debug:", fmt.Sprintf(format, args...))
	}
}

// TraceRead tells of a file that is read.
func (a *App) TraceRead(path string) { a.Trace("reading %s", path) }

// traceSettings tells where the settings were looked for, and which were found.
func (a *App) traceSettings(s *settings.Settings) {
	a.Trace("settings file %s", s.File())
	for _, key := range settings.Keys() {
		if origin := s.Origin(key); origin != "default" {
			a.Trace("%s is %s, from %s", key, s.Value(key), strings.TrimSuffix(origin, " "))
		}
	}
}

// FlagsInUse are the flags that say which manifest and which keys a command is
// about, as they were given: what latch tells people to type has them too.
func (a *App) FlagsInUse() []string {
	var words []string
	for _, row := range flagsInUse() {
		if value, is := a.inUse(row); is {
			words = append(words, row[0], value)
		}
	}
	return words
}

// flagsInUse are their names: that to write first, the setting's last.
func flagsInUse() [][]string {
	return [][]string{{"-m", "--manifest"}, {"--keystore"}, {"--identity-file"}, {"--passphrase-file"}}
}

// inUse is the value of one of them, and whether it was given.
func (a *App) inUse(names []string) (value string, is bool) {
	name := strings.TrimPrefix(names[len(names)-1], "--")
	value, is = a.flags.given(name)
	if name == "keystore" && a.flags.named {
		return "", false
	}
	if name != "manifest" || a.loaded.Load() == nil {
		return value, is
	}
	if is || a.flags.all && a.manifest != "" {
		return a.ManifestPath(), true // of several the one that it is about
	}
	return value, false
}

// KeystoreIsNamed tells that the manifest has just been made, and names the keystore:
// whoever types the next command need not.
func (a *App) KeystoreIsNamed() { a.flags.named = true }

// withFlags is a text with the flags in use in each command that it tells people to type.
func (a *App) withFlags(text string) string {
	if a.flags.root == nil || !strings.Contains(text, a.flags.root.Name()+" ") {
		return text
	}
	var given []inuse.Flag
	for _, names := range flagsInUse() {
		if value, is := a.inUse(names); is {
			given = append(given, inuse.Flag{Names: names, Value: Word(value)})
		}
	}
	for _, flag := range a.connection() {
		given = append(given, inuse.Flag{Names: []string{"--" + flag.Name}, Value: Word(strings.Join(valuesOf(flag), ",")), Use: flag.Usage})
	}
	if len(given) == 0 {
		return text
	}
	return inuse.Complete(text, a.tree(), given)
}

// Knows tells how the whole tree of commands is made, for who names any of them: a run
// builds no more of it than it needs.
func (a *App) Knows(tree func() *cobra.Command) { a.whole = tree }

// tree is the whole tree of commands, or what there is of it.
func (a *App) tree() *cobra.Command {
	if a.whole == nil {
		return a.flags.root
	}
	return a.whole()
}

// CommandLine is the command as it was given, to be typed again with one flag set to
// another value. It has no arguments.
func CommandLine(c *cobra.Command, flag, value string) string {
	words := []string{c.CommandPath()}
	c.Flags().Visit(func(f *pflag.Flag) {
		if f.Name == flag {
			return
		}
		for _, value := range valuesOf(f) {
			switch {
			case f.NoOptDefVal == "":
				words = append(words, "--"+f.Name, Word(value))
			case value == f.NoOptDefVal:
				words = append(words, "--"+f.Name)
			default:
				words = append(words, "--"+f.Name+"="+Word(value))
			}
		}
	})
	return strings.Join(append(words, "--"+flag, Word(value)), " ")
}

// Word is text as one word of a shell.
func Word(text string) string {
	plain := func(r rune) bool {
		return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("-_./:,@%+=", r)
	}
	if text != "" && strings.IndexFunc(text, func(r rune) bool { return !plain(r) }) < 0 {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}
