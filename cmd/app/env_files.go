package app

import (
	"context"
	"path/filepath"

	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/terminal"
)

// HostFiles reads what files tell hosts, as a set; of a folder, all its env files.
// What cannot be judged becomes a finding. The hosts are the caller's to wipe,
// also after an error.
func (a *App) HostFiles(ctx context.Context, paths []string, o envfile.Options) ([]envfile.Host, []finding.Finding, error) {
	files, err := a.SettledFiles(ctx, paths)
	if err != nil {
		return nil, nil, err
	}
	o.Stdin = a.Sys.Stdin
	type loaded struct {
		hosts    []envfile.Host
		findings []finding.Finding
	}
	all, err := terminal.Await(ctx, func(files []string) (loaded, error) {
		hosts, findings, err := envfile.Load(files, o)
		return loaded{hosts, findings}, err
	}, files)
	return all.hosts, all.findings, err
}

// SettledFiles names the env files, and settles what a killed write has left in
// their folders, so that they belong together.
func (a *App) SettledFiles(ctx context.Context, paths []string) ([]string, error) {
	files, err := envfile.Files(paths)
	if err != nil {
		return nil, err
	}
	settled := map[string]bool{}
	for _, path := range files {
		dir := filepath.Dir(path)
		if settled[dir] || path == "-" {
			continue
		}
		settled[dir] = true
		how, err := safefile.Settle(ctx, dir)
		if err != nil {
			return nil, err
		}
		a.SayHowSettled(dir, how)
	}
	return files, nil
}

// SayHowSettled tells how a change was settled that a killed run had begun.
func (a *App) SayHowSettled(dir string, how safefile.Settled) {
	switch how {
	case safefile.Finished:
		a.Warn("an earlier write to %s was interrupted; latch has finished it", dir)
	case safefile.Undone:
		a.Warn("an earlier write to %s was interrupted; latch has undone it", dir)
	}
}
