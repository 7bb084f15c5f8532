package packaging

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/oracle"
)

// The package for Debian comes onto a clean machine over an earlier one, does latch's
// main job there, brings pages and completions that are found, and leaves nothing.
func TestSnapshotDeb(t *testing.T) {
	t.Parallel()
	r := snapshot(t)
	needRoot(t)
	m := debian(t)
	clean := tree(t, m.root, m.records)
	m.run("dpkg", "--root", m.root, "--install", earlierDeb(t, r))
	if _, err := os.Stat(filepath.Join(m.root, "usr/share/man/man1/latch-old.1")); err != nil {
		t.Fatal(err)
	}
	m.run("dpkg", "--root", m.root, "--install", r.file("linux_amd64.deb"))
	if _, err := os.Stat(filepath.Join(m.root, "usr/share/man/man1/latch-old.1")); err == nil {
		t.Error("the upgrade leaves a page of the earlier version")
	}
	j := jail{root: m.root, work: "/root", env: []string{"HOME=/root"}}
	j.enter(t)
	says(t, "latch version", j.latch(t, "version"), "latch "+r.version+" ")
	j.mainJob(t)
	j.leave(t)
	m.hasPages(r)
	m.completes("usr/share/zsh/vendor-completions")
	m.newcomer()
	leadSomewhere(t, "the .deb", os.DirFS(filepath.Join(m.root, "usr/share/doc/latch")))
	m.run("dpkg", "--root", m.root, "--purge", "latch")
	if left := tree(t, m.root, m.records); left != clean {
		t.Errorf("after the removal there are\n%s\nand before the installation were\n%s", left, clean)
	}
}

// machine is a folder that packages are installed into.
type machine struct {
	t             *testing.T
	root, records string // the folder that the package manager writes its records into
}

func (m machine) run(name string, args ...string) string {
	m.t.Helper()
	out, err := exec.Command(oracle.Need(m.t, name), args...).CombinedOutput()
	if err != nil {
		m.t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

func debian(t *testing.T) machine {
	t.Helper()
	root := t.TempDir()
	folders(t, root, "var/lib/dpkg/info", "var/lib/dpkg/updates", "var/log")
	if err := os.WriteFile(filepath.Join(root, "var/lib/dpkg/status"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	return machine{t, root, "var"}
}

// earlierDeb is the package with a lower version and a page that it has no more.
func earlierDeb(t *testing.T, r release) string {
	t.Helper()
	m := machine{t: t, root: filepath.Join(t.TempDir(), "earlier")}
	m.run("dpkg-deb", "--raw-extract", r.file("linux_amd64.deb"), m.root)
	control := filepath.Join(m.root, "DEBIAN/control")
	text, err := os.ReadFile(control)
	if err != nil {
		t.Fatal(err)
	}
	text = regexp.MustCompile(`(?m)^Version: .*$`).ReplaceAll(text, []byte("Version: 0.0.0"))
	if err := os.WriteFile(control, text, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(m.root, "usr/share/man/man1/latch-old.1"), []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	m.run("dpkg-deb", "--build", "-Znone", m.root)
	return m.root + ".deb"
}

// hasPages checks that man finds the pages, and that they name the version.
func (m machine) hasPages(r release) {
	m.t.Helper()
	pages := filepath.Join(m.root, "usr/share/man")
	for _, page := range []string{"latch", "latch-issuers-rotate-next"} {
		if got := strings.TrimSpace(m.run("man", "-M", pages, "-w", page)); got != filepath.Join(pages, "man1", page+".1.gz") {
			m.t.Errorf("man -w %s says %q", page, got)
		}
	}
	says(m.t, "the man page", m.run("man", "-M", pages, "-P", "cat", "-E", "ascii", "latch"), "latch "+r.version)
}

// completes checks that each shell finds its completion where it was installed, and
// gets names from the program.
func (m machine) completes(zsh string) {
	m.t.Helper()
	home := m.t.TempDir()
	script := map[string]string{
		"bash": `. /usr/share/bash-completion/bash_completion
			_completion_loader latch; [ $? = 124 ]
			COMP_WORDS=(latch ke) COMP_CWORD=1 COMP_LINE='latch ke' COMP_POINT=8
			$(complete -p latch | sed 's/.* -F \([^ ]*\) .*/\1/')
			printf '%s\n' "${COMPREPLY[@]}"`,
		"zsh":  `fpath=("$1/` + zsh + `" $fpath); autoload -Uz compinit; compinit -u -D; echo $_comps[latch]; latch __complete ke`,
		"fish": `complete -C "latch ke"`,
	}
	for shell, text := range script {
		options := map[string][]string{"bash": {"--noprofile", "--norc"}, "zsh": {"-f"}}[shell]
		command := exec.Command(oracle.Need(m.t, map[string]string{"bash": "bash", "zsh": "zsh", "fish": "fish"}[shell]), append(options, "-c", text, shell, m.root)...)
		command.Env = []string{
			"PATH=" + filepath.Join(m.root, "usr/bin") + ":/usr/bin:/bin", "HOME=" + home,
			"XDG_DATA_DIRS=" + filepath.Join(m.root, "usr/share"), "TERM=dumb", "LANG=C.UTF-8",
		}
		out, err := command.CombinedOutput()
		if err != nil {
			m.t.Errorf("%s: %v\n%s", shell, err, out)
		}
		says(m.t, shell, string(out), "keys")
		says(m.t, shell, string(out), "keystore")
		if shell == "zsh" {
			says(m.t, shell, string(out), "_latch\n")
		}
	}
}

// newcomer types the quick start that the package brought, as it is written.
func (m machine) newcomer() {
	m.t.Helper()
	page, err := os.ReadFile(filepath.Join(m.root, "usr/share/doc/latch/docs/quickstart.md"))
	if err != nil {
		m.t.Fatal(err)
	}
	var script strings.Builder
	for _, block := range regexp.MustCompile("(?ms)^```console\n(.*?)^```$").FindAllStringSubmatch(string(page), -1) {
		for line := range strings.Lines(block[1]) {
			if command, typed := strings.CutPrefix(line, "$ "); typed && !strings.HasPrefix(command, "go install ") {
				script.WriteString(command)
			}
		}
	}
	if strings.Count(script.String(), "latch issuers rotate next") < 3 {
		m.t.Fatalf("the quick start rotates no key:\n%s", script.String())
	}
	home := m.t.TempDir()
	shell := exec.Command(oracle.Need(m.t, "bash"), "-eu", "-c", script.String())
	shell.Dir = home
	shell.Env = []string{"PATH=" + filepath.Join(m.root, "usr/bin") + ":/usr/bin:/bin", "HOME=" + home, "DBUS_SESSION_BUS_ADDRESS="}
	out, err := shell.CombinedOutput()
	if err != nil {
		m.t.Errorf("the quick start: %v\n%s", err, out)
	}
	says(m.t, "the quick start", string(out), "phase steady (was retire)")
}
