package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"

	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
)

// HostFiles reads what files tell hosts; of a folder, all its env files. A file that cannot be parsed becomes a finding. The hosts are the caller's to
// wipe, also after an error.
func (a *App) HostFiles(ctx context.Context, paths []string, reading envfile.Reading) ([]envfile.Host, []lattice.Finding, error) {
	files, err := a.SettledFiles(ctx, paths)
	if err != nil {
		return nil, nil, err
	}
	var hosts []envfile.Host
	var findings []lattice.Finding
	for _, path := range files {
		found, err := envfile.Load(path, envfile.Options{Reading: reading})
		var broken *envfile.SyntaxError
		if errors.As(err, &broken) {
			findings = append(findings, broken.Finding())
			continue
		}
		if err != nil {
			return hosts, nil, err
		}
		hosts = append(hosts, found...)
	}
	return hosts, findings, nil
}

// SettledFiles names the env files, and settles what a killed write has left in
// their folders, so that they belong together.
func (a *App) SettledFiles(ctx context.Context, paths []string) ([]string, error) {
	files, err := envFilesIn(paths)
	if err != nil {
		return nil, err
	}
	settled := map[string]bool{}
	for _, path := range files {
		dir := filepath.Dir(path)
		if settled[dir] {
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

// envFilesIn names the files: those given, and in the place of a folder its env
// files, sorted.
func envFilesIn(paths []string) ([]string, error) {
	var files []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil || !info.IsDir() {
			files = append(files, path) // what is not there is told when it is read
			continue
		}
		entries, err := os.ReadDir(path)
		if err != nil {
			return nil, err
		}
		before := len(files)
		for _, entry := range entries {
			if entry.Type().IsRegular() && envfile.Readable(entry.Name()) {
				files = append(files, filepath.Join(path, entry.Name()))
			}
		}
		if len(files) == before {
			return nil, fault.New(fault.NotFound, "%s contains no env file", path).WithHint("latch env write makes them")
		}
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
