package cmd

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/oracle"
	"github.com/latch-keys/latch/internal/process"
)

// asked are the flags with which a person asks for a seed in the open.
var asked = map[string]bool{"seed": true, "reveal": true, "plain": true}

// marked is the seed that is looked for, whole and damaged, and the runs of it
// that would give it away.
type marked struct {
	texts    []string
	disguise []string // for arguments only
	runs     []string
}

func newMarked(t *testing.T) marked {
	t.Helper()
	seed, err := keys.Generate(keys.Cluster, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	text := string(seed.Reveal())
	other := byte('A')
	if text[30] == other {
		other = 'B'
	}
	encoded := base64.StdEncoding.EncodeToString([]byte(text))
	m := marked{
		texts:    []string{text, text[:57], text[:30] + string(other) + text[31:], strings.ToLower(text), "x7" + text + "y"},
		disguise: []string{"key_" + text, text[:44], text[:25] + " " + text[25:], text[:25] + "\n  " + text[25:], encoded, "k" + text[:50]},
	}
	for i := 8; i+16 <= len(encoded); i += 8 {
		m.runs = append(m.runs, encoded[i:i+16])
	}
	for i := 4; i+12 <= len(text); i += 4 {
		m.runs = append(m.runs, text[i:i+12], strings.ToLower(text[i:i+12]))
	}
	return m
}

func (m marked) in(text []byte) bool {
	for _, run := range m.runs {
		if bytes.Contains(text, []byte(run)) {
			return true
		}
	}
	return false
}

// ofCommand names the command that a child of TestNoCommandLeaksASeed is about.
const ofCommand = "LATCH_TEST_HYGIENE_OF"

// Every command, with the seed in every place a user could put one: nothing
// that is printed, and no file but those that are meant to, holds a run of it.
// Each command is run in a process of its own, hundreds of times: a process has one
// working folder, and cobra keeps the flags of every tree of commands for good.
func TestNoCommandLeaksASeed(t *testing.T) {
	t.Parallel()
	if command := os.Getenv(ofCommand); command != "" {
		leaksNothing(t, command)
		return
	}
	var commands []string
	eachCommand(newRoot(app.New(process.System{})), func(c *cobra.Command) {
		if c.Runnable() && !c.HasSubCommands() {
			commands = append(commands, c.CommandPath())
		}
	})
	var runs atomic.Int64
	t.Run("all", func(t *testing.T) {
		for _, command := range commands {
			t.Run(command, func(t *testing.T) {
				t.Parallel()
				child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestNoCommandLeaksASeed$", fmt.Sprintf("-test.short=%t", testing.Short()))
				child.Env = append(os.Environ(), ofCommand+"="+command)
				out, err := child.CombinedOutput()
				if err != nil {
					t.Errorf("%v\n%s", err, out)
				}
				var n int64
				_, _ = fmt.Sscanf(string(out), "%d runs", &n)
				runs.Add(n)
			})
		}
	})
	oracle.Figure(t, "%d commands, %d runs", len(commands), runs.Load())
	if len(commands) < 15 || runs.Load() < 500 {
		t.Errorf("only %d commands and %d runs", len(commands), runs.Load())
	}
}

// leaksNothing runs one command in every way, and prints in how many.
func leaksNothing(t *testing.T, command string) {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Chdir(here) }) //nolint:usetesting // so that the last folder can be removed
	m := newMarked(t)
	runs := 0
	eachCommand(newRoot(app.New(process.System{})), func(c *cobra.Command) {
		if c.CommandPath() != command {
			return
		}
		forms := []string{"text", "json"}
		if testing.Short() {
			forms = forms[:1]
		}
		for _, args := range argumentsFor(c, m) {
			for _, form := range forms {
				runs++
				leaked(t, m, append(slices.Clone(args), "--output="+form))
			}
		}
	})
	fmt.Printf("%d runs\n", runs)
}

// argumentsFor puts the seed, sound and damaged, into every argument and flag.
func argumentsFor(c *cobra.Command, m marked) [][]string {
	path := strings.Fields(c.CommandPath())[1:]
	with := func(args ...string) []string { return append(append([]string{}, path...), args...) }
	all := [][]string{with(), with("marked"), with("web-1"), with("marked", "other"), with("cluster"), with("-")}
	before := [][]string{nil, {"web-1"}, {"marked"}} // in turn: every flag has each with one text at least
	turn := 0
	texts, disguise := m.texts, m.disguise
	if testing.Short() {
		texts, disguise = texts[:1], nil
	}
	for _, text := range texts {
		all = append(all, with(text), with("web-1", text), with(text, "x"), with("web-1", "--", text), with("--", text), with("--"+text), with("--yes", text))
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if !asked[f.Name] && f.Value.Type() != "bool" {
				all = append(all, with(append(slices.Clone(before[turn%len(before)]), "--"+f.Name+"="+text)...))
				turn++
			}
		})
		for _, global := range []string{"manifest", "keystore", "color"} {
			all = append(all, with("--"+global+"="+text))
		}
	}
	for _, text := range disguise {
		all = append(all, with(text), with("web-1", text), with("--", text), with("--"+text))
		c.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Name == "name" || f.Name == "prefix" || f.Name == "dir" {
				all = append(all, with("--"+f.Name+"="+text), with("cluster", "--"+f.Name+"="+text))
			}
		})
		all = append(all, with("--manifest="+text), with("--keystore="+text))
	}
	return all
}

// leaked runs one command in a fresh place that holds the seed in the keystore,
// in the environment, on stdin, and in a manifest that somebody pasted it into.
func leaked(t *testing.T, m marked, args []string) {
	t.Helper()
	dir := furnish(t, m)
	if err := os.Chdir(dir); err != nil { //nolint:usetesting // t.Chdir would be undone one by one
		t.Fatal(err)
	}
	for _, manifest := range []string{"lattice.yaml", "pasted.yaml"} {
		var stdout, stderr bytes.Buffer
		sys := process.System{
			Args: append([]string{"latch"}, args...),
			Environ: []string{
				"HOME=" + dir, "TMPDIR=" + dir, "LATCH_MANIFEST=" + filepath.Join(dir, manifest), "LATCH_KEYSTORE=dir:" + filepath.Join(dir, "k"),
				"LATCH_SEED_MARKED=" + m.texts[0], "WASMCLOUD_CLUSTER_SEED=" + m.texts[0], "LATCH_QUIET=false", "WASH_KEYS=" + filepath.Join(dir, "k"),
			},
			Stdin:  strings.NewReader(m.texts[2] + "\n" + m.texts[0] + "\n"),
			Stdout: &stdout, Stderr: &stderr,
			Terminal: process.Terminal{Stdout: true}, // else env print writes the seed, as it should
			Now:      time.Now, Random: rand.Reader,
			Dial:    func(context.Context, string, string) (net.Conn, error) { return nil, syscall.ECONNREFUSED },
			Replace: func(string, []string, []string) (int, error) { return 0, nil },
		}
		Main(t.Context(), sys)
		if m.in(stdout.Bytes()) || m.in(stderr.Bytes()) {
			t.Errorf("%s: a run of the seed was printed", shownArguments(m, args))
		}
	}
	if stray := m.files(t, dir); len(stray) > 0 {
		t.Errorf("%s: the seed is in %v", shownArguments(m, args), stray)
	}
}

func shownArguments(m marked, args []string) string {
	line := strings.Join(args, " ")
	for i, text := range append(slices.Clone(m.texts), m.disguise...) {
		line = strings.ReplaceAll(line, text, fmt.Sprintf("SEED%d", i))
	}
	return line
}

// furnish makes the folder in which a command runs.
func furnish(t *testing.T, m marked) string {
	t.Helper()
	dir := keystoretest.Folder(t)
	seed, err := keys.ParseSeed([]byte(m.texts[0]), keys.Cluster)
	if err != nil {
		t.Fatal(err)
	}
	manifest := "version: 1\nlattice: prod\ntarget: otp\nkeystore: dir:k\nissuers:\n  - name: marked\n    public_key: " + seed.PublicKey().String() +
		"\nhosts:\n  - name: web-1\n    signs_with: marked\ngeneration: 1\n"
	if err := os.Mkdir(filepath.Join(dir, "k"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"lattice.yaml": manifest,
		"pasted.yaml":  strings.Replace(manifest, "keystore: dir:k", "keystore: "+m.texts[0], 1),
		"k/marked.nk":  m.texts[0],
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// files are those that hold the seed and should not: only keystores, env files
// and what we pasted it into may.
func (m marked) files(t *testing.T, dir string) []string {
	t.Helper()
	var stray []string
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		meant := filepath.Ext(name) == ".nk" || strings.HasPrefix(name, "env"+string(filepath.Separator)) || name == "pasted.yaml"
		if m.in(text) && !meant || m.in([]byte(name)) {
			stray = append(stray, filepath.Base(filepath.Dir(name))+"/"+filepath.Ext(name))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return stray
}
