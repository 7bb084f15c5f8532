//go:build unix

package envfile_test

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/oracle"
)

// A link to a file stands for the file, once; what a link misses is told. Linked
// folders are left alone, so that a loop ends.
func TestLinks(t *testing.T) {
	t.Parallel()
	dir, outside := t.TempDir(), t.TempDir()
	write(t, filepath.Join(outside, "web-1.env"), "WASMCLOUD_LATTICE=prod\n")
	write(t, filepath.Join(outside, "deep", "web-9.env"), "WASMCLOUD_LATTICE=prod\n")
	write(t, filepath.Join(dir, "web-2.env"), "WASMCLOUD_LATTICE=prod\n")
	for name, target := range map[string]string{
		"web-1.env": filepath.Join(outside, "web-1.env"), "again.env": filepath.Join(outside, "web-1.env"), "web-3.env": "web-2.env",
		"loop": ".", "deep": filepath.Join(outside, "deep"), ".#web-2.env": "somebody@somewhere.1",
	} {
		link(t, target, filepath.Join(dir, name))
	}
	names := func() string {
		hosts, findings, err := envfile.Load(t.Context(), []string{dir}, envfile.Options{})
		if err != nil || len(findings) > 0 {
			t.Fatal(findings, err)
		}
		var names []string
		for _, h := range hosts {
			names = append(names, h.Name)
		}
		slices.Sort(names)
		return strings.Join(names, " ")
	}
	if got := names(); got != "again web-2" {
		t.Errorf("hosts %s", got)
	}
	link(t, "nowhere.env", filepath.Join(dir, "web-4.env"))
	if _, _, err := envfile.Load(t.Context(), []string{dir}, envfile.Options{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a link to nothing: %v", err)
	}
}

// The drop-ins that count are those that systemd reads.
func TestDropIns(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "h.service")
	write(t, path, "[Service]\nType=oneshot\nExecStart=/bin/true\n")
	for name, at := range map[string]string{"A": "h.service.d/1.conf", "B": "elsewhere/2", "C": "h.service.d/.3.conf", "D": "h.service.d/4.CONF", "E": "h.service.d/5.conf/5.conf"} {
		write(t, filepath.Join(dir, at), "[Service]\nEnvironment="+name+"=b\n")
	}
	link(t, "../elsewhere/2", filepath.Join(path+".d", "2.conf"))
	link(t, "/dev/null", filepath.Join(path+".d", "6.conf"))
	link(t, "nowhere", filepath.Join(path+".d", "7.conf"))
	hosts, _, err := envfile.Load(t.Context(), []string{path}, envfile.Options{})
	if err != nil || len(hosts) != 1 {
		t.Fatal(hosts, err)
	}
	var got []string
	for _, e := range hosts[0].Entries {
		got = append(got, e.Name+"=b")
	}
	if f := hosts[0].Findings; len(f) != 1 || filepath.Base(f[0].File) != "7.conf" || f[0].Rule != "not_judged" {
		t.Errorf("findings %v", f)
	}
	cmd := exec.Command(oracle.Need(t, "systemd-analyze"), "verify", "--man=no", path)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + dir, "SYSTEMD_LOG_LEVEL=debug", "SYSTEMD_LOG_TARGET=console", "SYSTEMD_UNIT_PATH=" + dir + ":", "LC_ALL=C"}
	out, _ := cmd.Output() // it fails for the link that leads to nothing
	var want []string
	for _, m := range regexp.MustCompile(`(?m)^\t\tEnvironment: ([A-E]=b)$`).FindAllStringSubmatch(string(out), -1) {
		want = append(want, m[1])
	}
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("read %q, systemd reads %q", got, want)
	}
}

func link(t *testing.T, target, path string) {
	t.Helper()
	if err := os.Symlink(target, path); err != nil {
		t.Fatal(err)
	}
}
