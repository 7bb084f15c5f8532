package app

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/process"
)

// makeRepository gives a folder with a repository, and git in it as a person runs it.
func makeRepository(t *testing.T) (dir string, git func(args ...string) string) {
	t.Helper()
	dir = t.TempDir()
	git = func(args ...string) string {
		t.Helper()
		ask := exec.CommandContext(t.Context(), "git", append([]string{"-C", dir, "-c", "user.name=a", "-c", "user.email=a@b"}, args...)...)
		ask.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "GIT_CONFIG_NOSYSTEM=1"}
		out, err := ask.Output()
		if err != nil {
			t.Fatalf("git %s: %v", args, err)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "-q")
	return dir, git
}

func gitOf(t *testing.T, dir string) Git {
	t.Helper()
	a := New(process.System{Environ: []string{"PATH=" + os.Getenv("PATH"), "HOME=" + t.TempDir()}, Stdout: io.Discard, Stderr: io.Discard})
	return a.Git(dir)
}

// TestGitStartsNothing: however the configuration of a repository wants programs to be
// run, no question that latch asks runs one.
func TestGitStartsNothing(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the program is a shell script")
	}
	dir, git := makeRepository(t)
	ran := filepath.Join(t.TempDir(), "ran")
	program := filepath.Join(t.TempDir(), "program")
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	write(program, fmt.Sprintf("#!/bin/sh\necho \"$0 $*\" >> %s\nexit 1\n", ran))
	write(filepath.Join(dir, ".gitattributes"), "* diff=odd filter=odd merge=odd\n")
	write(filepath.Join(dir, "env"), "some text\n")
	git("add", "-A")
	git("commit", "-q", "-m", "add")
	signed := strings.Replace(git("cat-file", "commit", "HEAD")+"\n", "\n\n", "\ngpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----\n\n", 1)
	write(filepath.Join(dir, "commit"), signed)
	git("update-ref", "HEAD", git("hash-object", "-t", "commit", "-w", "commit"))
	write(filepath.Join(dir, "env"), "other text\n")
	git("add", "env")
	for _, name := range []string{
		"core.fsmonitor", "core.pager", "pager.log", "pager.diff", "core.editor", "core.sshCommand", "core.askPass", "core.gitProxy", "core.alternateRefsCommand",
		"diff.external", "diff.odd.command", "diff.odd.textconv", "filter.odd.clean", "filter.odd.smudge", "filter.odd.process", "merge.odd.driver",
		"gpg.program", "gpg.ssh.program", "gpg.x509.program", "credential.helper", "remote.origin.uploadpack", "uploadpack.packObjectsHook",
	} {
		git("config", name, program)
	}
	hooks := t.TempDir()
	for _, hook := range []string{"post-index-change", "reference-transaction", "fsmonitor-watchman", "pre-auto-gc"} {
		write(filepath.Join(hooks, hook), fmt.Sprintf("#!/bin/sh\nexec %s %s\n", program, hook))
	}
	for name, value := range map[string]string{
		"core.hooksPath": hooks, "log.showSignature": "true", "remote.origin.url": "ssh://nowhere.invalid/a", "remote.origin.promisor": "true",
		"remote.origin.partialclonefilter": "tree:0", "extensions.partialClone": "origin", "core.repositoryFormatVersion": "1", "protocol.allow": "always", "protocol.ssh.allow": "always",
	} {
		git("config", name, value)
	}
	tree := git("rev-parse", "HEAD^{tree}")
	if err := os.Remove(filepath.Join(dir, ".git", "objects", tree[:2], tree[2:])); err != nil { // so that git would fetch it
		t.Fatal(err)
	}
	ours := gitOf(t, dir)
	for _, args := range [][]string{
		{"rev-parse", "--is-shallow-repository"},
		{"check-ignore", "--quiet", "--", "env"},
		{"ls-files", "-z", "-t", "--cached", "--others", "--exclude-standard", "--deduplicate"},
		{"ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory"},
		{"rev-list", "--objects", "--all", "--quiet", "--missing=allow-promisor"},
		{"cat-file", "--batch", "--buffer", "--batch-all-objects", "--unordered"},
		{"log", "--all", "--reflog", "--topo-order", "-m", "--root", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-relative", "--format=%x00commit %H"},
		{"log", "--max-count=1", "--format=%H"},
		{"fetch", "--quiet", "origin"}, // what an old git does to get what is missing
		{"diff", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--no-ext-diff", "--no-relative", "--diff-filter=d"},
	} {
		_, _ = ours.Output(t.Context(), args...) // some fail: a tree is missing
		if said, err := os.ReadFile(ran); err == nil {
			t.Errorf("git %s ran %s", args[0], said)
			_ = os.Remove(ran)
		}
	}
	git("-c", "protocol.allow=never", "-c", "core.fsmonitor=false", "log", "--format=%H", "-1") // as anybody would: to see that the trap works
	if _, err := os.Stat(ran); err != nil {
		t.Error("the program is not run by git log either")
	}
}

// TestGitWarns: what git says of a question that it answers is handed on, and why it
// does not answer one.
func TestGitWarns(t *testing.T) {
	t.Parallel()
	dir, _ := makeRepository(t)
	if err := os.Symlink(".gitignore", filepath.Join(dir, ".gitignore")); err != nil { // leads to itself
		t.Skip("symbolic links cannot be made:", err)
	}
	git := gitOf(t, dir)
	out, warnings, err := git.OutputAndWarnings(t.Context(), "ls-files", "--others", "--exclude-standard")
	if err != nil || string(out) != ".gitignore\n" || !slices.ContainsFunc(warnings, func(w string) bool { return strings.HasPrefix(w, "unable to access '.gitignore'") }) {
		t.Errorf("%q, %q, %v", out, warnings, err)
	}
	if _, err = git.Output(t.Context(), "cat-file", "-p", "nothing"); err == nil || !strings.Contains(err.Error(), "nothing") {
		t.Errorf("%v", err)
	}
}

// TestGitPipeIsLetGo: a pipe can be closed before git has said all it has to say.
func TestGitPipeIsLetGo(t *testing.T) {
	t.Parallel()
	dir, git := makeRepository(t)
	if err := os.WriteFile(filepath.Join(dir, "large"), make([]byte, 4<<20), 0o600); err != nil {
		t.Fatal(err)
	}
	git("add", "large")
	pipe, err := gitOf(t, dir).Pipe(t.Context(), nil, "cat-file", "--batch", "--batch-all-objects")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(pipe, make([]byte, 10)); err != nil {
		t.Error(err)
	}
	if err := pipe.Close(); err == nil {
		t.Error("that git was not listened to is no error")
	}
}
