package envcmd

import (
	"context"
	"path/filepath"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/env/envfile/holder"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
)

type writeOptions struct {
	hosts   []string
	dir     string
	dialect string
	check   bool
	diff    bool
	dryRun  bool
	prune   bool
	replace bool
	several bool // lattices, each with a folder of its own
}

func newWrite(a verbs) *cobra.Command {
	var o writeOptions
	c := &cobra.Command{
		Use:   "write [HOST...]",
		Short: "Write the env files of the hosts",
		Long: `Writes one env file per host, for all hosts or for the named ones: all of them or
none. If latch is killed meanwhile, the next run finishes or undoes the change. Only
the owner can read the files, and a file that would not change is not touched. The
files contain seeds: do not commit them.

--check, --diff and --dry-run write nothing. --check lists what would change; exit
code 3 if anything would. --diff shows how, with public keys in place of seeds.
Files of hosts that are no longer in the manifest are reported; --prune removes
those that latch made for this lattice.

A file that latch did not make, or made for another lattice, is not replaced (exit
code 5) unless you add --replace.`,
		Example: "  latch env write\n  latch env write web-1 --dir /etc/wasmcloud\n  latch env write --check --diff",
		Args:    cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			o.hosts, o.several = args, a.IsOneOfSeveral()
			return a.write(c.Context(), o)
		},
		ValidArgsFunction: a.CompleteHosts,
	}
	c.Flags().StringVar(&o.dir, "dir", "", "folder for the env files (default: env beside the manifest); of several lattices, with a folder in it for each")
	c.Flags().BoolVar(&o.check, "check", false, "write nothing; exit code 3 if anything would change")
	c.Flags().BoolVar(&o.diff, "diff", false, "write nothing; show what would change, without secrets")
	c.Flags().BoolVar(&o.dryRun, "dry-run", false, "write nothing; list what would be written")
	c.Flags().BoolVar(&o.prune, "prune", false, "remove the files of hosts that are no longer in the manifest")
	c.Flags().BoolVar(&o.replace, "replace", false, "also replace files that latch did not make, or made for another lattice")
	addDialectFlag(c, &o.dialect)
	return a.PerLattice(c)
}

func (a verbs) write(ctx context.Context, o writeOptions) error {
	dialect, err := env.ParseDialect(o.dialect)
	if err != nil {
		return fault.As(fault.Usage, err)
	}
	file, err := a.Manifest()
	if err != nil {
		return err
	}
	environments, wipe, err := a.current(ctx, file, o)
	if err != nil {
		return err
	}
	defer wipe()
	bar := a.Progress("writing env files", int64(len(environments)), "hosts")
	defer bar.Close()
	w := env.Writing{
		Dir: o.folder(file), Dialect: dialect, Lattice: file.Manifest(), Prune: o.prune, Replace: o.replace,
		Rehearse: o.rehearses(),
		Each:     func() { bar.Add(1) },
	}
	changes := map[string][]envfile.Change{}
	if o.diff {
		w.Changing = func(path string, data []byte) (err error) {
			changes[path], err = envfile.Diff(path, data)
			return err
		}
	}
	var report env.Report
	err = a.Change(func() (err error) {
		report, err = env.Write(ctx, w, environments)
		return err
	})
	bar.Close()
	a.SayHowSettled(w.Dir, report.Settled)
	a.traceWritten(report, o)
	if err != nil {
		return err
	}
	if err := a.showWritten(report, changes, o); err != nil {
		return err
	}
	if len(report.Files) == 0 {
		a.Say("No hosts in %s; nothing to write.", file.Path())
	} else {
		a.WarnIfGitSees(ctx, report.Files[0].Path)
	}
	a.warnOfUsers(ctx, file)
	if o.check && report.Drifts(o.prune) {
		return app.No()
	}
	return nil
}

// current are the environments of the hosts, of a manifest that is no old copy: their
// seeds are the caller's to wipe. Where a seed is gone, an old copy may be why.
func (a verbs) current(ctx context.Context, file *lattice.Document, o writeOptions) ([]env.Environment, func(), error) {
	store, err := a.Keystore()
	if err != nil {
		return nil, nil, err
	}
	environments, wipe, failed := a.environments(ctx, file, store, o.hosts)
	if failed != nil && (fault.Is(failed, fault.Unavailable) || ctx.Err() != nil) {
		return nil, nil, failed // the bucket would not answer either
	}
	err = published.ToDeploy(ctx, a.App, file, store)
	if err == nil && failed != nil {
		if err = env.CheckCurrent(o.folder(file), file.Manifest()); err == nil {
			err = a.withFile(ctx, file, store, o, failed)
		}
	}
	if err != nil {
		wipe()
		return nil, nil, err
	}
	return environments, wipe, nil
}

// withFile adds to the error of a seed that is not there which env file still has it.
func (a verbs) withFile(ctx context.Context, file *lattice.Document, store keystore.Store, o writeOptions, err error) error {
	entries, listErr := store.List(ctx)
	if !fault.Is(err, fault.NotFound) || listErr != nil {
		return err
	}
	for _, lost := range file.Manifest().MissingSeeds(app.PublicKeys(entries)) {
		if path := holder.Of(ctx, o.folder(file), lost.PublicKey); path != "" {
			return fault.Hint(err, "bring the seed back: latch keys import %s --name %s", app.Word(path), lost.Name)
		}
	}
	return err
}

// traceWritten tells of the files that were looked at, and written.
func (a verbs) traceWritten(report env.Report, o writeOptions) {
	for _, f := range report.Files {
		if f.Changed && !o.rehearses() {
			a.Trace("wrote %s", f.Path)
		} else {
			a.TraceRead(f.Path)
		}
	}
}

// warnOfUsers says which NATS users no server lets in any more, or soon will not.
func (a verbs) warnOfUsers(ctx context.Context, file *lattice.Document) {
	for _, f := range lattice.CheckTimes(a.Sys.Now(), credentials.UserOf(ctx, a.Sys.Home()), file) {
		if f.Rule == lattice.RuleJWT {
			a.Warn("%s", f.Message)
		}
	}
}

func (o writeOptions) rehearses() bool { return o.check || o.diff || o.dryRun }

// folder is where the files lie.
func (o writeOptions) folder(file *lattice.Document) string {
	switch {
	case o.dir != "" && o.several:
		return filepath.Join(o.dir, file.Manifest().Lattice)
	case o.dir != "":
		return o.dir
	}
	return env.Folder(file.Path())
}
