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
// and from fetching: TestGitStartsNothing tries each way.
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
	ask := exec.CommandContext(ctx, path, append([]string{"-c", "core.fsmonitor=false", "-c", "log.showSignature=false", "--no-pager", "--no-replace-objects", "-C", g.dir}, args...)...)
	// Older releases of git, as 2.39.3, do not heed GIT_NO_LAZY_FETCH; that no protocol is allowed all do.
	ask.Env = append(ask.Env, "GIT_NO_LAZY_FETCH=1", "GIT_ALLOW_PROTOCOL=none", "GIT_TERMINAL_PROMPT=0")
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
	out, _, err := g.OutputAndWarnings(ctx, args...)
	return out, err
}

// OutputAndWarnings is what a command of git prints, and what it says beside that.
func (g Git) OutputAndWarnings(ctx context.Context, args ...string) (out []byte, warnings []string, err error) {
	ask, err := g.command(ctx, args)
	if err != nil {
		return nil, nil, err
	}
	var said bytes.Buffer
	ask.Stderr = &said
	out, err = ask.Output()
	for line := range strings.Lines(said.String()) {
		warnings = append(warnings, strings.TrimPrefix(strings.TrimSpace(line), "warning: "))
	}
	return out, warnings, gitFailed(args, said.String(), err)
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
	if pipe.ReadCloser, err = ask.StdoutPipe(); err != nil {
		return nil, err
	}
	return pipe, ask.Start()
}

// gitPipe is a running command of git.
type gitPipe struct {
	io.ReadCloser

	ask  *exec.Cmd
	args []string
	said bytes.Buffer
}

// Close waits for its end. What was not read yet is let go of, or git would wait for
// a reader.
func (p *gitPipe) Close() error {
	_ = p.ReadCloser.Close()
	err := p.ask.Wait()
	return gitFailed(p.args, p.said.String(), err)
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

func gitFailed(args []string, said string, err error) error {
	var ended *exec.ExitError
	if !errors.As(err, &ended) {
		return err
	}
	said, _, _ = strings.Cut(strings.TrimSpace(said), "\n")
	if said == "" {
		said = ended.Error()
	}
	return fault.New(fault.Unavailable, "git %s failed", args[0]).Because(&gitError{said, ended})
}
