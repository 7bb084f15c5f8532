package cmd

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/printable"
)

// help takes the place of cobra's own, which breaks no line: a terminal would, in the
// middle of words.
func help(width func() int) func(c *cobra.Command, _ []string) {
	return func(c *cobra.Command, _ []string) {
		out := c.OutOrStdout()
		fmt.Fprintf(out, "%s\n\n", refilled(strings.TrimSpace(cmp.Or(c.Long, c.Short)), cmp.Or(width(), usualWidth)))
		if c.Runnable() || c.HasSubCommands() {
			fmt.Fprint(out, c.UsageString())
		}
	}
}

// refilled breaks the lines of a text that are too long. What is left of one goes on in
// the next line of its paragraph; below a line of a list, where its text begins.
func refilled(text string, width int) string {
	var lines []string
	rest := ""
	for line := range strings.SplitSeq(text, "\n") {
		goesOn := line != "" && line[0] != ' '
		if rest != "" && !goesOn {
			lines = append(lines, rest)
		} else if rest != "" {
			line = rest + " " + line
		}
		rest = ""
		broken := strings.Split(wrapped(line, width), "\n")
		if last := len(broken) - 1; goesOn && last > 0 {
			broken, rest = broken[:last], broken[last]
		}
		lines = append(lines, broken...)
	}
	if rest != "" {
		lines = append(lines, rest)
	}
	return strings.Join(lines, "\n")
}

// wrapped breaks one line. Where it is one of a list, what goes on stands below the
// text, which begins behind two blanks.
func wrapped(line string, width int) string {
	hang := 0
	if at := strings.LastIndex(line, "  "); at >= 0 {
		hang = at + len("  ")
	}
	return printable.Wrap(line, width, hang, func([]string) bool { return false })
}
