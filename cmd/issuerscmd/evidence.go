package issuerscmd

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/listflag"
	"github.com/latch-keys/latch/cmd/app/live"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/env/envfile/judge"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/process"
	"github.com/latch-keys/latch/internal/rotation"
)

// seenOptions say where to look at hosts: their env files as they lie there, and who
// reads those, or the running hosts themselves.
type seenOptions struct {
	paths  []string
	readBy string
	live   bool
	ask    live.Flags
	untold map[string]bool // hosts that answered, and whose version does not say how they stand
}

func (o *seenOptions) register(c *cobra.Command, a verbs) {
	listflag.Add(c.Flags(), &o.paths, "deployed", "read the env files in this folder, or this file, as they lie on hosts")
	app.AddReadByFlag(c, &o.readBy, envfile.ReadingNames())
	c.Flags().BoolVar(&o.live, "live", false, "ask the running hosts over NATS")
	o.ask.Register(c, a.App)
	o.untold = map[string]bool{}
}

// evidenceOptions say how hosts are known to have a phase.
type evidenceOptions struct {
	seen   seenOptions
	attest []string
	ignore []string
}

func (o *evidenceOptions) register(c *cobra.Command, a verbs) {
	o.registerSeen(c, a)
	listflag.Add(c.Flags(), &o.attest, "attest", "attest that these hosts, or all, have restarted with the current env files; all@7: with those of generation 7")
	_ = c.RegisterFlagCompletionFunc("attest", a.CompleteHostsOrAll)
}

// registerSeen adds the flags for what was seen, also of hosts that are not in
// the manifest.
func (o *evidenceOptions) registerSeen(c *cobra.Command, a verbs) {
	o.seen.register(c, a)
	listflag.Add(c.Flags(), &o.ignore, "ignore", "forget these hosts, because they have been shut down")
}

// evidence is all that the flags say of hosts.
func (a verbs) evidence(ctx context.Context, file *lattice.Document, o evidenceOptions) (rotation.Evidence, error) {
	e := rotation.Evidence{Ignore: o.ignore}
	if err := env.CheckCurrent(env.Folder(file.Path()), file.Manifest()); err != nil {
		return e, err
	}
	if len(o.attest) > 0 {
		word, err := rotation.ParseAttestation(o.attest)
		if err == nil && word.Generation == 0 {
			err = a.checkUnchanged(file)
		}
		if err != nil {
			return e, err
		}
		e.Word = &word
	}
	var err error
	e.Seen, err = a.look(ctx, o.seen, file.Manifest())
	return e, err
}

// readDeployed reads env files as they lie on hosts. What concerns no host, or one
// of another lattice, is passed over; so is an empty folder: nothing is deployed yet.
func (a verbs) readDeployed(ctx context.Context, o seenOptions, m lattice.Manifest) ([]lattice.Observation, error) {
	reading, err := envfile.ParseReading(o.readBy)
	if err != nil {
		return nil, err
	}
	paths := slices.DeleteFunc(slices.Clone(o.paths), envfile.Empty)
	seen, err := a.observations(ctx, paths, reading, m)
	if err == nil && len(paths) > 0 && len(seen) == 0 {
		return nil, fault.New(fault.NotFound, "no env file of the lattice %s in %s", m.Lattice, strings.Join(paths, ", ")).WithHint("latch env write")
	}
	return seen, err
}

// checkUnchanged refuses a word that names no generation where the manifest has
// changed since the command was given: nobody can have seen what it says now.
func (a verbs) checkUnchanged(file *lattice.Document) error {
	changed, err := process.ChangedAt(file.Path())
	if err != nil || a.Sys.Started.IsZero() || changed.Before(a.Sys.Started) {
		return err
	}
	return fault.New(fault.Refused, "%s changed while this command started, so it is not clear what you attest", file.Path()).
		WithHint("check latch issuers rotate status, then name the generation: --attest all@%d", file.Manifest().Generation)
}

// observations are how the hosts of a lattice stand by their env files, or by
// folders of them. A file that nobody can read is an error; one that its readers
// do not read alike is in doubt.
func (a verbs) observations(ctx context.Context, paths []string, reading envfile.Reading, m lattice.Manifest) ([]lattice.Observation, error) {
	hosts, findings, err := envfile.Load(ctx, paths, envfile.Options{
		Reading: reading, Target: m.TargetByName(), Stdin: a.Sys.Stdin, Settle: a.Settle, Reads: a.TraceRead,
	})
	defer envfile.Wipe(hosts)
	if err != nil {
		return nil, err
	}
	for _, f := range findings {
		if f.Severity == finding.Error {
			return nil, fault.New(fault.Failed, "%s", f).WithHint("latch env check %s", f.File)
		}
		a.Warn("%s", f)
	}
	return judge.Observe(judge.InLattice(hosts, m.Lattice), a.Sys.Now()), nil
}
