package env

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	composeenv "github.com/compose-spec/compose-go/v2/dotenv"
	"github.com/docker/cli/pkg/kvfile"
	"github.com/subosito/gotenv"
	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/oracle"
)

func readByDocker(t *testing.T, paths []string) []map[string]string {
	return eachFile(func(t *testing.T, path string) map[string]string {
		lines, err := kvfile.Parse(path, os.LookupEnv)
		if err != nil {
			t.Log(err)
			return nil
		}
		return nulSeparated(strings.Join(lines, "\x00"))
	})(t, paths)
}

func readByCompose(t *testing.T, paths []string) []map[string]string {
	return eachFile(func(t *testing.T, path string) map[string]string {
		found, err := composeenv.Read(path)
		if err != nil {
			t.Log(err)
			return nil
		}
		return found
	})(t, paths)
}

// inGo makes a program of a reader.
func inGo(read reader) program {
	return func(t *testing.T, paths []string) []map[string]string {
		return eachFile(func(t *testing.T, path string) map[string]string {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if len(text) == 0 {
				return map[string]string{}
			}
			found, err := read(text)
			if err != nil {
				t.Log(err)
				return nil
			}
			return found
		})(t, paths)
	}
}

// readByGotenv is the parser of viper, which many Go programs use.
func readByGotenv(t *testing.T, paths []string) []map[string]string {
	return inGo(func(text []byte) (map[string]string, error) {
		return gotenv.StrictParse(bytes.NewReader(text))
	})(t, paths)
}

// readByKubectl is kubectl create --from-env-file. Source: k8s.io/kubectl
// pkg/cmd/util/env_file.go, processEnvFileLine.
func readByKubectl(t *testing.T, paths []string) []map[string]string {
	return inGo(func(text []byte) (map[string]string, error) {
		found := map[string]string{}
		for line := range strings.Lines(string(text)) {
			line = strings.TrimLeftFunc(strings.TrimSuffix(strings.TrimSuffix(line, "\n"), "\r"), unicode.IsSpace)
			if line == "" || line[0] == '#' {
				continue
			}
			name, value, _ := strings.Cut(line, "=")
			if faults := validation.IsEnvVarName(name); len(faults) > 0 {
				return nil, fmt.Errorf("%q is not a valid key name: %v", name, faults)
			}
			found[name] = value
		}
		return found, nil
	})(t, paths)
}

// inJSON makes a program of one that prints, for the files it is given, an array
// of objects.
func inJSON(path string, args ...string) program {
	return func(t *testing.T, files []string) []map[string]string {
		cmd := exec.Command(path, append(args, files...)...)
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		var found []map[string]string
		if err := json.Unmarshal(out, &found); err != nil {
			t.Fatal(err)
		}
		return found
	}
}

// parsedByNode has node parse the files by an expression that gives a function.
func parsedByNode(parse string) program {
	return func(t *testing.T, paths []string) []map[string]string {
		script := `const fs = require("fs"), util = require("util");
			console.log(JSON.stringify(process.argv.slice(1).map(path => (` + parse + `)(fs.readFileSync(path, "utf8")))))`
		return inJSON(oracle.Need(t, "node"), "-e", script, "--")(t, paths)
	}
}

// debian is where Debian's packages put their programs: a library of Debian's is
// no library of another build of the same program.
const debian = "/usr/bin"

func parsedByPython(t *testing.T, paths []string) []map[string]string {
	python := filepath.Join(debian, "python3")
	const script = `import dotenv, json, sys; print(json.dumps([dotenv.dotenv_values(path) for path in sys.argv[1:]]))`
	if err := exec.Command(python, "-c", "import dotenv").Run(); err != nil {
		oracle.Missing(t, "python3-dotenv")
	}
	return inJSON(python, "-c", script)(t, paths)
}

func parsedByRuby(t *testing.T, paths []string) []map[string]string {
	ruby := filepath.Join(debian, "ruby")
	const script = `require "dotenv"; require "json"; puts JSON.generate(ARGV.map { |path| Dotenv::Parser.call(File.read(path)) rescue nil })`
	if err := exec.Command(ruby, "-e", `require "dotenv"`).Run(); err != nil {
		oracle.Missing(t, "ruby-dotenv")
	}
	return inJSON(ruby, "-e", script)(t, paths)
}

// TestLineLimit: the longest line we write is the longest docker reads.
func TestLineLimit(t *testing.T) {
	t.Parallel()
	for length, fits := range map[int]bool{longestLine: true, longestLine + 1: false} {
		value := strings.Repeat("x", length-len("X="))
		file := []byte("X=" + value + "\nY=1\n")
		got, err := readAsDocker(file)
		if read := err == nil && got["X"] == value && got["Y"] == "1"; read != fits {
			t.Errorf("docker reads a line of %d bytes: %t: %v", length, read, err)
		}
		for _, d := range []Dialect{dialect("dotenv"), dialect("docker")} {
			if _, err := d.Render(plainly(t, "X", value), Revealed); (err == nil) != fits {
				t.Errorf("%s, a line of %d bytes: %v", d.Name(), length, err)
			}
		}
	}
	long := Environment{Lattice: "x", Host: "x", Target: parseTarget(t, "otp"), PublicKey: parseSeed(t, docsSeed).PublicKey()}
	long.Assignments = []Assignment{{Name: strings.Repeat("X", longestLine), seed: parseSeed(t, docsSeed)}}
	if _, err := dialect("dotenv").Render(long, Revealed); !fault.Is(err, fault.Refused) || holdsSecret(err.Error()) {
		t.Error("a secret on too long a line was not refused, or repeated")
	}
}
