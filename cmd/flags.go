package cmd

import "github.com/spf13/cobra"

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

// given is a flag's value, and whether it was given.
func (f *settingFlags) given(name string) (string, bool) {
	flag := f.root.PersistentFlags().Lookup(name)
	return flag.Value.String(), flag.Changed
}

// settings reads them once, when a command first needs them.
func (a *app) settings() (*settings, error) {
	if a.loaded != nil {
		return a.loaded, nil
	}
	s, err := readSettings(settingSource{Getenv: a.sys.Getenv, Flag: a.flags.given, Dir: a.sys.configDir()})
	if err != nil {
		return nil, err
	}
	a.loaded = s
	return s, nil
}
