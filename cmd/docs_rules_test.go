package cmd

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/env/envfile"
)

const rulesPage = "../docs/env-check.md"

// docs/env-check.md is what the tables of rules and readings say, to the byte.
func TestDocsRules(t *testing.T) {
	t.Parallel()
	want := rulesText()
	if *update {
		if err := os.WriteFile(rulesPage, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(rulesPage)
	if err != nil || string(got) != want {
		t.Errorf("docs/env-check.md is not current: run make docs (%v)", err)
	}
}

func rulesText() string {
	var page strings.Builder
	page.WriteString(`# What env check finds

` + "`latch env check FILE...`" + ` judges env files from anywhere as a set, without a manifest: env files, shell files with
export, host_config.json, docker compose files with the env files they name, Kubernetes Secrets, and folders of them. No
finding repeats a secret. Exit code 3 if there is an error. ` + "`-o json`" + ` gives each finding with file, line, column, rule,
severity, message and hint; ` + "`-o sarif`" + ` is SARIF 2.1.0, for the annotations of CI services.

## Who reads a file

The same line means different things to different programs. ` + "`--read-by`" + ` says which one reads the files.

| --read-by | program |
|---|---|
`)
	for _, r := range envfile.Readings() {
		fmt.Fprintf(&page, "| `%s` | %s |\n", r.Name(), r.About())
	}
	page.WriteString(`
Without it, .env is read as an OTP host does, a file with export as a shell does, and what is in any other file has to mean
the same to all. A comment at the top, as latch writes it, says what the host runs: ` + "`# target: otp`" + `; otherwise
` + "`--target`" + ` does, and without either only what is wrong for every host is an error.

## The rules

The names are stable: scripts can match them.

| rule | finds |
|---|---|
`)
	for _, r := range envfile.Rules() {
		fmt.Fprintf(&page, "| `%s` | %s |\n", r.Rule, r.Text)
	}
	page.WriteString("\nThis page is made by `make docs`.\n")
	return page.String()
}
