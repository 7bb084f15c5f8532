package env

import (
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/docker/cli/pkg/kvfile"

	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/oracle"
)

// A program reads env files, each in a run of its own, and gives the
// environments that result.
type program func(t *testing.T, paths []string) []map[string]string

// agree has the program read files that Write made, and an empty one, whose
// variables are the program's own and do not count.
func agree(t *testing.T, read program) {
	t.Helper()
	envs := corpus(t)
	dir := filepath.Join(t.TempDir(), "env")
	report, err := Write(t.Context(), dir, dotenv{}, envs)
	if err != nil || len(report) == 0 {
		t.Fatalf("no files to read: %v", err)
	}
	empty := filepath.Join(dir, "empty.env")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	paths := []string{empty}
	for _, o := range report {
		paths = append(paths, o.Path)
	}
	found := read(t, paths)
	if len(found) != len(paths) {
		t.Fatalf("%d of %d files were read", len(found), len(paths))
	}
	own := found[0]
	for i, e := range envs {
		got := found[i+1]
		maps.DeleteFunc(got, func(name, _ string) bool { _, ignored := own[name]; return ignored })
		compare(t, t.Name(), e, got, nil)
	}
	t.Logf("%d files read back to the same values", len(envs))
}

// corpus is every target, some drawn manifests, and one environment that has
// every character the dialect carries at each place of a value.
func corpus(t *testing.T) []Environment {
	t.Helper()
	all := []Environment{everyCharacter(t)}
	for _, target := range lattice.Targets() {
		all = append(all, web1(t, target.String()), web2(t, target.String()))
	}
	for seed := range 6 {
		all = append(all, anyEnvironments().Example(seed)...)
	}
	for i := range all {
		all[i].Host = "h" + strconv.Itoa(i) // each a file of its own
	}
	return all
}

func everyCharacter(t *testing.T) Environment {
	t.Helper()
	e := plainly(t, "V", "x")
	for c := range rune(128) {
		if s := string(c); isPlain(c) {
			for i, value := range []string{s, s + s, s + "x", "x" + s, "x" + s + "x", s + "=" + s} {
				e.Assignments = append(e.Assignments, Assignment{Name: "V_" + strconv.Itoa(int(c)) + "_" + strconv.Itoa(i), plain: value})
			}
		}
	}
	if len(e.Assignments) < 6*62 {
		t.Fatalf("only %d characters", len(e.Assignments)/6)
	}
	return e
}

func TestDockerReadsIt(t *testing.T) {
	t.Parallel()
	agree(t, func(t *testing.T, paths []string) []map[string]string {
		var found []map[string]string
		for _, path := range paths {
			lines, err := kvfile.Parse(path, os.LookupEnv)
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, nulSeparated(strings.Join(lines, "\x00")))
		}
		return found
	})
}

// TestDotenvLineLimit: the longest line we write is the longest docker reads.
func TestDotenvLineLimit(t *testing.T) {
	t.Parallel()
	for length, fits := range map[int]bool{maxLine: true, maxLine + 1: false} {
		value := strings.Repeat("x", length-len("X="))
		file := []byte("X=" + value + "\nY=1\n")
		got, err := readAsDocker(file)
		if read := err == nil && got["X"] == value && got["Y"] == "1"; read != fits {
			t.Errorf("docker reads a line of %d bytes: %t: %v", length, read, err)
		}
		if _, err := (dotenv{}).Render(plainly(t, "X", value), Revealed); (err == nil) != fits {
			t.Errorf("a line of %d bytes: %v", length, err)
		}
	}
	long := Environment{Lattice: "x", Host: "x", Target: parseTarget(t, "otp"), PublicKey: parseSeed(t, docsSeed).PublicKey()}
	long.Assignments = []Assignment{{Name: strings.Repeat("X", maxLine), seed: parseSeed(t, docsSeed)}}
	if _, err := (dotenv{}).Render(long, Revealed); !errors.Is(err, ErrUnfit) || holdsSecret(err.Error()) {
		t.Error("a secret on too long a line was not refused, or repeated")
	}
}

func TestShellsReadIt(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "dash", "sh"} {
		t.Run(shell, func(t *testing.T) {
			t.Parallel()
			agree(t, sourced(oracle.Need(t, shell)))
		})
	}
}

// sourced is what a shell exports after reading a file.
func sourced(shell string) program {
	return func(t *testing.T, paths []string) []map[string]string {
		var found []map[string]string
		for _, path := range paths {
			cmd := exec.Command(shell, "-euc", `set -a; . "$1"; exec env -0`, shell, path)
			cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
			out, err := cmd.Output()
			if err != nil {
				t.Fatalf("%s %s: %v", shell, path, err)
			}
			found = append(found, nulSeparated(string(out)))
		}
		return found
	}
}

// TestShellsRefuseTheMask: a masked file that is sourced sets no seed.
func TestShellsRefuseTheMask(t *testing.T) {
	t.Parallel()
	masked, err := dotenv{}.Render(web1(t, "otp"), Masked)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "masked.env")
	if err := os.WriteFile(path, masked, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, shell := range []string{"bash", "dash"} {
		cmd := exec.Command(oracle.Need(t, shell), "-c", `set -a; . "$1"; exec env -0`, shell, path)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH")}
		out, err := cmd.Output()
		seed, set := nulSeparated(string(out))["WASMCLOUD_CLUSTER_SEED"]
		if err != nil || set {
			t.Errorf("%s took the mask for a value, %q: %v", shell, seed, err)
		}
	}
}

func TestNodeReadsIt(t *testing.T) {
	t.Parallel()
	node := oracle.Need(t, "node")
	agree(t, func(t *testing.T, paths []string) []map[string]string {
		const script = `const {readFileSync: read} = require("fs"), {parseEnv} = require("util");
			console.log(JSON.stringify(process.argv.slice(1).map(path => parseEnv(read(path, "utf8")))))`
		out, err := exec.Command(node, append([]string{"-e", script, "--"}, paths...)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		var found []map[string]string
		if err := json.Unmarshal(out, &found); err != nil {
			t.Fatal(err)
		}
		return found
	})
}
