package configcmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/settings"
)

func newGet(a verbs) *cobra.Command {
	return &cobra.Command{
		Use:               "get SETTING",
		Short:             "Print the value of a setting",
		Long:              "Prints the value of a setting, whether a flag, a variable, the settings file or the\ndefault says it.",
		Example:           "  latch config get output",
		Args:              app.Exactly("SETTING"),
		ValidArgsFunction: completeSettings,
		RunE:              func(_ *cobra.Command, args []string) error { return a.get(args[0]) },
	}
}

func (a verbs) get(key string) error {
	if _, err := settings.Named(key); err != nil {
		return err
	}
	s, err := a.Settings()
	if err != nil {
		return err
	}
	row, err := a.row(s, key)
	if err != nil {
		return err
	}
	return a.Show(row, func(w io.Writer) { fmt.Fprintln(w, row.Value) })
}

func newSet(a verbs) *cobra.Command {
	return &cobra.Command{
		Use:   "set SETTING VALUE",
		Short: "Write a setting into the settings file",
		Long: `Writes a setting into the settings file, and makes the file if there is none. What else
the file says stays, comments too. A flag or a variable still overrides it.`,
		Example:           "  latch config set keystore age:~/keys\n  latch config set color never",
		Args:              app.Exactly("SETTING", "VALUE"),
		ValidArgsFunction: completeSettings,
		RunE:              func(c *cobra.Command, args []string) error { return a.set(c.Context(), args[0], args[1]) },
	}
}

func (a verbs) set(ctx context.Context, key, value string) error {
	s, err := a.Settings()
	if err != nil {
		return err
	}
	if err := a.Change(func() error { return settings.Set(ctx, s.File(), key, value) }); err != nil {
		return err
	}
	doc := settingRow{key, value, "file " + s.File()}
	return a.ShowDone(doc, func(w io.Writer) { fmt.Fprintf(w, "%s: %s is %s\n", s.File(), key, value) })
}

func newPath(a verbs) *cobra.Command {
	return &cobra.Command{
		Use:     "path",
		Short:   "Print where the settings file is, or would be",
		Example: "  latch config path\n  ${EDITOR} \"$(latch config path)\"",
		Args:    app.Exactly(),
		RunE:    func(*cobra.Command, []string) error { return a.path() },
	}
}

func (a verbs) path() error {
	s, err := a.Settings()
	if err != nil {
		return err
	}
	doc := struct {
		File string `json:"file"`
	}{s.File()}
	return a.Show(doc, func(w io.Writer) { fmt.Fprintln(w, doc.File) })
}

// completeSettings offers the settings, and then the values of the one named.
func completeSettings(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	var names []string
	switch {
	case len(args) == 0:
		for _, row := range settings.Table() {
			names = append(names, row.Key+"\t"+row.Use)
		}
	case len(args) == 1 && c.Name() == "set":
		row, err := settings.Named(args[0])
		if err != nil {
			break
		}
		if names = row.Choices; row.Boolean {
			names = []string{"true", "false"}
		}
		if row.Path {
			return nil, cobra.ShellCompDirectiveDefault
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
