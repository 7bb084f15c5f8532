package cmd_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/cmd"
)

// TestRecipes runs the pages of docs/recipes as they are written: shell blocks in
// order, files as they are named, the steps of CI files. What needs a server is
// checked by the parser of the program that would talk to it, see standins_test.go.
func TestRecipes(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob(cmd.Source("../docs/recipes/*.md"))
	if err != nil || len(pages) < 6 {
		t.Fatalf("only %d pages (%v)", len(pages), err)
	}
	dir := t.TempDir()
	for _, page := range pages {
		name := strings.TrimSuffix(filepath.Base(page), ".md")
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		script := recipeScript(t, name, string(text))
		if err := os.WriteFile(filepath.Join(dir, name+".txtar"), []byte(script), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	testscript.Run(t, testscript.Params{
		Dir: dir, RequireExplicitExec: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			e.Setenv("RUNNER_TEMP", filepath.Join(e.WorkDir, "runner"))
			e.Setenv("CI_BUILDS_DIR", filepath.Join(e.WorkDir, "builds"))
			e.Setenv("LATCH_KEYSTORE", "dir:"+filepath.Join(e.WorkDir, "keys"))
			e.Setenv("LATCH_RECIPE_WORK", e.WorkDir)
			for _, name := range []string{"home", "runner", "builds", "var"} {
				if err := os.Mkdir(filepath.Join(e.WorkDir, name), 0o700); err != nil {
					return err
				}
			}
			return nil
		},
	})
}

// recipeScript makes a script of a page: its blocks in the order of the page.
func recipeScript(t *testing.T, name, text string) string {
	t.Helper()
	var steps, files strings.Builder
	add := func(command string) {
		steps.WriteString("exec bash -eu -o pipefail step" + fmt.Sprint(strings.Count(steps.String(), "\n")) + ".sh\n")
		fmt.Fprintf(&files, "-- step%d.sh --\n%s\n", strings.Count(steps.String(), "\n")-1, here(command))
	}
	if name != "README" { // which makes the manifest itself
		add("latch lattice init --prefix prod --host web-1 --host web-2")
	}
	blocks := regexp.MustCompile("(?ms)^```(\\w+)( \\S+)?\n(.*?)^```$").FindAllStringSubmatch(text, -1)
	for _, block := range blocks {
		language, path, body := block[1], strings.TrimSpace(block[2]), block[3]
		switch {
		case path == "" && language == "sh":
			add(body)
		case path == "":
			t.Fatalf("%s: a block of %s without a file's name", name, language)
		default:
			fmt.Fprintf(&files, "-- %s --\n%s", strings.TrimPrefix(path, "/"), here(body))
			for _, step := range ciSteps(t, path, body) {
				add(step)
			}
		}
	}
	if steps.Len() == 0 {
		t.Fatalf("%s: nothing to run", name)
	}
	fmt.Fprintf(&files, "-- deploy --\ntest \"$(ls \"$1\")\" = \"$(printf 'web-1.env\\nweb-2.env')\"\n")
	return "[!exec:bash] skip\n" + map[string]string{"systemd": "[!exec:systemd-analyze] skip\n"}[name] + "chmod 755 deploy\n" + strings.TrimSuffix(steps.String(), "\n") + "\n" + files.String()
}

// here moves what a page does to the machine into the script's own folder.
func here(text string) string {
	return strings.NewReplacer(
		"sudo ", "", "/etc/", "$LATCH_RECIPE_WORK/etc/",
		"ExecStart=/usr/local/bin/wasmcloud_host", "ExecStart=/bin/true", // a program that is there
		"EnvironmentFile=/etc/", "EnvironmentFile=/etc/", // a unit knows no variables here
	).Replace(text)
}

// ciSteps are the commands of a CI file, each with its job's environment, in the
// order of the jobs. Only latch itself is not installed: it is there.
func ciSteps(t *testing.T, path, text string) []string {
	t.Helper()
	const install = "go install github.com/latch-keys/latch/cmd/latch@latest"
	var steps []string
	installed := 0
	add := func(environment map[string]string, command string) {
		if strings.TrimSpace(command) == install {
			installed++
			return
		}
		var exports strings.Builder
		for name, value := range environment {
			if strings.Contains(value, "PROD_CLUSTER_SEED") { // what the service puts in its place
				value = "$(LATCH_KEYSTORE=dir:$LATCH_RECIPE_WORK/keys latch keys get prod-cluster --seed)"
			}
			fmt.Fprintf(&exports, "%s=\"%s\"\n", name, value)
		}
		steps = append(steps, sorted(exports.String())+command)
	}
	switch path {
	case ".github/workflows/lattice.yml":
		var file struct {
			Jobs yaml.Node `yaml:"jobs"`
		}
		unmarshal(t, text, &file)
		for i := 1; i < len(file.Jobs.Content); i += 2 {
			var job struct {
				Env   map[string]string `yaml:"env"`
				Steps []struct {
					Uses, Run string
				} `yaml:"steps"`
			}
			decode(t, file.Jobs.Content[i], &job)
			for _, step := range job.Steps {
				if step.Run != "" {
					add(job.Env, step.Run)
				}
			}
		}
	case ".gitlab-ci.yml":
		var jobs map[string]yaml.Node
		unmarshal(t, text, &jobs)
		for _, name := range []string{"default", "check", "deploy"} {
			var job struct {
				Variables map[string]string `yaml:"variables"`
				Before    []string          `yaml:"before_script"`
				Script    []string          `yaml:"script"`
				After     []string          `yaml:"after_script"`
			}
			node := jobs[name]
			decode(t, &node, &job)
			if len(job.Before) > 0 {
				add(job.Variables, strings.Join(job.Before, "\n"))
			}
			if len(job.Script) > 0 {
				add(job.Variables, strings.Join(append(job.Script, job.After...), "\n"))
			}
		}
	default:
		return nil
	}
	if installed == 0 || len(steps) < 2 {
		t.Fatalf("%s: %d steps, latch installed %d times", path, len(steps), installed)
	}
	return steps
}

// sorted puts the seed's line first: the keystore that it is taken from is not
// the one that the job names.
func sorted(exports string) string {
	var seeds, others string
	for line := range strings.Lines(exports) {
		if strings.HasPrefix(line, "LATCH_SEED_") {
			seeds += "export " + line
		} else {
			others += "export " + line
		}
	}
	return seeds + others
}

func unmarshal(t *testing.T, text string, into any) {
	t.Helper()
	if err := yaml.Unmarshal([]byte(text), into); err != nil {
		t.Fatal(err)
	}
}

func decode(t *testing.T, n *yaml.Node, into any) {
	t.Helper()
	if err := n.Decode(into); err != nil {
		t.Fatal(err)
	}
}
