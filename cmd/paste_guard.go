package cmd

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/latch-keys/latch/internal/keys"
)

// guardPaste refuses a seed on the command line before anything makes a file
// name, a message or a manifest of it. Only keys validate judges one.
func guardPaste(c *cobra.Command, args []string) error {
	var err error
	c.Flags().Visit(func(f *pflag.Flag) {
		if err == nil && keys.MayHoldSeed(f.Value.String()) {
			err = pasted("flag --" + f.Name)
		}
	})
	if c.Name() == "validate" || err != nil {
		return err
	}
	for i, arg := range args {
		if keys.MayHoldSeed(arg) {
			return pasted(fmt.Sprintf("argument %d", i+1))
		}
	}
	return nil
}

func pasted(where string) error {
	return &usageError{
		err:  fmt.Errorf("what looks like a seed stands in %s, where none belongs; it is now in the shell's history and in the process list", where),
		hint: "treat the seed as exposed; seeds are read from stdin, a prompt or a file",
	}
}
