package cmd_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/env/envfile/judge"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/oracle"
)

// runbook runs the shell blocks of a page in a folder.
type runbook struct {
	dir, bash string
	mixes     int // sets of env files that were looked at
}

// docs/rotation.md, word for word: at every deploy, whichever hosts have got
// their new file, every host accepts every other.
func TestRotationByHand(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(cmd.Source("../docs/rotation.md"))
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, found := range regexp.MustCompile("(?ms)^```sh\n(.*?)^```$").FindAllSubmatch(page, -1) {
		blocks = append(blocks, string(found[1]))
	}
	if len(blocks) != 7 {
		t.Fatalf("the page has %d shell blocks, want 7", len(blocks))
	}
	w := &runbook{dir: t.TempDir(), bash: oracle.Need(t, "bash")}
	byHand, inCI := blocks[:6], blocks[6]
	for i, block := range byHand {
		w.run(t, block, i > 0)
	}
	w.steady(t, "prod-cluster.2")
	w.run(t, "latch issuers rotate start", false)
	for range 4 {
		w.run(t, inCI, true)
	}
	w.steady(t, "prod-cluster.3")
	if w.mixes < 6*8 {
		t.Errorf("only %d mixes were looked at", w.mixes)
	}
	oracle.Figure(t, "%d mixes of old and new files: every host accepts every other", w.mixes)
}

// run runs a block line by line, and looks at all mixes before a deploy.
func (w *runbook) run(t *testing.T, block string, deploys bool) {
	t.Helper()
	for line := range strings.Lines(block) {
		if deploys && strings.HasPrefix(line, "cp env/") {
			w.mix(t)
		}
		shell := exec.Command(w.bash, "-euc", line)
		shell.Dir = w.dir
		shell.Env = append(os.Environ(), "HOME="+w.dir)
		if out, err := shell.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", line, err, out)
		}
	}
}

// mix judges every set in which some hosts have their new file.
func (w *runbook) mix(t *testing.T) {
	t.Helper()
	hosts := []string{"web-1", "web-2", "edge-1"}
	for chosen := range 1 << len(hosts) {
		var standings []lattice.Standing
		check := []string{"env", "check"}
		for i, host := range hosts {
			folder := "hosts"
			if chosen&(1<<i) != 0 {
				folder = "env"
			}
			file := filepath.Join(w.dir, folder, host+".env")
			standings = append(standings, standingIn(t, file))
			check = append(check, file)
		}
		w.mixes++
		if out, err := exec.Command("latch", check...).CombinedOutput(); err != nil {
			t.Errorf("mix %03b: latch env check: %v\n%s", chosen, err, out)
		}
		if refused := lattice.NewMatrix(standings).Refusals(); len(refused) > 0 {
			t.Errorf("mix %03b: %v", chosen, refused)
		}
	}
}

// standingIn is what the env file makes of its host.
func standingIn(t *testing.T, path string) lattice.Standing {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	hosts, err := envfile.Parse(path, text, envfile.Options{})
	if err != nil || len(hosts) != 1 {
		t.Fatalf("%s: %d hosts, %v", path, len(hosts), err)
	}
	defer hosts[0].Wipe()
	return judge.Standing(hosts[0])
}

// steady checks that the rotation has ended with the key, and nothing but it.
func (w *runbook) steady(t *testing.T, issuer string) {
	t.Helper()
	doc, err := lattice.Load(filepath.Join(w.dir, "lattice.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	m := doc.Manifest()
	if m.Rotation != nil || len(m.Issuers) != 1 || m.Issuers[0].Name != issuer {
		t.Fatalf("got %+v, want a steady lattice with %s", m, issuer)
	}
}

// Every test that the page names is there.
func TestTheRotationPageNamesTests(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile(cmd.Source("../docs/rotation.md"))
	if err != nil {
		t.Fatal(err)
	}
	var code strings.Builder
	err = filepath.WalkDir(cmd.Source(".."), func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, "_test.go") {
			text, err := os.ReadFile(path)
			code.Write(text)
			return err
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	named := regexp.MustCompile("`(Test[A-Za-z]+|[a-z_]+\\.txtar)`").FindAllSubmatch(page, -1)
	if len(named) < 20 {
		t.Fatalf("the page names %d tests", len(named))
	}
	for _, n := range named {
		name := string(n[1])
		if strings.HasSuffix(name, ".txtar") {
			if !exists(cmd.Source("testdata/script/" + name)) {
				t.Errorf("there is no script %s", name)
			}
		} else if !strings.Contains(code.String(), "func "+name+"(t *testing.T)") {
			t.Errorf("there is no test %s", name)
		}
	}
}
