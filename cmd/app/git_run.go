package app

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os/exec"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
)

// Git runs git in a folder. It gives git none of the seeds that may be in the
// environment, and keeps the repository's own configuration from starting programs
// and from fetching.
type Git struct {
	app    *App
	dir    string
	inHook bool
}

// Git is git in a folder.
func (a *App) Git(dir string) Git { return Git{app: a, dir: dir} }

// InHook is git as it runs a hook: of a commit of some files, or with -a, the index is
// not the repository's but one of its own.
func (g Git) InHook() Git {
	g.inHook = true
	return g
}

func (g Git) command(ctx context.Context, args []string) (*exec.Cmd, error) {
	path, err := exec.LookPath("git")
	if err != nil {
		return nil, fault.New(fault.Unavailable, "git is not installed, or not in PATH")
	}
	g.app.Trace("asking git: %s in %s", strings.Join(args, " "), g.dir)
	ask := exec.CommandContext(ctx, path, append([]string{"-c", "core.fsmonitor=false", "--no-pager", "--no-replace-objects", "-C", g.dir}, args...)...)
	ask.Env = append(ask.Env, "GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0")
	for _, name := range []string{"PATH", "HOME"} {
		value, _ := g.app.Sys.Getenv(name)
		ask.Env = append(ask.Env, name+"="+value)
	}
	if index, set := g.app.Sys.Getenv("GIT_INDEX_FILE"); set && g.inHook {
		ask.Env = append(ask.Env, "GIT_INDEX_FILE="+index)
	}
	return ask, nil
}

// Output is what a command of git prints.
func (g Git) Output(ctx context.Context, args ...string) ([]byte, error) {
	ask, err := g.command(ctx, args)
	if err != nil {
		return nil, err
	}
	out, err := ask.Output()
	return out, gitFailed(args, err)
}

// Pipe gives what a command of git prints while it runs. Closing it waits for its
// end, and tells whether it failed.
func (g Git) Pipe(ctx context.Context, stdin io.Reader, args ...string) (io.ReadCloser, error) {
	ask, err := g.command(ctx, args)
	if err != nil {
		return nil, err
	}
	ask.Stdin = stdin
	pipe := &gitPipe{ask: ask, args: args}
	ask.Stderr = &pipe.said
	if pipe.Reader, err = ask.StdoutPipe(); err != nil {
		return nil, err
	}
	return pipe, ask.Start()
}

// gitPipe is a running command of git.
type gitPipe struct {
	io.Reader

	ask  *exec.Cmd
	args []string
	said bytes.Buffer
}

// Close waits for its end.
func (p *gitPipe) Close() error {
	err := p.ask.Wait()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		ended.Stderr = p.said.Bytes()
	}
	return gitFailed(p.args, err)
}

// gitError is how git ended, in its own words.
type gitError struct {
	said  string
	ended *exec.ExitError
}

// Error is what it said.
func (e *gitError) Error() string { return e.said }

// Unwrap gives how it ended.
func (e *gitError) Unwrap() error { return e.ended }

func gitFailed(args []string, err error) error {
	var ended *exec.ExitError
	if !errors.As(err, &ended) {
		return err
	}
	said, _, _ := strings.Cut(strings.TrimSpace(string(ended.Stderr)), "\n")
	if said == "" {
		said = ended.Error()
	}
	return fault.New(fault.Unavailable, "git %s failed", args[0]).Because(&gitError{said, ended})
}
