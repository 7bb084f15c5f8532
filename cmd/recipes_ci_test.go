package cmd_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/cmd"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/oracle"
)

// secretSet stands in for gh and glab: a secret comes by the standard input and goes
// to where CI services keep secrets.
func secretSet(args []string) error {
	if len(args) < 3 || args[1] != "set" || keys.MayHoldSeed(strings.Join(args, " ")) {
		return errors.New("a secret is handed in by a pipe")
	}
	text, err := io.ReadAll(os.Stdin)
	if err != nil || len(bytes.TrimSpace(text)) == 0 {
		return fmt.Errorf("there is no secret on the standard input: %w", err)
	}
	return os.WriteFile(filepath.Join(os.Getenv("RECIPE_WORK"), "secrets", args[2]), bytes.TrimSpace(text), 0o600)
}

// ciWorld is a bare repository, somebody's desk, the secrets of a CI service and the
// hosts that jobs deploy to.
type ciWorld struct {
	t          *testing.T
	dir, bash  string
	jobs       func(secret func(name string) string) []ciJob
	blocks     map[string]string // what is typed at the desk
	path, file string            // of the service
	runs       int
	log        bytes.Buffer
}

// ciJob is a job as a shell runs it.
type ciJob struct {
	variables map[string]string
	script    string
}

// docs/recipes for CI services, as they are written: a rotation from end to end, with
// two runs at once, somebody who pushes meanwhile, and a secret that is missing.
func TestRecipesInCI(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"github-actions", "gitlab-ci"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newCIWorld(t, name)
			w.desk("setup")
			w.settles("the first deploy, without a rotation")
			w.desk("rotate")
			w.phaseIs("introduce")
			w.withoutSecrets()
			w.race()
			w.phaseIs("switch")
			w.pushesBeside()
			w.phaseIs("retire")
			w.givesUp()
			for range 4 {
				w.mustRun(w.job())
			}
			w.phaseIs("")
			w.settles("steady")
			w.noSeedAnywhere()
		})
	}
}

func newCIWorld(t *testing.T, page string) *ciWorld {
	t.Helper()
	for _, program := range []string{"git", "jq", "age-keygen"} {
		oracle.Need(t, program)
	}
	text, err := os.ReadFile(cmd.Source("../docs/recipes/" + page + ".md"))
	if err != nil {
		t.Fatal(err)
	}
	w := &ciWorld{t: t, dir: t.TempDir(), bash: oracle.Need(t, "bash"), blocks: map[string]string{}}
	for _, block := range regexp.MustCompile("(?ms)^```(\\w+) (\\S+)\n(.*?)^```$").FindAllStringSubmatch(string(text), -1) {
		switch block[1] {
		case "sh":
			w.blocks[block[2]] = block[3]
		case "yaml":
			w.path, w.file = block[2], block[3]
		}
	}
	switch w.path {
	case ".github/workflows/lattice.yml":
		w.jobs = w.githubJobs
	case ".gitlab-ci.yml":
		w.jobs = w.gitlabJobs
	}
	if w.jobs == nil || len(w.blocks) != 2 || strings.Contains(w.file, "@latest") || strings.Contains(w.file, "-latest") {
		t.Fatalf("%s: %d blocks, file %q, all versions pinned: %v", page, len(w.blocks), w.path, !strings.Contains(w.file, "latest"))
	}
	for _, name := range []string{"home", "secrets", "hosts"} {
		if err := os.Mkdir(filepath.Join(w.dir, name), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	w.prepare()
	return w
}

// prepare makes the repository with a lattice, the CI file and what deploys.
func (w *ciWorld) prepare() {
	w.t.Helper()
	w.sh(w.dir, "git init -q --bare -b main origin.git && git clone -q origin.git desk 2>&1 && mkdir -p desk/"+filepath.Dir(w.path))
	deploy := `#!/bin/sh
set -eu
test "$(ls "$1")" = "$(printf 'web-1.env\nweb-2.env')"
cp "$1"/*.env "$RECIPE_WORK/hosts/"
if [ -n "${TOGETHER:-}" ]; then # until the other run has come as far
	: > "$TOGETHER/$$"
	n=0
	while [ "$(ls "$TOGETHER" | wc -l)" -lt 2 ]; do
		n=$((n + 1)); [ $n -lt 1200 ]; sleep 0.05
	done
fi
sh -euc "${MEANWHILE:-:}"
`
	for name, text := range map[string]string{w.path: w.file, "deploy": deploy} {
		if err := os.WriteFile(filepath.Join(w.dir, "desk", name), []byte(text), 0o700); err != nil {
			w.t.Fatal(err)
		}
	}
	w.sh(filepath.Join(w.dir, "desk"), `git config user.name desk && git config user.email desk@example.com
		latch lattice init --prefix prod --host web-1 --host web-2 --keystore dir:../keys
		sed '/^keystore:/d' lattice.yaml > new && mv new lattice.yaml && git add deploy && git commit -qm deploy && git push -q origin main`)
}

func (w *ciWorld) environ(variables map[string]string) []string {
	all := []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + filepath.Join(w.dir, "home"), "RECIPE_WORK=" + w.dir,
		"GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_NOSYSTEM=1", "DBUS_SESSION_BUS_ADDRESS=",
	}
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		all = append(all, name+"="+variables[name])
	}
	return all
}

// sh runs what somebody types at their desk.
func (w *ciWorld) sh(dir, script string) {
	w.t.Helper()
	c := exec.Command(w.bash, "-eu", "-o", "pipefail", "-c", script)
	c.Dir, c.Env = dir, w.environ(map[string]string{"LATCH_KEYSTORE": "dir:" + filepath.Join(w.dir, "keys")})
	out, err := c.CombinedOutput()
	w.log.Write(out)
	if err != nil {
		w.t.Fatalf("%s: %v\n%s", script, err, keys.Mask(string(out)))
	}
}

// desk types a block of the page, on top of what has been pushed.
func (w *ciWorld) desk(block string) {
	w.t.Helper()
	w.sh(filepath.Join(w.dir, "desk"), "git pull -q --rebase origin main\n"+w.blocks[block])
}

// ciRun is one run of the CI file: what it prints, and how it ends.
type ciRun struct {
	out []byte
	err error
}

// job runs all jobs of the file in a fresh, shallow clone, as runners do. variables:
// NAME=value, for deploy.
func (w *ciWorld) job(variables ...string) ciRun {
	w.runs++
	return w.jobNumbered(w.runs, variables...)
}

func (w *ciWorld) jobNumbered(number int, variables ...string) ciRun {
	runner := filepath.Join(w.dir, fmt.Sprint("runner", number))
	var all ciRun
	clone := exec.Command("git", "clone", "-q", "--depth", "1", "file://"+filepath.Join(w.dir, "origin.git"), filepath.Join(runner, "checkout"))
	clone.Env = w.environ(nil)
	if all.out, all.err = clone.CombinedOutput(); all.err != nil {
		return all
	}
	for _, job := range w.jobs(w.secret) {
		job.variables["RUNNER_TEMP"], job.variables["CI_BUILDS_DIR"] = runner, runner
		job.variables["CI_DEFAULT_BRANCH"], job.variables["GITHUB_OUTPUT"] = "main", filepath.Join(runner, "output")
		for name, value := range job.variables {
			job.variables[name] = strings.ReplaceAll(value, "${{ runner.temp }}", runner)
		}
		c := exec.Command(w.bash, "-e", "-o", "pipefail", "-c", job.script)
		c.Dir, c.Env = filepath.Join(runner, "checkout"), append(w.environ(job.variables), variables...)
		out, err := c.CombinedOutput()
		all.out = append(all.out, out...)
		if err != nil {
			all.err = err
			return all
		}
	}
	return all
}

func (w *ciWorld) secret(name string) string {
	text, err := os.ReadFile(filepath.Join(w.dir, "secrets", name))
	if err != nil {
		return "" // as services give a secret that is not there
	}
	return string(text)
}

func (w *ciWorld) mustRun(r ciRun) {
	w.t.Helper()
	w.log.Write(r.out)
	if r.err != nil {
		w.t.Fatalf("%v\n%s", r.err, keys.Mask(string(r.out)))
	}
}

func (w *ciWorld) git(args ...string) string {
	w.t.Helper()
	c := exec.Command("git", append([]string{"-C", filepath.Join(w.dir, "origin.git")}, args...)...)
	c.Env = w.environ(nil)
	out, err := c.Output()
	if err != nil {
		w.t.Fatalf("git %v: %v", args, err)
	}
	return string(out)
}

func (w *ciWorld) phaseIs(want string) {
	w.t.Helper()
	got := ""
	if found := regexp.MustCompile(`(?m)^  phase: (\w+)$`).FindStringSubmatch(w.git("show", "main:lattice.yaml")); found != nil {
		got = found[1]
	}
	if got != want {
		w.t.Fatalf("phase is %q, want %q\n%s", got, want, keys.Mask(w.log.String()))
	}
}

// settles checks that a run ends well and pushes nothing.
func (w *ciWorld) settles(what string) {
	w.t.Helper()
	before := w.git("rev-parse", "main")
	w.mustRun(w.job())
	if w.git("rev-parse", "main") != before {
		w.t.Fatalf("%s: something was pushed", what)
	}
}

// withoutSecrets: as long as a seed is missing no phase begins that needs it.
func (w *ciWorld) withoutSecrets() {
	w.t.Helper()
	const missing = "LATCH_SEED_PROD_CLUSTER_2"
	if w.secret(missing) == "" {
		return
	}
	path := filepath.Join(w.dir, "secrets", missing)
	if err := os.Rename(path, path+".away"); err != nil {
		w.t.Fatal(err)
	}
	w.settles("without the new seed")
	if err := os.Rename(path+".away", path); err != nil {
		w.t.Fatal(err)
	}
}

// race lets two runs deploy at once: one moves the phase, and both end well.
func (w *ciWorld) race() {
	w.t.Helper()
	together := w.t.TempDir()
	commits := strings.Count(w.git("log", "--format=%h", "main"), "\n")
	var runs [2]ciRun
	var both sync.WaitGroup
	for i := range runs {
		both.Go(func() { runs[i] = w.jobNumbered(100+i, "TOGETHER="+together) })
	}
	both.Wait()
	for _, r := range runs {
		w.mustRun(r)
	}
	subjects := w.git("log", "--format=%s", "main")
	if arrived, _ := os.ReadDir(together); len(arrived) != len(runs) {
		w.t.Fatalf("%d runs deployed", len(arrived))
	}
	if strings.Count(subjects, "\n") != commits+1 || !strings.HasPrefix(subjects, "lattice: next phase [skip ci]\n") {
		w.t.Fatalf("the commits are\n%s", subjects)
	}
}

// pushesBeside: what somebody else pushes meanwhile stays, and so does the phase.
func (w *ciWorld) pushesBeside() {
	w.t.Helper()
	w.mustRun(w.job("MEANWHILE=cd $RECIPE_WORK/desk && git pull -q --rebase origin main && echo more > notes && git add notes && git commit -qm notes && git push -q origin main"))
	if got := w.git("log", "-2", "--format=%s", "main"); got != "lattice: next phase [skip ci]\nnotes\n" {
		w.t.Fatalf("the commits are\n%s", got)
	}
}

// givesUp: where the manifest itself was changed meanwhile, that change stays.
func (w *ciWorld) givesUp() {
	w.t.Helper()
	r := w.job("MEANWHILE=cd $RECIPE_WORK/desk && git pull -q --rebase origin main && latch issuers rotate abort && git commit -qam back && git push -q origin main")
	w.mustRun(r)
	if got := w.git("log", "-1", "--format=%s", "main"); got != "back\n" || !bytes.Contains(r.out, []byte("the manifest was changed meanwhile")) {
		w.t.Fatalf("the last commit is %s\n%s", got, keys.Mask(string(r.out)))
	}
}

func (w *ciWorld) noSeedAnywhere() {
	w.t.Helper()
	if keys.MayHoldSeed(w.git("log", "-p", "--all")) || keys.MayHoldSeed(w.log.String()) {
		w.t.Error("a seed stands in the history or in a log")
	}
}

func (w *ciWorld) githubJobs(secret func(string) string) []ciJob {
	var file struct {
		Jobs yaml.Node `yaml:"jobs"`
	}
	decodeYAML(w.t, w.file, &file)
	var jobs []ciJob
	for i := 1; i < len(file.Jobs.Content); i += 2 {
		var job struct {
			Env   map[string]string `yaml:"env"`
			Steps []struct {
				Uses, Run string
				With      map[string]string `yaml:"with"`
			}
		}
		if err := file.Jobs.Content[i].Decode(&job); err != nil {
			w.t.Error(err)
		}
		variables := map[string]string{}
		for name, value := range job.Env {
			variables[name] = regexp.MustCompile(`\$\{\{ secrets\.(\w+) \}\}`).ReplaceAllStringFunc(value, func(text string) string {
				return secret(strings.Fields(text)[1][len("secrets."):])
			})
		}
		for _, step := range job.Steps {
			if strings.HasPrefix(step.Uses, "latch-keys/latch@") {
				delete(step.With, "version") // TestActionInstalls: here latch is there
				jobs = append(jobs, readAction(w.t).steps(w.t, variables, step.With)...)
			} else if text := strings.TrimSpace(step.Run); text != "" {
				jobs = append(jobs, ciJob{maps.Clone(variables), text})
			}
		}
	}
	return jobs
}

func (w *ciWorld) gitlabJobs(func(string) string) []ciJob {
	type gitlabJob struct {
		Variables map[string]string `yaml:"variables"`
		Script    []string          `yaml:"script"`
		After     []string          `yaml:"after_script"`
	}
	var file struct {
		Variables     map[string]string `yaml:"variables"`
		Check, Deploy gitlabJob
	}
	decodeYAML(w.t, w.file, &file)
	var jobs []ciJob
	for _, job := range []gitlabJob{file.Check, file.Deploy} {
		variables := maps.Clone(file.Variables)
		variables["LATCH_IDENTITY_FILE"] = filepath.Join(w.dir, "secrets", "LATCH_IDENTITY_FILE")
		jobs = append(jobs, ciJob{variables, strings.Join(job.Script, "\n")})
		if len(job.After) > 0 {
			jobs = append(jobs, ciJob{maps.Clone(variables), strings.Join(job.After, "\n")})
		}
	}
	return jobs
}

func decodeYAML(t *testing.T, text string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), into); err != nil {
		t.Error(err)
	}
}
