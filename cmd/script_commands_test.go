package cmd_test

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/rogpeppe/go-internal/testscript"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/agefile/agetest"
	"github.com/latch-keys/latch/internal/keystore/vault/vaulttest"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// scriptCommands are what scripts can say beyond testscript's own words.
func scriptCommands() map[string]func(*testscript.TestScript, bool, []string) {
	servers := &scriptServers{}
	return map[string]func(*testscript.TestScript, bool, []string){
		"exits":    exits,
		"json":     jsonHas,
		"noseed":   noSeed,
		"mode":     mode,
		"setseed":  setSeed,
		"sameseed": sameSeed,
		"follow":   follow,
		"nats":     servers.run,
		"vault":    runVault,
		"token":    newToken,
		"url":      url,
	}
}

// scriptServers are the NATS servers that run for scripts.
type scriptServers struct {
	of sync.Map // by script: what stops the one that it started last
}

// nats [CONFIG] runs a real NATS server until the script ends, and puts its URL into
// NATS; ! nats stops the one that was started last.
func (s *scriptServers) run(ts *testscript.TestScript, neg bool, args []string) {
	options := &server.Options{}
	if len(args) > 1 || neg && len(args) > 0 {
		ts.Fatalf("usage: [!] nats [CONFIG]")
	}
	if neg {
		stop, runs := s.of.LoadAndDelete(ts)
		if !runs {
			ts.Fatalf("no NATS server runs")
		}
		stop.(func())()
		return
	}
	var err error
	if len(args) == 1 {
		options, err = server.ProcessConfigFile(ts.MkAbs(args[0]))
		ts.Check(err)
	}
	running, err := natstest.Run(options)
	ts.Check(err)
	stop := sync.OnceFunc(running.Stop)
	s.of.Store(ts, stop)
	ts.Defer(stop)
	ts.Setenv("NATS", running.URL())
}

// vault runs a stand-in for a Vault server until the script ends, and sets the variables
// that lead to it.
func runVault(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: vault")
	}
	running := vaulttest.Run()
	ts.Defer(running.Close)
	for _, pair := range running.Environ() {
		name, value, _ := strings.Cut(pair, "=")
		ts.Setenv(name, value)
	}
}

// token FILE VAR writes an identity that a plugin holds, and puts its recipient into a
// variable.
func newToken(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: token FILE VAR")
	}
	identity, recipient, err := agetest.New(agetest.Opens)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(identity+"\n"), 0o600))
	ts.Setenv(args[1], recipient)
}

// exits CODE CMD ARG... runs a program and checks its exit code.
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE CMD [ARG...]")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var failed *exec.ExitError
	if err != nil {
		if asExit(err, &failed) {
			got = failed.ExitCode()
		} else {
			ts.Fatalf("cannot run %s: %v", args[1], err)
		}
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

func asExit(err error, into **exec.ExitError) bool {
	e, ok := err.(*exec.ExitError) //nolint:errorlint // testscript gives it bare
	*into = e
	return ok
}

// json STREAM PATH WANT checks one value of the document on stdout or stderr;
// PATH is like keys.0.name, WANT a regular expression for the whole value.
func jsonHas(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: json stdout|stderr PATH WANT")
	}
	var doc any
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &doc); err != nil {
		ts.Fatalf("%s is not one JSON document: %v", args[0], err)
	}
	value, found := walk(doc, strings.Split(args[1], "."))
	matches := found && regexp.MustCompile("^(?:"+args[2]+")$").MatchString(fmt.Sprint(value))
	if matches == neg {
		ts.Fatalf("%s is %v (found: %v), want %s", args[1], value, found, args[2])
	}
}

func walk(doc any, path []string) (any, bool) {
	for _, step := range path {
		switch v := doc.(type) {
		case map[string]any:
			next, ok := v[step]
			if !ok {
				return nil, false
			}
			doc = next
		case []any:
			i, err := strconv.Atoi(step)
			if step == "length" {
				return len(v), true
			}
			if err != nil || i >= len(v) {
				return nil, false
			}
			doc = v[i]
		default:
			return nil, false
		}
	}
	return doc, true
}

// noseed FILE... fails if a file, or stdout or stderr, holds what may be a seed.
func noSeed(ts *testscript.TestScript, neg bool, args []string) {
	for _, name := range args {
		if keys.MayHoldSeed(ts.ReadFile(name)) != neg {
			ts.Fatalf("%s: seed there: %v", name, !neg)
		}
	}
}

// mode MODE FILE... checks permissions, in octal.
func mode(ts *testscript.TestScript, _ bool, args []string) {
	for _, name := range args[1:] {
		info, err := os.Stat(ts.MkAbs(name))
		ts.Check(err)
		if got := fmt.Sprintf("%04o", info.Mode().Perm()); got != args[0] {
			ts.Fatalf("%s has mode %s, want %s", name, got, args[0])
		}
	}
}

// setseed VAR FILE puts the content of a file, trimmed, into a variable.
func setSeed(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile(args[1])))
}

// sameseed A B compares two files without printing either.
func sameSeed(ts *testscript.TestScript, neg bool, args []string) {
	if (ts.ReadFile(args[0]) == ts.ReadFile(args[1])) == neg {
		ts.Fatalf("%s and %s: same is %v", args[0], args[1], !neg)
	}
}

// url VAR puts the address of the simulated lattice into a variable.
func url(ts *testscript.TestScript, _ bool, args []string) {
	ts.Setenv(args[0], strings.TrimSpace(ts.ReadFile("nats.url")))
}

// follow STREAM CMD ARG... does what latch told a person to do: every command that
// it named is pasted into a shell, and CMD plays the hosts that get their files. A
// command that judges may say no; any other has to work.
func follow(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: follow stdout|stderr CMD [ARG...]")
	}
	labels := regexp.MustCompile(`^(?:  |next: |hint: |Now: |Then: )`)
	done := 0
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		act := strings.TrimSuffix(labels.ReplaceAllString(line, ""), "\n")
		switch {
		case act == strings.TrimSuffix(line, "\n"):
		case strings.HasPrefix(act, "latch env check "):
			_ = ts.Exec("sh", "-c", act)
		case strings.HasPrefix(act, "latch "):
			done++
			ts.Check(ts.Exec("sh", "-c", act))
		case strings.HasPrefix(act, "copy the env file to the host"):
			ts.Check(ts.Exec(args[1], args[2:]...))
		}
	}
	if done == 0 {
		ts.Fatalf("%s names no command", args[0])
	}
}
