package packaging

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/oracle"
)

// The package for Fedora and its kin, likewise: by rpm itself, over an earlier one.
func TestSnapshotRPM(t *testing.T) {
	t.Parallel()
	r := snapshot(t)
	needRoot(t)
	m := machine{t, t.TempDir(), "var"}
	folders(t, m.root, "var/lib/rpm")
	rpm := func(args ...string) string {
		// Debian's rpm wants to be told that it is not to touch Debian, and where to keep records.
		return m.run("rpm", append([]string{"--force-debian", "--root", m.root, "--dbpath", "/var/lib/rpm", "--nodeps"}, args...)...)
	}
	listed := m.run("rpm", "-qpl", r.file("linux_amd64.rpm"))
	for _, name := range []string{
		"/usr/bin/latch", "/usr/share/man/man1/latch.1.gz", "/usr/share/bash-completion/completions/latch",
		"/usr/share/zsh/site-functions/_latch", "/usr/share/fish/vendor_completions.d/latch.fish", "/usr/share/doc/latch/NOTICES",
	} {
		says(t, "rpm -qpl", listed, name+"\n")
	}
	clean := tree(t, m.root, m.records)
	rpm("--install", earlierRPM(t))
	rpm("--upgrade", r.file("linux_amd64.rpm"))
	if _, err := os.Stat(filepath.Join(m.root, "usr/share/man/man1/latch-old.1")); err == nil {
		t.Error("the upgrade leaves a page of the earlier version")
	}
	if said := rpm("--verify", "latch"); said != "" {
		t.Errorf("what is installed differs from the package: %s", said)
	}
	j := jail{root: m.root, work: "/root", env: []string{"HOME=/root"}}
	j.enter(t)
	j.mainJob(t)
	j.leave(t)
	m.hasPages(r)
	m.completes("usr/share/zsh/site-functions")
	rpm("--erase", "latch")
	for line := range strings.Lines(tree(t, m.root, m.records)) {
		// A package owns files, and no folder that others have files in too.
		if !strings.Contains(clean, line) && !strings.Contains(line, " d") {
			t.Errorf("after the removal there is %s", line)
		}
	}
}

// earlierRPM is a package with a lower version and a page that the later has not.
func earlierRPM(t *testing.T) string {
	t.Helper()
	m := machine{t: t, root: t.TempDir()}
	spec := filepath.Join(m.root, "latch.spec")
	text := `Name: latch
Version: 0.0.0
Release: 1
Summary: earlier
License: Apache-2.0
%description
earlier
%install
install -D /dev/null %{buildroot}/usr/share/man/man1/latch-old.1
install -D /dev/null %{buildroot}/usr/bin/latch
%files
/usr/share/man/man1/latch-old.1*
/usr/bin/latch
`
	if err := os.WriteFile(spec, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	m.run("rpmbuild", "-bb", "--target", "x86_64", "--define", "_topdir "+m.root, spec)
	return filepath.Join(m.root, "RPMS/x86_64/latch-0.0.0-1.x86_64.rpm")
}

// The package for Alpine holds the same files in their places, and its program works
// where they are all there is. That apk takes it is not tried here.
func TestSnapshotAPK(t *testing.T) {
	t.Parallel()
	r := snapshot(t)
	needRoot(t)
	files := tarred(t, r.file("linux_amd64.apk"))
	about := string(files[".PKGINFO"].text)
	for _, line := range []string{"pkgname = latch\n", "arch = x86_64\n", "license = Apache-2.0\n", "pkgver = " + strings.SplitN(r.version, "-", 2)[0]} {
		says(t, ".PKGINFO", about, line)
	}
	delete(files, ".PKGINFO")
	for name, file := range files {
		if file.owner != "root:root" || !strings.HasPrefix(name, "usr/") {
			t.Errorf("%s belongs to %s", name, file.owner)
		}
	}
	m := machine{t, t.TempDir(), "var"}
	unpack(t, files, m.root)
	j := jail{root: m.root, work: "/root", env: []string{"HOME=/root"}}
	j.enter(t)
	j.mainJob(t)
	j.leave(t)
	m.hasPages(r)
	m.completes("usr/share/zsh/site-functions")
	oracle.Figure(t, "%d files in the apk; that apk itself installs it is not tried", len(files))
}
