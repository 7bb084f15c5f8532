package app

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/env/envfile/judge"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// guessReading leaves it to each file who reads it.
const guessReading = "auto"

// AddReadByFlag adds --read-by, for ParseReading.
func AddReadByFlag(c *cobra.Command, into *string) {
	names := []string{guessReading}
	for _, r := range envfile.Readings() {
		names = append(names, r.Name())
	}
	c.Flags().StringVar(into, "read-by", guessReading, "who reads the files: "+strings.Join(names, ", "))
	_ = c.RegisterFlagCompletionFunc("read-by", cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}

// ParseReading reads the value of --read-by; nil leaves it to each file.
func ParseReading(name string) (envfile.Reading, error) {
	if name == guessReading {
		return nil, nil //nolint:nilnil // no reading is a reading of its own
	}
	reading, err := envfile.ParseReading(name)
	return reading, fault.As(fault.Usage, err)
}

// ReadByHelp is what a command's help says of who reads files.
func ReadByHelp() string {
	var list strings.Builder
	for _, r := range envfile.Readings() {
		list.WriteString("  " + r.Name() + strings.Repeat(" ", 10-len(r.Name())) + r.About() + "\n")
	}
	return list.String()
}

// targetsOf gives what a host of the manifest runs, by its name.
func targetsOf(m lattice.Manifest) func(host string) wasmcloud.Target {
	targets := map[string]wasmcloud.Target{}
	for _, h := range m.Hosts {
		targets[h.Name] = m.TargetOf(h)
	}
	return func(host string) wasmcloud.Target {
		if target, known := targets[host]; known {
			return target
		}
		return m.Target
	}
}

// Observations are how the hosts of a lattice stand by their env files, or by
// folders of them. A file that nobody can read is an error; one that its readers
// do not read alike is in doubt.
func (a *App) Observations(ctx context.Context, paths []string, reading envfile.Reading, m lattice.Manifest) ([]lattice.Observation, error) {
	hosts, findings, err := a.HostFiles(ctx, paths, envfile.Options{Reading: reading, Target: targetsOf(m)})
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

// EnvFolder is where a manifest's env files lie, if nobody says otherwise.
func EnvFolder(file *lattice.Document) string { return filepath.Join(filepath.Dir(file.Path()), "env") }

// CheckCurrent refuses a manifest that is older than the env files beside it: it is
// not the one that they were written by.
func CheckCurrent(file *lattice.Document) error {
	if err := env.CheckCurrent(EnvFolder(file), file.Manifest()); fault.Is(err, fault.Refused) {
		return err
	}
	return nil // what cannot be looked into says nothing
}
