package cmd_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/latch-keys/latch/cmd"
)

// TestRecipes runs the pages of docs/recipes as they are written: shell blocks in
// order, files as they are named. What needs a server is checked by the parser of the
// program that would talk to it, see standins_test.go; those of CI run in
// TestRecipesInCI.
func TestRecipes(t *testing.T) {
	t.Parallel()
	pages, err := filepath.Glob(cmd.Source("../docs/recipes/*.md"))
	if err != nil || len(pages) < 6 {
		t.Fatalf("only %d pages (%v)", len(pages), err)
	}
	dir := t.TempDir()
	for _, page := range pages {
		name := strings.TrimSuffix(filepath.Base(page), ".md")
		if name == "github-actions" || name == "gitlab-ci" {
			continue
		}
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
			e.Setenv("LATCH_KEYSTORE", "dir:"+filepath.Join(e.WorkDir, "keys"))
			e.Setenv("LATCH_RECIPE_WORK", e.WorkDir)
			for _, name := range []string{"home", "var"} {
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
		}
	}
	if steps.Len() == 0 {
		t.Fatalf("%s: nothing to run", name)
	}
	return "[!exec:bash] skip\n" + map[string]string{"systemd": "[!exec:systemd-analyze] skip\n"}[name] + strings.TrimSuffix(steps.String(), "\n") + "\n" + files.String()
}

// here moves what a page does to the machine into the script's own folder.
func here(text string) string {
	return strings.NewReplacer(
		"sudo ", "", "/etc/", "$LATCH_RECIPE_WORK/etc/",
		"ExecStart=/usr/local/bin/wasmcloud_host", "ExecStart=/bin/true", // a program that is there
		"EnvironmentFile=/etc/", "EnvironmentFile=/etc/", // a unit knows no variables here
	).Replace(text)
}
