package app

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/similar"
)

// AsGroup makes c a command that only holds others: alone it shows its help,
// and an unknown subcommand is an error. Cobra's default is to show help and
// exit 0, which hides a typing error from scripts.
func AsGroup(c *cobra.Command) {
	c.Args = func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return nil
		}
		err := UsageIn(c, "unknown command %q for %q", args[0], c.CommandPath())
		c.SuggestionsMinimumDistance = 2
		if near := c.SuggestionsFor(args[0]); len(near) > 0 {
			path := c.CommandPath() + " "
			return fault.Hint(err, "did you mean: %s", path+strings.Join(near, ", "+path))
		}
		return err
	}
	c.RunE = func(c *cobra.Command, _ []string) error { return c.Help() }
}

// Exactly demands one argument for each name; what the names say goes into the
// error.
func Exactly(names ...string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < len(names) {
			return UsageIn(c, "%s is missing", names[len(args)])
		}
		if len(args) > len(names) {
			return UsageIn(c, "%d argument%s too many, starting with the %s", len(args)-len(names), Plural(len(args)-len(names)), ordinal(len(names)+1))
		}
		return nil
	}
}

// AtLeastOne demands one argument or more.
func AtLeastOne(name string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) == 0 {
			return UsageIn(c, "%s is missing", name)
		}
		return nil
	}
}

// AtMostOne allows one argument; it is not repeated, since it may be a seed.
func AtMostOne(c *cobra.Command, args []string) error {
	if len(args) > 1 {
		return UsageIn(c, "%d argument%s too many", len(args)-1, Plural(len(args)-1))
	}
	return nil
}

// Plural is the s behind a noun of which there are n.
func Plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}

// ordinal names an argument without repeating it: it may be a seed.
func ordinal(n int) string {
	names := []string{"", "first", "second", "third", "fourth"}
	if n < len(names) {
		return names[n]
	}
	return "last"
}

// SimilarCommand asks, behind a message, whether a command below c was meant.
func SimilarCommand(c *cobra.Command, names []string) string {
	if c == nil || len(names) == 0 {
		return ""
	}
	var known []string
	for _, child := range c.Commands() {
		known = append(known, child.Name())
	}
	return similar.Question(names[0], known)
}
