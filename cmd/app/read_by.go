package app

import (
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/env/envfile/reading"
	"github.com/latch-keys/latch/internal/fault"
)

// ReadBy is the flag --read-by: who reads env files.
type ReadBy struct{ name string }

const guessReading = "auto"

// Register adds the flag to a command.
func (r *ReadBy) Register(c *cobra.Command) {
	names := []string{guessReading}
	for _, one := range reading.Readings() {
		names = append(names, one.Name())
	}
	c.Flags().StringVar(&r.name, "read-by", guessReading, "who reads the files: "+strings.Join(names, ", "))
	_ = c.RegisterFlagCompletionFunc("read-by", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}

// Options say how env files are read.
func (r *ReadBy) Options() (envfile.Options, error) {
	if r.name == guessReading || r.name == "" {
		return envfile.Options{}, nil
	}
	by, err := reading.Parse(r.name)
	return envfile.Options{Reading: by}, fault.As(fault.Usage, err)
}

// ReadByHelp is what a command's help says of who reads files.
func ReadByHelp() string {
	var list strings.Builder
	for _, r := range reading.Readings() {
		list.WriteString("  " + r.Name() + strings.Repeat(" ", 10-len(r.Name())) + r.About() + "\n")
	}
	return list.String()
}
