//go:build unix

package cmd_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/oracle"
)

// TestEnvWriteKilled kills env write at moments spread over its run: after so
// many steps, not after so much time. Whatever
// reads the folder next finds the whole old set or the whole new one, and says so
// where it had to finish the change. Every single step is killed in the tests of
// safefile; this is the whole program.
func TestEnvWriteKilled(t *testing.T) {
	t.Parallel()
	const hosts, kills = 150, 12
	dir := keystoretest.Folder(t)
	run := func(args ...string) *exec.Cmd {
		cmd := exec.Command(os.Args[0])
		cmd.Args = append([]string{"latch"}, args...)
		cmd.Dir = dir
		cmd.Env = []string{"HOME=" + dir, "PATH=" + os.Getenv("PATH")}
		return cmd
	}
	must := func(args ...string) string {
		t.Helper()
		out, err := run(args...).CombinedOutput()
		if err != nil {
			t.Fatalf("latch %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	args := []string{"lattice", "init", "--prefix", "prod", "--keystore", "dir:k"}
	for i := range hosts {
		args = append(args, "--host", fmt.Sprintf("h%d", i))
	}
	must(args...)
	must("env", "write")
	generation := 1
	next := func() {
		generation++
		path := filepath.Join(dir, "lattice.yaml")
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		text = regexp.MustCompile(`(?m)^generation: \d+$`).ReplaceAll(text, fmt.Appendf(nil, "generation: %d", generation))
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	seen := map[string]int{}
	for i := range kills {
		next()
		cmd := run("env", "write")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		killOnce(cmd, func() bool { return progress(dir, hosts) >= 2*hosts*i/kills })
		said := must("env", "check", "env")
		found := generations(t, filepath.Join(dir, "env"), hosts)
		switch {
		case len(found) != 1:
			t.Fatalf("kill %d: a mix, %v", i, found)
		case found[fmt.Sprint(generation)]:
			seen["new"]++
		default:
			seen["old"]++
			must("env", "write")
		}
		if strings.Contains(said, "was killed midway") {
			seen["settled"]++
		}
		left, err := filepath.Glob(filepath.Join(dir, "env", ".latch-set"))
		if err != nil || len(left) > 0 {
			t.Fatalf("kill %d: %v was left, %v", i, left, err)
		}
	}
	oracle.Figure(t, "%d kills: %v", kills, seen)
	if seen["old"] == 0 {
		t.Errorf("no kill came in time: %v", seen)
	}
}

// killOnce kills a process as soon as the condition holds; it may have ended by
// itself before.
func killOnce(cmd *exec.Cmd, holds func() bool) {
	ended := make(chan struct{})
	go func() {
		_ = cmd.Wait()
		close(ended)
	}()
	for !holds() {
		select {
		case <-ended:
			return
		case <-time.After(100 * time.Microsecond):
		}
	}
	_ = cmd.Process.Kill()
	<-ended
}

// progress counts the steps of a set in the folder: each file is staged first,
// then each old one makes way.
func progress(dir string, hosts int) int {
	count := func(name string) int {
		found, _ := filepath.Glob(filepath.Join(dir, "env", ".latch-set", name, "*"))
		return len(found)
	}
	if gone := count("old"); gone > 0 {
		return hosts + gone
	}
	return count("new")
}

// generations are those that the files of a folder say.
func generations(t *testing.T, dir string, hosts int) map[string]bool {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(dir, "*.env"))
	if err != nil || len(paths) != hosts {
		t.Fatal(len(paths), err)
	}
	found := map[string]bool{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, after, _ := bytes.Cut(text, []byte("\n# generation: "))
		number, _, _ := bytes.Cut(after, []byte("\n"))
		found[string(number)] = true
	}
	return found
}
