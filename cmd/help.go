package cmd

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
)

// newHelp takes the place of cobra's own, which answers an unknown topic with
// exit code 0 and does not complete topics.
func newHelp(*app.App) *cobra.Command {
	c := &cobra.Command{
		Use:               "help [COMMAND...|TOPIC]",
		Short:             "Show the help of a command or a topic",
		Long:              "Shows the help of a command, or of one of the topics that latch help lists.",
		Example:           "  latch help keys gen\n  latch help rotation",
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: completeHelp,
	}
	c.RunE = func(c *cobra.Command, args []string) error {
		about, rest, err := c.Root().Find(args)
		if err != nil || len(rest) > 0 {
			return fault.New(fault.Usage, "unknown help topic %q%s", strings.Join(args, " "), app.SimilarCommand(about, rest)).WithHint("latch help")
		}
		about.InitDefaultHelpFlag()
		return about.Help()
	}
	return c
}

// completeHelp offers commands and topics, for shells.
func completeHelp(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	about, rest, err := c.Root().Find(args)
	if err != nil || len(rest) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, child := range about.Commands() {
		if child.IsAvailableCommand() || child.IsAdditionalHelpTopicCommand() {
			names = append(names, child.Name()+"\t"+child.Short)
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
