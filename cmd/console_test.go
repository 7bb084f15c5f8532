package cmd_test

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/oracle"
)

// transcript is a page whose console blocks are run.
type transcript struct {
	text   string
	blocks []block // in their order
}

// block is one block of commands with what each prints.
type block struct {
	from, to int // in the text of the page, without the fences
	console  bool
	steps    []step
}

// step is a command and what it prints.
type step struct{ command, output string }

// consolePages are those with commands: blocks of console show what is printed as
// well, blocks of sh only what is typed. A page that has a test of its own is left
// out.
func consolePages(t *testing.T) []string {
	t.Helper()
	elsewhere := []string{"rotation.md"}
	found, err := filepath.Glob(cmd.Source("../docs/*.md"))
	if err != nil {
		t.Fatal(err)
	}
	var pages []string
	for _, page := range append(found, cmd.Source("../README.md")) {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		if slices.Contains(elsewhere, filepath.Base(page)) || !fences().Match(text) {
			continue
		}
		pages = append(pages, page)
	}
	if len(pages) < 3 {
		t.Fatalf("only %d pages have commands", len(pages))
	}
	return pages
}

// fences finds blocks to run: what is typed and printed, what is typed only, and
// what a page needs but does not show, in a comment of HTML.
func fences() *regexp.Regexp {
	return regexp.MustCompile("(?ms)^(?:```(console|sh)\\n(.*?)^```|<!-- run\\n(.*?)^-->)$")
}

// TestDocsConsole runs the commands of the pages as they stand, each page in a
// home of its own without a desktop, and compares what is printed. Keys are
// compared by their order, as each run makes its own.
func TestDocsConsole(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the pages are for a POSIX shell")
	}
	bash := oracle.Need(t, "bash")
	for _, program := range []string{"age-keygen", "jq", "ssh-keygen"} {
		oracle.Need(t, program)
	}
	for _, page := range consolePages(t) {
		t.Run(filepath.Base(page), func(t *testing.T) {
			t.Parallel()
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			p := readTranscript(t, string(text))
			home := t.TempDir()
			p.run(t, bash, home)
			comparePictures(t, filepath.Join(home, "pictures"))
			if got := p.String(); got == string(text) {
				return
			} else if !updating() {
				t.Errorf("%s does not show what is printed: run make docs", filepath.Base(page))
			} else if err := os.WriteFile(page, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// comparePictures holds the pictures that a page has drawn against those in
// docs/pictures, or takes them there.
func comparePictures(t *testing.T, drawn string) {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(drawn, "*.svg"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		shown := cmd.Source("../docs/pictures/" + filepath.Base(path))
		if got, err := os.ReadFile(shown); err == nil && unkeyed(got) == unkeyed(want) {
			continue
		} else if !updating() {
			t.Errorf("docs/pictures/%s is not what latch draws: run make docs (%v)", filepath.Base(path), err)
		} else if err := os.WriteFile(shown, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// unkeyed is a picture without the beginnings of keys, which each run makes anew.
func unkeyed(picture []byte) string {
	return regexp.MustCompile(`\bC[A-Z2-7]{9}…`).ReplaceAllString(string(picture), "C…")
}

// updating tells whether the pages are to be written.
func updating() bool { return flag.Lookup("update").Value.String() == "true" }

func readTranscript(t *testing.T, text string) transcript {
	t.Helper()
	p := transcript{text: text}
	for _, at := range fences().FindAllStringSubmatchIndex(text, -1) {
		b := block{from: at[4], to: at[5]}
		if at[2] < 0 {
			b.from, b.to = at[6], at[7]
		} else {
			b.console = text[at[2]:at[3]] == "console"
		}
		body := text[b.from:b.to]
		if !b.console {
			b.steps = []step{{command: body}}
			p.blocks = append(p.blocks, b)
			continue
		}
		for line := range strings.Lines(body) {
			last := len(b.steps) - 1
			switch command, isCommand := strings.CutPrefix(line, "$ "); {
			case isCommand:
				b.steps = append(b.steps, step{command: command})
			case last < 0:
				t.Fatalf("a console block begins without a command: %s", line)
			case b.steps[last].output == "" && strings.HasSuffix(b.steps[last].command, "\\\n"):
				b.steps[last].command += line
			default:
				b.steps[last].output += line
			}
		}
		p.blocks = append(p.blocks, b)
	}
	return p
}

// String is the page.
func (p transcript) String() string {
	var text strings.Builder
	end := 0
	for _, b := range p.blocks {
		text.WriteString(p.text[end:b.from])
		for _, s := range b.steps {
			if b.console {
				text.WriteString("$ ")
			}
			text.WriteString(s.command + s.output)
		}
		end = b.to
	}
	return text.String() + p.text[end:]
}

// run types the commands into one shell and takes over what differs.
func (p transcript) run(t *testing.T, bash, home string) {
	t.Helper()
	got := typed(t, bash, home, p.script())
	said, ran := &numbering{}, &numbering{}
	n, differs := 0, false
	for _, b := range p.blocks {
		for i := range b.steps {
			s := &b.steps[i]
			if n >= len(got) {
				t.Fatalf("the shell ended before: %s", s.command)
			}
			now := got[n]
			if n++; !b.console {
				now.output = ""
			}
			status := i+1 < len(b.steps) && b.steps[i+1].command == "echo $?\n"
			if now.code != 0 && !status {
				t.Fatalf("exit code %d, which the page does not show: %s%s", now.code, s.command, now.output)
			}
			output := loopback().ReplaceAllString(strings.ReplaceAll(now.output, home, "/home/ada"), "${1}4222")
			if was, is := said.of(s.output), ran.of(output); was != is {
				t.Logf("$ %s--- the page\n%s--- printed\n%s", s.command, s.output, output)
				differs = true
			}
			got[n-1].output = seeds().ReplaceAllString(output, "SC…")
		}
	}
	if differs { // keys differ in each run: all of one run, or nothing
		p.show(got)
	}
}

// show takes over what was printed.
func (p transcript) show(got []printed) {
	for _, b := range p.blocks {
		for i := range b.steps {
			b.steps[i].output, got = got[0].output, got[1:]
		}
	}
}

// mark ends what a command prints.
const mark = "\x00end "

// script types the commands, and a mark with the exit code after each.
func (p transcript) script() string {
	// Pages begin with the installation, which is done.
	install := regexp.MustCompile(`(?m)^(go install |git clone |cd latch$|make ).*\n`)
	var script strings.Builder
	for _, b := range p.blocks {
		for _, s := range b.steps {
			command := install.ReplaceAllString(s.command, ":\n")
			if !b.console { // several commands, none of which may fail
				command = "failed=0; trap 'failed=$?' ERR\n" + command + "trap - ERR; (exit $failed)\n"
			}
			fmt.Fprintf(&script, "%scode=$?; printf '\\0end %%d\\n' $code; (exit $code)\n", command)
		}
	}
	return script.String()
}

type printed struct {
	output string
	code   int
}

// typed runs a script in a home of its own and gives what each command printed.
func typed(t *testing.T, bash, home, script string) []printed {
	t.Helper()
	path := filepath.Join(t.TempDir(), "page.sh")
	if err := os.WriteFile(path, []byte("exec 2>&1\n"+script), 0o600); err != nil {
		t.Fatal(err)
	}
	shell := exec.Command(bash, path)
	shell.Dir = home
	shell.Env = []string{"HOME=" + home, "PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "TMPDIR=" + t.TempDir()}
	out, err := shell.Output() // whose error is that of the last command
	if err != nil && len(out) == 0 {
		t.Fatal(err)
	}
	var all []printed
	rest := string(out)
	for {
		output, after, found := strings.Cut(rest, mark)
		if !found {
			return all
		}
		digits, next, _ := strings.Cut(after, "\n")
		code, err := strconv.Atoi(digits)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, printed{output, code})
		rest = next
	}
}

// loopback finds the port of a server that a page has started: it differs in each run.
func loopback() *regexp.Regexp { return regexp.MustCompile(`(nats://127\.0\.0\.1:)\d+`) }

func seeds() *regexp.Regexp { return regexp.MustCompile(`S[ACNOUX][A-Z2-7]{56}`) }

// numbering puts numbers in the place of keys, in the order of the page.
type numbering struct{ known []string }

func (n *numbering) of(text string) string {
	text = regexp.MustCompile(`SC…`).ReplaceAllString(seeds().ReplaceAllString(text, "SC…"), "<seed>")
	return regexp.MustCompile(`\b([ACNOUX][A-Z2-7]{55}|C[A-Z2-7]{9}…|c[a-z2-7]{55}|age1[0-9a-z]{58}|AAAA[A-Za-z0-9+/=]{60,})`).ReplaceAllStringFunc(text, func(key string) string {
		i := slices.Index(n.known, key)
		if i < 0 {
			n.known = append(n.known, key)
			i = len(n.known) - 1
		}
		return fmt.Sprintf("<key %d>", i+1)
	})
}
