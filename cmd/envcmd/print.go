package envcmd

import (
	"bytes"
	"context"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/settings"
)

type printOptions struct {
	host    string
	from    sourceFlags
	dialect string
	reveal  bool
}

func newPrint(a verbs) *cobra.Command {
	var o printOptions
	c := &cobra.Command{
		Use:   "print HOST",
		Short: "Print the environment of a host",
		Long: `Prints the environment of a host. On a terminal the seed is masked unless you add
--reveal; in a pipe or a file it is written in full.

Where no manifest is named, and none is at hand, a nats: keystore gives it, as latch
lattice publish has put it there.

With --dialect github, in a step of GitHub Actions, latch prints the commands that
mask the seeds in the log and writes the variables to the file GITHUB_ENV for the
later steps.`,
		Example:           "  latch env print web-1\n  latch env print web-1 --dialect json | jq -r .WASMCLOUD_CLUSTER_ISSUERS",
		Args:              app.Exactly("HOST"),
		ValidArgsFunction: a.CompleteHosts,
		RunE: func(c *cobra.Command, args []string) error {
			o.host = args[0]
			return a.print(c.Context(), o)
		},
	}
	c.Flags().BoolVar(&o.reveal, "reveal", false, "show the seed on a terminal")
	o.from.registerLattice(c)
	addDialectFlag(c, &o.dialect)
	app.HasOwnForm(c, "dialect")
	return c
}

func (a verbs) print(ctx context.Context, o printOptions) error {
	if a.Form() == settings.JSON {
		o.dialect = "json"
	}
	dialect, err := env.ParseDialect(o.dialect)
	if err != nil {
		return fault.As(fault.Usage, err)
	}
	source, err := a.newSource(o.host, o.from, 0)
	if err != nil {
		return err
	}
	found, err := source.look(ctx)
	if err != nil {
		return err
	}
	defer found.wipe()
	secrets := env.Revealed
	if a.Masks(o.reveal) {
		secrets = env.Masked
	}
	if dialect.JobFile() != "" && secrets == env.Revealed {
		return a.handOver(dialect, found.environment)
	}
	return a.printEnvironment(dialect, found.environment, secrets)
}

func (a verbs) printEnvironment(dialect env.Dialect, e env.Environment, secrets env.Secrets) error {
	text, err := dialect.Render(e, secrets)
	if err != nil {
		return err
	}
	defer clear(text)
	if _, err := a.Sys.Stdout.Write(text); err != nil {
		return app.StdoutError(err)
	}
	other, err := dialect.Render(e, !secrets)
	if err != nil {
		return err
	}
	defer clear(other)
	switch {
	case bytes.Equal(text, other): // there is no secret in it
	case secrets == env.Masked:
		a.Say("The seed is masked; --reveal shows it.")
	default:
		a.WarnIfReadable()
	}
	return nil
}
