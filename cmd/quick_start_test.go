//go:build linux

package cmd_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/secretservicetest"
	"github.com/latch-keys/latch/internal/oracle"
)

// nobody is a user that no machine knows by name.
const nobody = 54321

// Every block of README and docs that names this test runs as it is typed: in a fresh
// home without a desktop, in one with a desktop, and in a container that has neither
// a home folder nor a name for its user.
func TestQuickStarts(t *testing.T) {
	t.Parallel()
	bash := oracle.Need(t, "bash")
	starts := quickStarts(t)
	for name, place := range map[string]func(t *testing.T) (environ []string, before string, user uint32){
		"no desktop": func(t *testing.T) ([]string, string, uint32) {
			return []string{"HOME=" + t.TempDir(), "DBUS_SESSION_BUS_ADDRESS="}, "", 0
		},
		"desktop": func(t *testing.T) ([]string, string, uint32) {
			return secretservicetest.Start(t, secretservicetest.Unlocked).Environ, "", 0
		},
		"no home": func(t *testing.T) ([]string, string, uint32) {
			return []string{"DBUS_SESSION_BUS_ADDRESS="}, withoutHome(t), nobody
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for page, commands := range starts {
				environ, before, user := place(t)
				runStart(t, bash, page, before+commands, environ, user)
			}
		})
	}
}

// runStart runs commands in a folder of their own, as another user where the test
// may become one.
func runStart(t *testing.T, bash, page, commands string, environ []string, user uint32) {
	t.Helper()
	work, err := os.MkdirTemp("", "latch-start-") //nolint:usetesting // another user must reach it
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(work) })
	bin, tmp := filepath.Join(work, "bin"), filepath.Join(work, "tmp")
	for _, dir := range []string{bin, tmp} {
		if err := os.Mkdir(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	latch := standInFor(t, bin)
	if err := os.WriteFile(filepath.Join(bin, "wasmcloud_host"), []byte("#!/bin/sh\ntest -n \"$WASMCLOUD_CLUSTER_SEED\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	run := exec.Command(bash, "-eu", "-o", "pipefail", "-c", "umask 022\n"+commands)
	run.Dir = work
	run.Env = append([]string{"PATH=" + bin + ":/usr/bin:/bin", "TMPDIR=" + tmp}, environ...)
	if user != 0 && os.Geteuid() == 0 {
		for _, path := range []string{work, tmp, latch} {
			if err := os.Chown(path, int(user), int(user)); err != nil {
				t.Fatal(err)
			}
		}
		run.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: user, Gid: user}}
	}
	out, err := run.CombinedOutput()
	if err != nil {
		t.Errorf("%s: %v\n%s\n%s", page, err, commands, keys.Mask(string(out)))
	}
	if keys.MayHoldSeed(string(out)) {
		t.Errorf("%s prints a seed", page)
	}
}

// standInFor puts latch into a folder: a copy of this test, which another user could
// not reach where go test keeps it.
func standInFor(t *testing.T, bin string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(bin, "latch")
	if err := os.Link(self, path); err == nil {
		return path
	}
	data, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// quickStarts are the commands under each mark, by their pages.
func quickStarts(t *testing.T) map[string]string {
	t.Helper()
	pages, err := filepath.Glob(cmd.Source("../docs/*.md"))
	if err != nil {
		t.Fatal(err)
	}
	block := regexp.MustCompile("(?ms)^<!-- test: TestQuickStarts -->\n```\\w+\n(.*?)^```$")
	starts := map[string]string{}
	for _, page := range append(pages, cmd.Source("../README.md")) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range block.FindAllStringSubmatch(string(text), -1) {
			for line := range strings.Lines(found[1]) {
				if command, typed := strings.CutPrefix(line, "$ "); typed {
					starts[filepath.Base(page)] += command
				}
			}
		}
	}
	for _, page := range []string{"README.md", "keystores.md"} {
		if strings.Count(starts[page], "latch ") < 2 {
			t.Fatalf("%s has no quick start", page)
		}
	}
	return starts
}

// withoutHome is what README says to type first where there is no home folder.
func withoutHome(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(cmd.Source("../README.md"))
	if err != nil {
		t.Fatal(err)
	}
	found := regexp.MustCompile("no home folder[^`]*`(export HOME=[^`]+)`").FindSubmatch(text)
	if found == nil {
		t.Fatal("README does not say what to do without a home folder")
	}
	return string(found[1]) + "\n"
}
