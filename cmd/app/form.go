package app

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/settings"
)

// What a command says of the form of its output, in its annotations.
const (
	givesSARIF = "latch/sarif"
	ownForm    = "latch/form"
)

// GivesSARIF marks a command that has findings to give.
func GivesSARIF(c *cobra.Command) { annotate(c, givesSARIF, "yes") }

// HasOwnForm marks a command with a flag that says in which form it prints.
func HasOwnForm(c *cobra.Command, flag string) { annotate(c, ownForm, flag) }

func annotate(c *cobra.Command, key, value string) {
	if c.Annotations == nil {
		c.Annotations = map[string]string{}
	}
	c.Annotations[key] = value
}

// Form is how the command gives its data: one of the forms of settings. It is
// decided once, before the command does anything.
func (a *App) Form() string {
	if form := a.form.Load(); form != nil {
		return *form
	}
	return ""
}

// decideForm takes what the flag asks for, or else the default of variable and
// settings file. A flag that the command cannot obey is an error; a default
// gives way to text, and to a flag that names a form of the command's own.
func (a *App) decideForm(c *cobra.Command) error {
	s, err := a.Settings()
	if err != nil {
		return err
	}
	own := c.Annotations[ownForm]
	ownGiven := own != "" && c.Flags().Changed(own)
	_, asked := a.flags.given("output")
	lacks := s.Output == settings.SARIF && c.Annotations[givesSARIF] == ""
	switch {
	case asked && lacks:
		return fault.New(fault.Usage, "%s has no findings to give as sarif", c.CommandPath()).WithHint("-o json, or latch env check -o sarif")
	case asked && ownGiven && s.Output != settings.Text:
		return UsageIn(c, "-o %s and --%s exclude each other", s.Output, own)
	case lacks, ownGiven:
		form := settings.Text
		a.form.Store(&form)
	default:
		a.form.Store(&s.Output)
	}
	return nil
}

// failureForm is the form of an error: the one that was decided, or what can be
// told where the command line or the settings were too broken to decide.
func (a *App) failureForm() string {
	if form := a.Form(); form != "" {
		return form
	}
	form, _ := a.Sys.Getenv("LATCH_OUTPUT")
	if s, err := a.Settings(); err == nil {
		form = s.Output
	}
	arguments := a.Sys.Arguments()
	for i, arg := range arguments {
		switch {
		case arg == "--":
			return form
		case (arg == "-o" || arg == "--output") && i+1 < len(arguments):
			form = arguments[i+1]
		case strings.HasPrefix(arg, "--output="):
			form = strings.TrimPrefix(arg, "--output=")
		case strings.HasPrefix(arg, "-o"):
			form = strings.TrimPrefix(strings.TrimPrefix(arg, "-o"), "=")
		}
	}
	return form
}
