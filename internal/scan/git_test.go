package scan_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/scan"
)

// repository is a real one, in a folder of the test's own.
type repository struct {
	t   *testing.T
	dir string
}

func newRepository(t *testing.T) repository {
	t.Helper()
	r := repository{t, t.TempDir()}
	r.git("init", "-q", "-b", "main")
	return r
}

func (r repository) command(ctx context.Context, args ...string) *exec.Cmd {
	ask := exec.CommandContext(ctx, "git", append([]string{"-C", r.dir, "-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false", "-c", "protocol.file.allow=always"}, args...)...)
	ask.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + r.dir, "GIT_CONFIG_NOSYSTEM=1"}
	return ask
}

func (r repository) git(args ...string) string {
	r.t.Helper()
	out, err := r.command(r.t.Context(), args...).CombinedOutput()
	if err != nil {
		r.t.Fatalf("git %s: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

func (r repository) write(name, text string) {
	r.t.Helper()
	path := filepath.Join(r.dir, name)
	check(r.t, os.MkdirAll(filepath.Dir(path), 0o700))
	check(r.t, os.WriteFile(path, []byte(text), 0o600))
}

func (r repository) commit(message string) string {
	r.t.Helper()
	r.git("add", "-A")
	r.git("commit", "-q", "-m", message)
	return r.git("rev-parse", "HEAD")
}

// Output is that of scan.Git.
func (r repository) Output(ctx context.Context, args ...string) ([]byte, error) {
	return r.command(ctx, args...).Output()
}

// OutputAndWarnings is that of scan.Git.
func (r repository) OutputAndWarnings(ctx context.Context, args ...string) (out []byte, warnings []string, err error) {
	ask, said := r.command(ctx, args...), &bytes.Buffer{}
	ask.Stderr = said
	out, err = ask.Output()
	return out, strings.Split(strings.TrimSpace(said.String()), "\n")[:min(1, said.Len())], err
}

// Pipe is that of scan.Git.
func (r repository) Pipe(ctx context.Context, stdin io.Reader, args ...string) (io.ReadCloser, error) {
	ask := r.command(ctx, args...)
	ask.Stdin = stdin
	out, err := ask.StdoutPipe()
	if err != nil {
		return nil, err
	}
	return pipe{out, ask}, ask.Start()
}

type pipe struct {
	io.ReadCloser

	ask *exec.Cmd
}

func (p pipe) Close() error {
	_ = p.ReadCloser.Close()
	return p.ask.Wait()
}

// TestHistory: a seed that was committed, renamed, deleted and packed, and whose branch
// was dropped, is found, with the commit that brought it in.
func TestHistory(t *testing.T) {
	t.Parallel()
	text, key := newSeed(t)
	r := newRepository(t)
	r.write("README", "nothing here\n")
	r.commit("begin")
	r.git("checkout", "-q", "-b", "feature")
	r.write("deploy/old.env", "A=1\nSEED="+text+"\n")
	first := r.commit("add env")
	r.git("mv", "deploy/old.env", "deploy/new.env")
	r.commit("rename")
	r.git("rm", "-q", "deploy/new.env")
	r.commit("remove")
	r.git("checkout", "-q", "main")

	look := func(when, file, commit string) {
		t.Helper()
		s := scan.New()
		check(t, s.History(t.Context(), r, false))
		leak := one(t, s, key)
		at := leak.Places[0]
		if leak.Count != 1 || at.File != file || at.Commit != commit || at.Line != 2 || at.Column != 6 || at.Object == "" {
			t.Errorf("%s: %d times, %+v", when, leak.Count, at)
		}
		if c := s.Coverage(); c.Objects < 4 || c.Files > 0 || len(c.Unread) > 0 {
			t.Errorf("%s: %+v", when, c)
		}
	}
	look("on a branch", "deploy/old.env", first)
	r.git("gc", "-q")
	look("packed", "deploy/old.env", first)
	r.git("branch", "-q", "-D", "feature")
	r.git("reflog", "expire", "--expire=now", "--all")
	look("dropped", "", "")
}

// TestOddPaths: a file may be called like a line of git's own.
func TestOddPaths(t *testing.T) {
	t.Parallel()
	text, key := newSeed(t)
	for _, name := range []string{"commit 0123456789", ":1 2 3 4 5", " a b "} {
		r := newRepository(t)
		r.write(name, text)
		added := r.commit("add")
		check(t, os.Remove(filepath.Join(r.dir, name)))
		r.git("commit", "-q", "-a", "-m", "remove")
		s := scan.New()
		check(t, s.History(t.Context(), r, false))
		if at := one(t, s, key).Places[0]; at.File != name || at.Commit != added {
			t.Errorf("%q is told as %+v, want commit %s", name, at, added)
		}
	}
}

// TestMessages: a seed in the message of a commit or a tag is found.
func TestMessages(t *testing.T) {
	t.Parallel()
	text, key := newSeed(t)
	r := newRepository(t)
	r.write("a", "a")
	commit := r.commit("use " + text)
	r.git("tag", "-a", "-m", text, "v1")
	s := scan.New()
	check(t, s.History(t.Context(), r, false))
	leak := one(t, s, key)
	if leak.Count != 2 || leak.Places[0].Commit != commit && leak.Places[1].Commit != commit {
		t.Errorf("%+v", leak)
	}
}

// TestShallow: a clone that lacks history is never called clean.
func TestShallow(t *testing.T) {
	t.Parallel()
	text, _ := newSeed(t)
	r := newRepository(t)
	r.write("env", text)
	r.commit("add")
	r.git("rm", "-q", "env")
	r.write("a", "a")
	r.commit("remove")
	clone := repository{t, t.TempDir()}
	r.git("clone", "-q", "--depth", "1", "file://"+r.dir, clone.dir)
	s := scan.New()
	check(t, s.History(t.Context(), clone, false))
	if unread := s.Coverage().Unread; len(unread) != 1 || !strings.Contains(unread[0].Why, "shallow") || len(s.Leaks()) != 0 {
		t.Errorf("%v", unread)
	}
	s = scan.New()
	check(t, s.History(t.Context(), clone, true))
	if unread := s.Coverage().Unread; len(unread) != 0 {
		t.Errorf("allowed, but %v", unread)
	}
	if err := scan.New().History(t.Context(), repository{t, t.TempDir()}, false); err == nil {
		t.Error("a folder without a repository has a history")
	}
}

// TestStaged: what is read is the index, not what lies in the work tree.
func TestStaged(t *testing.T) {
	t.Parallel()
	text, key := newSeed(t)
	r := newRepository(t)
	s := scan.New()
	if files, err := s.Staged(t.Context(), r); err != nil || files != 0 {
		t.Errorf("nothing is staged, but %d files, %v", files, err)
	}
	r.write("deploy/a b.env", "x\n"+text+"\n")
	r.write("copy.env", "x\n"+text+"\n")
	r.git("add", "-A")
	r.write("deploy/a b.env", "clean\n")
	s = scan.New()
	files, err := s.Staged(t.Context(), r)
	check(t, err)
	leak := one(t, s, key)
	if at := leak.Places[0]; files != 2 || at.Line != 2 || at.File != "copy.env" && at.File != "deploy/a b.env" {
		t.Errorf("%d files, %+v", files, leak.Places)
	}
	r.git("commit", "-q", "-m", "leak")
	r.git("rm", "-q", "copy.env")
	s = scan.New()
	if files, err := s.Staged(t.Context(), r); err != nil || files != 0 || len(s.Leaks()) != 0 {
		t.Errorf("only a removal is staged: %d files, %v", files, err)
	}
}

// TestTracked: what git ignores is left out, and counted.
func TestTracked(t *testing.T) {
	t.Parallel()
	text, key := newSeed(t)
	ignored, _ := newSeed(t)
	r := newRepository(t)
	r.write(".gitignore", "env/\n*.log\n")
	r.write("env/web-1.env", ignored)
	r.write("a.log", ignored)
	r.write("sub/tracked", text)
	r.commit("add")
	r.write("gone", "x")
	r.git("add", "gone")
	check(t, os.Remove(filepath.Join(r.dir, "gone")))
	r.write("untracked", "x")
	s := scan.New()
	check(t, s.Files(t.Context(), func(yield func(string) bool) { check(t, s.Tracked(t.Context(), r, r.dir, yield)) }))
	one(t, s, key)
	if c := s.Coverage(); c.Files != 3 || c.Ignored != 2 || len(c.Unread) != 0 {
		t.Errorf("%+v", c)
	}
	s = scan.New()
	check(t, s.Files(t.Context(), func(yield func(string) bool) { s.Walk(t.Context(), r.dir, yield) }))
	if c := s.Coverage(); c.Files != 5 || len(s.Leaks()) != 2 {
		t.Errorf("all: %+v", c)
	}
}

// TestUnreadable: a file or a folder that cannot be read is said.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "missing")
	s := scan.New()
	check(t, s.Files(t.Context(), func(yield func(string) bool) {
		yield(missing)
		s.Walk(t.Context(), missing, yield)
	}))
	if c := s.Coverage(); len(c.Unread) != 2 || c.Unread[0].Name != missing || c.Files != 0 {
		t.Errorf("%+v", c)
	}
}

func TestParseAccepted(t *testing.T) {
	t.Parallel()
	_, key := newSeed(t)
	now := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
	if _, err := scan.ParseAccepted(fmt.Appendf(nil, "%s 2026-03-02 x\n", key), now); err != nil {
		t.Errorf("in Asia it is the second of March already: %v", err)
	}
	got, err := scan.ParseAccepted(fmt.Appendf(nil, "# demo\n\n%s 2026-02-01 only in a demo\n", key), now)
	if err != nil || len(got) != 1 || got[key].Reason != "only in a demo" || got[key].Since.Month() != time.February {
		t.Errorf("%v, %v", got, err)
	}
	text, _ := newSeed(t)
	for _, bad := range []string{key.String(), key.String() + " 2026-02-01", key.String() + " 2026-02-01  ", key.String() + " yesterday x", key.String() + " 2026-03-03 x", "x 2026-02-01 y", text + " 2026-02-01 x"} {
		if _, err := scan.ParseAccepted([]byte(bad), now); err == nil || keys.MayHoldSeed(err.Error()) {
			t.Errorf("%.20s…: %v", bad, err)
		}
	}
	if _, err := scan.ParseAccepted(bytes.Repeat(fmt.Appendf(nil, "%s 2026-02-01 x\n", key), 2), now); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("twice: %v", err)
	}
}
