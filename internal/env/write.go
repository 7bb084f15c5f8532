package env

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
)

// Outcome is what became of one host's file.
type Outcome struct {
	Host    string
	Path    string
	Changed bool // written; otherwise it held these very bytes and was not touched
}

// Report has an Outcome per environment, in their order.
type Report []Outcome

// Write puts each environment into a file of its own in the folder dir, named
// HOST and the dialect's extension. The files are private (0600 in 0700), the
// folder is made if need be. All or nothing: the whole set is rendered and
// staged before the first file changes, and a file that would stay the same is
// not touched.
func Write(ctx context.Context, dir string, dialect Dialect, envs []Environment) (Report, error) {
	files, err := render(dir, dialect, envs)
	defer wipe(files)
	if err != nil || len(files) == 0 {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("stopped before any file was written: %w", err)
	}
	if err := safefile.MakeDir(dir); err != nil {
		return nil, err
	}
	changed, err := safefile.WriteAll(ctx, files)
	if err != nil {
		return nil, err
	}
	report := make(Report, len(envs))
	for i, e := range envs {
		path := files[i].Path
		report[i] = Outcome{Host: e.Host, Path: path, Changed: slices.Contains(changed, path)}
	}
	return report, nil
}

func render(dir string, dialect Dialect, envs []Environment) ([]safefile.File, error) {
	files := make([]safefile.File, 0, len(envs))
	owner := make(map[string]string, len(envs))
	for _, e := range envs {
		name, err := fileName(e.Host, dialect)
		if err != nil {
			return files, err
		}
		folded := strings.ToLower(name)
		if other, taken := owner[folded]; taken {
			return files, fmt.Errorf("hosts %q and %q would share the file %s", other, e.Host, name)
		}
		owner[folded] = e.Host
		data, err := dialect.Render(e, Revealed)
		if err != nil {
			return files, fmt.Errorf("failed to render the environment of host %q: %w", e.Host, err)
		}
		files = append(files, safefile.File{Path: filepath.Join(dir, name), Data: data, Access: safefile.Private})
	}
	return files, nil
}

// fileName keeps a host's file inside its folder, and on Windows off the names
// of devices.
func fileName(host string, dialect Dialect) (string, error) {
	if err := lattice.CheckName(host); err != nil {
		return "", err
	}
	name := host + dialect.Extension()
	if !filepath.IsLocal(name) {
		return "", fmt.Errorf("host %q cannot have a file: %s is no name for one here", host, name)
	}
	return name, nil
}

func wipe(files []safefile.File) {
	for _, f := range files {
		clear(f.Data)
	}
}
