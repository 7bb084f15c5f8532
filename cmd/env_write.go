package cmd

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/env"
)

type envWriteOptions struct {
	hosts   []string
	dir     string
	dialect string
}

func newEnvWrite(a *app) *cobra.Command {
	var o envWriteOptions
	c := &cobra.Command{
		Use:   "write [HOST...]",
		Short: "Write the hosts' env files",
		Long: `Writes one env file per host, for all hosts or for those named: all of them or
none. Each is readable by its owner only, and untouched if nothing changes.
The files hold seeds: do not commit them.`,
		Example: "  latch env write\n  latch env write web-1 --dir /etc/wasmcloud",
		Args:    cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			o.hosts = args
			return a.envWrite(c.Context(), o)
		},
		ValidArgsFunction: a.completeHosts,
	}
	c.Flags().StringVar(&o.dir, "dir", "", "folder of the env files (default: env beside the manifest)")
	addDialectFlag(c, &o.dialect)
	return c
}

// writtenDocument is one env file as JSON output gives it.
type writtenDocument struct {
	Host    string `json:"host"`
	Path    string `json:"path"`
	Changed bool   `json:"changed"`
}

func (a *app) envWrite(ctx context.Context, o envWriteOptions) error {
	dialect, err := env.ParseDialect(o.dialect)
	if err != nil {
		return &usageError{err: err}
	}
	file, err := a.manifest()
	if err != nil {
		return err
	}
	environments, wipe, err := a.environments(ctx, file, o.hosts)
	if err != nil {
		return err
	}
	defer wipe()
	dir := o.dir
	if dir == "" {
		dir = filepath.Join(filepath.Dir(file.Path()), "env")
	}
	report, err := env.Write(ctx, dir, dialect, environments)
	if err != nil {
		return err
	}
	written := make([]writtenDocument, len(report))
	for i, outcome := range report {
		written[i] = writtenDocument(outcome)
	}
	err = a.show(struct {
		Files []writtenDocument `json:"files"`
	}{written}, func(w io.Writer) {
		for _, f := range written {
			fmt.Fprintf(w, "%s %s\n", f.Path, f.state())
		}
	})
	if err == nil && len(written) == 0 {
		a.say("No hosts in %s, nothing to write.", file.Path())
	}
	return err
}

func (d writtenDocument) state() string {
	if d.Changed {
		return "written"
	}
	return "unchanged"
}
