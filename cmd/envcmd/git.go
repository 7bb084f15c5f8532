package envcmd

import (
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"time"
)

// gitPatience bounds the question to git.
const gitPatience = 2 * time.Second

// warnIfGitSees warns of a file with a seed that the next `git add .` would
// take. It asks git if that is there; without git, or outside a work tree, there
// is nothing to warn of.
func (a verbs) warnIfGitSees(ctx context.Context, path string) {
	git, err := exec.LookPath("git")
	if err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, gitPatience)
	defer cancel()
	// The repository's own configuration must not start programs.
	ask := exec.CommandContext(ctx, git, "-c", "core.fsmonitor=false", "-C", filepath.Dir(path), "check-ignore", "--quiet", "--", filepath.Base(path))
	for _, name := range []string{"PATH", "HOME"} { // and none of the seeds that may be there
		value, _ := a.Sys.Getenv(name)
		ask.Env = append(ask.Env, name+"="+value)
	}
	var answer *exec.ExitError
	if errors.As(ask.Run(), &answer) && answer.ExitCode() == 1 { // 0: ignored; 128: no work tree
		a.Warn("%s holds seeds, and git does not ignore it: add its folder to .gitignore", path)
	}
}
