package cmd

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/keystore"
)

func newConfig(a *app) *cobra.Command {
	c := &cobra.Command{Use: "config", Short: "Settings, and where each came from"}
	asGroup(c)
	c.AddCommand(newConfigShow(a))
	return c
}

// settingRow is one setting as `config show` prints it.
type settingRow struct {
	Key    string `json:"key"`
	Value  string `json:"value"`
	Origin string `json:"origin"`
}

func newConfigShow(a *app) *cobra.Command {
	return &cobra.Command{
		Use:   "show",
		Short: "Every setting with its value and where it came from",
		Long: `Shows every setting with its value and its origin. A flag counts before a
variable, a variable before the settings file, the file before the default; the
manifest's keystore counts before the file's.

The settings file is $LATCH_CONFIG, or else latch/config.yaml in your
configuration folder. It may set: output, manifest, keystore, color, no_input, quiet,
identity_file, passphrase_file.`,
		Example: "  latch config show\n  LATCH_KEYSTORE=dir:keys latch config show -o json",
		Args:    exactly(),
		RunE:    func(*cobra.Command, []string) error { return a.configShow() },
	}
}

func (a *app) configShow() error {
	s, err := a.settings()
	if err != nil {
		return err
	}
	uri, origin, err := a.keystoreURI()
	if err != nil {
		return err
	}
	rows := make([]settingRow, 0, len(settingTable()))
	for _, row := range settingTable() {
		if row.key == "keystore" {
			rows = append(rows, settingRow{row.key, uri, origin})
			continue
		}
		rows = append(rows, settingRow{row.key, s.value(row.key), s.origin(row.key)})
	}
	backend := keystore.Backend(uri, a.keystoreBase(origin))
	doc := struct {
		File     string       `json:"file"`
		Settings []settingRow `json:"settings"`
		Backend  string       `json:"backend"`
	}{s.file(), rows, backend}
	return a.show(doc, func(w io.Writer) {
		cells := make([][]string, len(rows))
		for i, r := range rows {
			cells[i] = []string{r.Key, r.Value, r.Origin}
		}
		table(w, []string{"SETTING", "VALUE", "ORIGIN"}, cells)
		if backend == "" {
			return // the keystore's own error says what is wrong with the URI
		}
		fmt.Fprintf(w, "\nSeeds rest in %s: %s is what %s says.\n", backend, uri, because(origin))
	})
}

// because turns an origin into the subject of a sentence.
func because(origin string) string {
	if kind, what, found := strings.Cut(origin, " "); found && kind != "default" {
		return map[string]string{"flag": "the flag ", "env": "the variable ", "file": "the settings file ", "manifest": "the manifest "}[kind] + what
	}
	return "the default"
}
