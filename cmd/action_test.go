package cmd_test

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/oracle"
)

// Every input is explained and used, reaches a script as a variable only, and every
// output comes from a step.
func TestActionIsWhole(t *testing.T) {
	t.Parallel()
	a := readAction(t)
	used, ids := map[string]bool{}, map[string]bool{}
	for _, step := range a.Runs.Steps {
		ids[step.ID] = step.ID != ""
		if step.Name == "" || step.Shell != "bash" {
			t.Errorf("step %q runs in %q", step.Name, step.Shell)
		}
		if strings.Contains(step.Run, "${{") {
			t.Errorf("%s: the script is made of other text", step.Name)
		}
		for name, text := range step.Env {
			m := value().FindStringSubmatch(text)
			if m == nil || m[0] != text || m[1] != "inputs" {
				t.Errorf("%s: %s is %s", step.Name, name, text)
				continue
			}
			used[m[2]] = true
			if _, known := a.Inputs[m[2]]; !known {
				t.Errorf("%s: there is no input %s", step.Name, m[2])
			}
			if !strings.Contains(step.Run, "$"+name) && !strings.Contains(step.Run, "${"+name) && !strings.HasPrefix(name, "LATCH_") {
				t.Errorf("%s: nothing reads %s", step.Name, name)
			}
		}
	}
	for name, input := range a.Inputs {
		if input.Description == "" || !used[name] {
			t.Errorf("input %s: explained %q, used %v", name, input.Description, used[name])
		}
	}
	for name, output := range a.Outputs {
		m := value().FindStringSubmatch(output.Value)
		if m == nil || m[1] != "steps" || !ids[strings.Split(m[2], ".")[0]] || output.Description == "" {
			t.Errorf("output %s is %s", name, output.Value)
		}
	}
}

// runner is a machine of GitHub's with a lattice in its checkout.
type runner struct {
	t            *testing.T
	dir, bash    string
	action       action
	output, path string // what steps write for those that follow
	variables    map[string]string
}

func newRunner(t *testing.T) *runner {
	t.Helper()
	r := &runner{t: t, dir: t.TempDir(), bash: oracle.Need(t, "bash"), action: readAction(t)}
	for _, name := range []string{"home", "temp", "checkout"} {
		if err := os.Mkdir(filepath.Join(r.dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	r.output, r.path = filepath.Join(r.dir, "output"), filepath.Join(r.dir, "path")
	r.variables = map[string]string{
		"PATH": os.Getenv("PATH"), "HOME": filepath.Join(r.dir, "home"), "DBUS_SESSION_BUS_ADDRESS": "",
		"RUNNER_TEMP": filepath.Join(r.dir, "temp"), "RUNNER_OS": "Linux", "RUNNER_ARCH": "X64",
		"GITHUB_OUTPUT": r.output, "GITHUB_PATH": r.path, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1",
	}
	return r
}

// uses runs the action and gives its exit code with what it printed.
func (r *runner) uses(with map[string]string) (int, string) {
	r.t.Helper()
	var printed strings.Builder
	for _, path := range []string{r.output, r.path} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			r.t.Fatal(err)
		}
	}
	for _, step := range r.action.steps(r.t, r.variables, with) {
		code, out := r.shell(step)
		printed.WriteString(out)
		if code != 0 {
			return code, printed.String()
		}
	}
	return 0, printed.String()
}

func (r *runner) shell(step ciJob) (int, string) {
	r.t.Helper()
	c := exec.Command(r.bash, "--noprofile", "--norc", "-eo", "pipefail", "-c", step.script)
	c.Dir = filepath.Join(r.dir, "checkout")
	for name, value := range step.variables {
		c.Env = append(c.Env, name+"="+value)
	}
	out, err := c.CombinedOutput()
	if err != nil && c.ProcessState == nil {
		r.t.Fatal(err)
	}
	if keys.MayHoldSeed(string(out)) {
		r.t.Errorf("a step prints a seed: %s", step.script)
	}
	return c.ProcessState.ExitCode(), string(out)
}

func (r *runner) lattice() {
	r.t.Helper()
	r.variables["LATCH_KEYSTORE"] = "dir:../keys"
	if code, out := r.shell(ciJob{r.variables, "latch lattice init --prefix prod --host web-1 --host web-2"}); code != 0 {
		r.t.Fatal(out)
	}
}

// outputs are what the steps have put out.
func (r *runner) outputs() string {
	r.t.Helper()
	text, err := os.ReadFile(r.output)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(text)
}

// What each input makes of the action; a whole rotation goes by it in TestRecipesInCI.
func TestActionInputs(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	r.lattice()
	written := filepath.Join(r.dir, "temp", "env")
	for _, step := range []struct {
		with          map[string]string
		code          int
		prints, gives string
	}{
		{nil, 0, "", ""},
		{map[string]string{"manifest": "none.yaml"}, 4, "none.yaml", ""},
		{map[string]string{"check": "false", "manifest": "none.yaml"}, 0, "", ""},
		{map[string]string{"write": written}, 0, "web-1.env written", ""},
		{map[string]string{"write": written, "keystore": "dir:../other"}, 4, "no key folder ../other", ""},
		{map[string]string{"rotate": "attest"}, 0, "", "advanced=false\n"},
		{map[string]string{"rotate": "now"}, 2, "rotate is attest or live", ""},
	} {
		code, out := r.uses(step.with)
		if code != step.code || !strings.Contains(out, step.prints) || r.outputs() != step.gives {
			t.Errorf("%v: exit code %d, outputs %q\n%s", step.with, code, r.outputs(), out)
		}
	}
	// Somebody has written beside the generation, as people do.
	if code, out := r.shell(ciJob{r.variables, "latch issuers rotate start && sed -i.old 's/^generation: .*/&  # grows/' lattice.yaml && grep -q grows lattice.yaml"}); code != 0 {
		t.Fatal(out)
	}
	if code, out := r.uses(map[string]string{"rotate": "attest", "check": "false"}); code != 0 || r.outputs() != "advanced=true\n" {
		t.Errorf("exit code %d, outputs %q\n%s", code, r.outputs(), out)
	}
	sarif, err := os.ReadFile(filepath.Join(r.dir, "temp", "lattice.sarif"))
	if err != nil || !bytes.Contains(sarif, []byte(`"2.1.0"`)) {
		t.Errorf("there are no findings to upload (%v): %s", err, sarif)
	}
}

// No text of an input is run, whatever it is, nor becomes an output: each step is
// started, also after one that refuses.
func TestActionRunsNoInput(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"$(touch TRAP)", "`touch TRAP`", `"; touch TRAP; "`, "'; touch TRAP; '", "x\ntouch TRAP", "a\nadvanced=true", "--help", "-",
		"&& touch TRAP", "a[$(touch TRAP)]", "v1.0.0\n$(touch TRAP)",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			r := newRunner(t)
			r.lattice()
			trap := filepath.Join(r.dir, "trap")
			hostile := map[string]string{}
			for input := range r.action.Inputs {
				hostile[input] = strings.ReplaceAll(text, "TRAP", trap)
			}
			started := 0
			for _, with := range []map[string]string{hostile, {"manifest": hostile["manifest"], "rotate": "attest"}, {"write": hostile["write"]}} {
				for _, step := range r.action.steps(t, r.variables, with) {
					started++
					r.shell(step)
				}
			}
			outputs, err := os.ReadFile(r.output)
			if err == nil && strings.Contains(string(outputs), "advanced=true") {
				t.Errorf("it became an output: %q", outputs)
			}
			if _, err := os.Stat(trap); err == nil || started < 15 {
				t.Errorf("it was run (%v), in %d steps", err, started)
			}
		})
	}
}

// curl stands in for curl: it takes a release from a folder, and notes what is asked.
const curl = `#!/bin/bash
set -eu
while [ $# -gt 1 ]; do
	case $1 in --output) to=$2; shift ;; esac
	shift
done
echo "$1" >>"$RELEASES/asked"
cp "$RELEASES/${1##*/}" "$to"
`

// The archive for the runner is fetched from a fixed place, and used only if it is the
// one that the release, and the input, tell of.
func TestActionInstalls(t *testing.T) {
	t.Parallel()
	r := newRunner(t)
	bin, releases := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "curl"), []byte(curl), 0o700); err != nil {
		t.Fatal(err)
	}
	r.variables["PATH"], r.variables["RELEASES"] = bin+":"+r.variables["PATH"], releases
	sum := fakeRelease(t, releases, "latch_1.2.3_linux_amd64")
	install := func(version, pin, system string) (int, string, string) {
		t.Helper()
		r.variables["RUNNER_OS"] = system
		_ = os.RemoveAll(filepath.Join(releases, "asked"))
		code, out := r.uses(map[string]string{"version": version, "sha256": pin, "check": "false"})
		asked, _ := os.ReadFile(filepath.Join(releases, "asked"))
		path, err := os.ReadFile(r.path)
		if err != nil {
			t.Fatal(err)
		}
		if (len(path) > 0) != (code == 0) {
			t.Errorf("%s: exit code %d, and the path has %q", version, code, path)
		}
		if code == 0 {
			text, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(path)), "latch"))
			if err != nil || string(text) != "the program" {
				t.Errorf("%s: the program is %q (%v)", version, text, err)
			}
		}
		return code, out, string(asked)
	}
	const from = "https://github.com/latch-keys/latch/releases/download/v1.2.3/"
	for _, pin := range []string{"", sum} {
		if code, out, asked := install("v1.2.3", pin, "Linux"); code != 0 || asked != from+"latch_1.2.3_linux_amd64.tar.gz\n"+from+"checksums.txt\n" {
			t.Errorf("exit code %d, asked for %q\n%s", code, asked, out)
		}
	}
	if code, out, _ := install("v1.2.3", strings.Repeat("0", 64), "Linux"); code != 1 || !strings.Contains(out, "not what the input sha256 says") {
		t.Errorf("another sum: exit code %d\n%s", code, out)
	}
	for _, version := range []string{"latest", "1.2.3", "v1.2.3/../../other", "v1.2", "main"} {
		if code, _, asked := install(version, "", "Linux"); code != 2 || asked != "" {
			t.Errorf("%s: exit code %d, asked for %q", version, code, asked)
		}
	}
	if code, _, asked := install("v1.2.3", "", "Plan9"); code != 1 || asked != "" {
		t.Errorf("no such system: exit code %d, asked for %q", code, asked)
	}
	archive := filepath.Join(releases, "latch_1.2.3_linux_amd64.tar.gz")
	if err := os.WriteFile(archive, []byte("another"), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, out, _ := install("v1.2.3", "", "Linux"); code != 1 || !strings.Contains(out, "not what checksums.txt") {
		t.Errorf("an exchanged archive: exit code %d\n%s", code, out)
	}
}

// fakeRelease writes an archive with its checksum and gives that.
func fakeRelease(t *testing.T, folder, name string) string {
	t.Helper()
	var packed bytes.Buffer
	stream := gzip.NewWriter(&packed)
	archive := tar.NewWriter(stream)
	const program = "the program"
	if err := archive.WriteHeader(&tar.Header{Name: name + "/latch", Mode: 0o755, Size: int64(len(program))}); err != nil {
		t.Fatal(err)
	}
	if _, err := archive.Write([]byte(program)); err != nil {
		t.Fatal(err)
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	if err := stream.Close(); err != nil {
		t.Fatal(err)
	}
	sum := fmt.Sprintf("%x", sha256.Sum256(packed.Bytes()))
	for file, text := range map[string][]byte{
		name + ".tar.gz": packed.Bytes(), "checksums.txt": slices.Concat([]byte(strings.Repeat("1", 64)+"  other.tar.gz\n"), []byte(sum+"  "+name+".tar.gz\n")),
	} {
		if err := os.WriteFile(filepath.Join(folder, file), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return sum
}
