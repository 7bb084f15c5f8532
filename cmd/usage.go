package cmd

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// usualWidth is that of a terminal, and of help that is read elsewhere.
const usualWidth = 80

// usage takes the place of cobra's own, whose lines are as long as they come, and
// which explains a dozen flags that every command has below each of them.
func usage(width func() int) func(c *cobra.Command) error {
	return func(c *cobra.Command) error {
		u := usageWriter{c.OutOrStderr(), cmp.Or(width(), usualWidth)}
		u.line(c)
		u.commands(c)
		u.flags(c)
		return nil
	}
}

type usageWriter struct {
	io.Writer
	width int
}

func (u usageWriter) line(c *cobra.Command) {
	line := c.UseLine()
	if c.HasAvailableSubCommands() {
		line = c.CommandPath() + " COMMAND [flags]"
	}
	fmt.Fprintf(u, "Usage:\n  %s\n", line)
	if !c.HasParent() {
		fmt.Fprintf(u, "  %s --version\n", c.Name())
	}
	if len(c.Aliases) > 0 {
		fmt.Fprintf(u, "\nAliases:\n  %s\n", c.NameAndAliases())
	}
	if c.HasExample() {
		fmt.Fprintf(u, "\nExamples:\n%s\n", strings.TrimRight(c.Example, "\n"))
	}
}

func (u usageWriter) commands(c *cobra.Command) {
	for _, group := range c.Groups() {
		u.list(group.Title, c, func(child *cobra.Command) bool { return child.GroupID == group.ID })
	}
	u.list("Commands:", c, func(child *cobra.Command) bool { return child.GroupID == "" })
	var topics []string
	for _, child := range c.Commands() {
		if child.IsAdditionalHelpTopicCommand() {
			topics = append(topics, child.Name())
		}
	}
	if len(topics) > 0 {
		fmt.Fprintf(u, "\nHelp topics:\n%s\n", wrapped("  "+strings.Join(topics, ", "), u.width))
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(u, "\nMore: %s COMMAND --help", c.CommandPath())
		if len(topics) > 0 {
			fmt.Fprint(u, ", latch help TOPIC")
		}
		fmt.Fprintln(u)
	}
}

func (u usageWriter) list(title string, c *cobra.Command, in func(*cobra.Command) bool) {
	for _, child := range c.Commands() {
		if !in(child) || !child.IsAvailableCommand() && child.Name() != "help" {
			continue
		}
		if title != "" {
			fmt.Fprintf(u, "\n%s\n", title)
			title = ""
		}
		fmt.Fprintln(u, wrapped(fmt.Sprintf("  %-*s  %s", child.NamePadding(), child.Name(), child.Short), u.width))
	}
}

// flags explains a command's own, and names those that all have.
func (u usageWriter) flags(c *cobra.Command) {
	if c.HasParent() && c.HasAvailableLocalFlags() {
		fmt.Fprintf(u, "\nFlags:\n%s", c.LocalFlags().FlagUsagesWrapped(u.width))
	}
	if c.HasAvailableInheritedFlags() {
		fmt.Fprintf(u, "\nFlags of every command (latch help flags):\n%s\n", wrapped("  "+strings.Join(names(c.InheritedFlags()), ", "), u.width))
	}
}

// names are those of flags, the short ones first: those are typed most.
func names(flags *pflag.FlagSet) []string {
	var short, long []string
	flags.VisitAll(func(f *pflag.Flag) {
		switch {
		case f.Hidden:
		case f.Shorthand != "":
			short = append(short, "-"+f.Shorthand+"/--"+f.Name)
		default:
			long = append(long, "--"+f.Name)
		}
	})
	return slices.Concat(short, long)
}

// newFlags is a help topic: `latch help flags`.
func newFlags(root *cobra.Command) *cobra.Command {
	return &cobra.Command{
		Use:   "flags",
		Short: "Explain the flags that every command takes",
		Long:  "Every command takes these flags:\n\n" + root.PersistentFlags().FlagUsagesWrapped(usualWidth) + page("settings.md"),
	}
}
