package app

import (
	"fmt"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/latch-keys/latch/internal/settings"
)

// guardPaste refuses a seed on the command line before anything makes a file
// name, a message or a manifest of it. Only keys validate judges one.
func guardPaste(c *cobra.Command, args []string) error {
	var err error
	c.Flags().Visit(func(f *pflag.Flag) {
		if err == nil {
			err = settings.RefuseSeed(f.Value.String(), "flag --"+f.Name)
		}
	})
	if c.Name() == "validate" || err != nil {
		return err
	}
	for i, arg := range args {
		if err := settings.RefuseSeed(arg, fmt.Sprintf("argument %d", i+1)); err != nil {
			return err
		}
	}
	return nil
}
