package cmd

import (
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/process"
)

// An empty value is a variable of a script that was not set. No flag of any command
// takes it for "not given": not alone, and of several not as one among others.
func TestNoFlagTakesAnEmptyValue(t *testing.T) {
	t.Parallel()
	flags := 0
	count := func(c *cobra.Command) {
		eachValueFlag(c, func(*pflag.Flag) { flags++ })
	}
	eachCommand(newRoot(app.New(process.System{})), count)
	if flags < 150 {
		t.Fatalf("only %d flags take a value", flags)
	}
	for at := range flags {
		refusesEmpty(t, at)
	}
}

// refusesEmpty gives one flag, of a tree of its own, an empty value; where it takes
// several, behind another.
func refusesEmpty(t *testing.T, at int) {
	t.Helper()
	root := newRoot(app.New(process.System{}))
	eachCommand(root, func(c *cobra.Command) {
		eachValueFlag(c, func(f *pflag.Flag) {
			if at--; at != -1 {
				return
			}
			words := []string{"--" + f.Name + "="}
			if _, several := f.Value.(pflag.SliceValue); several {
				words = append([]string{"--" + f.Name + "=a"}, words...)
			}
			err := c.ParseFlags(words)
			if err == nil {
				err = root.PersistentPreRunE(c, nil)
			}
			if err == nil || !strings.Contains(err.Error(), "--"+f.Name) {
				t.Errorf("%s %s: %v", c.CommandPath(), words, err)
			}
		})
	})
}

// eachValueFlag visits the flags of a command's own, and at the root those that all
// have, which take a value.
func eachValueFlag(c *cobra.Command, visit func(*pflag.Flag)) {
	c.LocalFlags().VisitAll(func(f *pflag.Flag) {
		if f.Value.Type() != "bool" {
			visit(f)
		}
	})
}
