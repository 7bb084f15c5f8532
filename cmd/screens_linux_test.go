package cmd_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/oracle"
	"github.com/latch-keys/latch/internal/terminal/terminaltest"
)

// scene is what is typed on a terminal, and the picture of what it then shows.
type scene struct {
	name, title string
	lines       []string
}

// scenes are those of docs/screens.md. What a line types begins with "$ "; the others
// prepare, unseen.
func scenes(t *testing.T) []scene {
	t.Helper()
	page, err := os.ReadFile(cmd.Source("../docs/screens.md"))
	if err != nil {
		t.Fatal(err)
	}
	var all []scene
	for _, found := range regexp.MustCompile(`(?ms)^<!-- screen\n(.*?)\n-->\n!\[([^]]+)\]\(screens/([a-z-]+)\.svg\)$`).FindAllStringSubmatch(string(page), -1) {
		all = append(all, scene{name: found[3], title: found[2], lines: strings.Split(found[1], "\n")})
	}
	if pictures := strings.Count(string(page), "!["); len(all) < 10 || len(all) != pictures {
		t.Fatalf("%d pictures, %d of them with the commands that make them, want at least 10", pictures, len(all))
	}
	return all
}

// TestDocsScreens runs the commands of docs/screens.md on a terminal of 80 columns
// and 24 rows and compares its pictures with what stands there. The same was sent to
// tmux, a terminal that nobody here wrote, and stands there alike.
func TestDocsScreens(t *testing.T) {
	t.Parallel()
	bash := oracle.Need(t, "bash")
	tmux := oracle.Need(t, "tmux")
	for _, s := range scenes(t) {
		t.Run(s.name, func(t *testing.T) {
			t.Parallel()
			sent := s.play(t, bash)
			screen, err := terminaltest.Play(terminaltest.Usual(), sent)
			if err != nil {
				t.Fatal(err)
			}
			if other := terminaltest.InTmux(t, tmux, terminaltest.Usual(), sent); other.String() != screen.String() || !bytes.Equal(other.SVG(""), screen.SVG("")) {
				t.Errorf("tmux shows\n%s\nand not\n%s", other, screen)
			}
			path := cmd.Source("../docs/screens/" + s.name + ".svg")
			drawn := screen.SVG(s.title)
			if kept, err := os.ReadFile(path); err == nil && bytes.Equal(kept, drawn) {
				return
			} else if !updating() {
				t.Errorf("docs/screens/%s.svg is not what the terminal shows: look, and run make docs (%v)\n%s", s.name, err, screen)
			} else if err := os.WriteFile(path, drawn, 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// play types the scene in a home of its own and gives all that the terminal was sent.
func (s scene) play(t *testing.T, bash string) []byte {
	t.Helper()
	home := t.TempDir()
	environ := []string{
		"HOME=" + home, "PATH=" + filepath.Dir(asLatch(t)) + ":" + os.Getenv("PATH"), "LANG=C.UTF-8", "TERM=xterm-256color",
		sameKeys + "=" + s.name, "LATCH_IDENTITY_FILE=id.txt",
	}
	ctx, stop := context.WithTimeout(t.Context(), time.Minute) // should a command ask something
	defer stop()
	shell := func(command string) *exec.Cmd {
		c := exec.CommandContext(ctx, bash, "-euc", command)
		c.Dir, c.Env = home, environ
		return c
	}
	var sent bytes.Buffer
	for _, line := range s.lines {
		command, typed := strings.CutPrefix(line, "$ ")
		if !typed {
			if out, err := shell(line).CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", line, err, keys.Mask(string(out)))
			}
			continue
		}
		shown, code, err := terminaltest.Record(shell(command), terminaltest.Usual())
		if err != nil || code == 127 {
			t.Fatalf("%s: exit code %d, %v\n%s", command, code, err, keys.Mask(string(shown)))
		}
		sent.WriteString("$ " + command + "\r\n")
		sent.Write(shown)
	}
	sent.WriteString("$ ")
	if bytes.Contains(sent.Bytes(), []byte(home)) {
		t.Fatalf("the screen shows where the test ran, which is elsewhere each time:\n%s", keys.Mask(sent.String()))
	}
	return everywhere(sent.Bytes())
}

// everywhere is what is shown on any machine, seeds made unreadable.
func everywhere(sent []byte) []byte {
	text := strings.NewReplacer(runtime.Version(), "go1.26", "linux/"+runtime.GOARCH, "linux/amd64").Replace(string(sent))
	return seeds().ReplaceAllFunc([]byte(text), func(seed []byte) []byte {
		return append(seed[:2:2], strings.Repeat("•", len(seed)-2)...)
	})
}

// Every picture belongs to a scene.
func TestNoScreenIsLeftOver(t *testing.T) {
	t.Parallel()
	known := map[string]bool{}
	for _, s := range scenes(t) {
		known[s.name+".svg"] = true
	}
	paths, err := filepath.Glob(cmd.Source("../docs/screens/*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no pictures (%v)", err)
	}
	for _, path := range paths {
		if !known[filepath.Base(path)] {
			t.Errorf("%s is shown nowhere", filepath.Base(path))
		}
	}
}
