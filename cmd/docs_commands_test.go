package cmd

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/process"
)

// TestPagesNameCommandsThatExist: what the pages call `latch …` in a sentence or a
// table is a command with these flags. Blocks are run, see TestDocsConsole.
func TestPagesNameCommandsThatExist(t *testing.T) {
	t.Parallel()
	code := regexp.MustCompile("`latch ([^`]+)`")
	root := newRoot(app.New(process.System{}))
	root.InitDefaultHelpCmd()
	seen := 0
	for _, pattern := range []string{"../README.md", "../CONTRIBUTING.md", "../docs/*.md", "../docs/recipes/*.md"} {
		pages, err := filepath.Glob(Source(pattern))
		if err != nil || len(pages) == 0 {
			t.Fatalf("no pages %s (%v)", pattern, err)
		}
		for _, page := range pages {
			text, err := os.ReadFile(page)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range code.FindAllStringSubmatch(string(text), -1) {
				for command := range strings.SplitSeq(m[1], " && latch ") {
					seen++
					if problem := problemOf(root, strings.Fields(command)); problem != "" {
						t.Errorf("%s: latch %s: %s", filepath.Base(page), command, problem)
					}
				}
			}
		}
	}
	if seen < 80 {
		t.Errorf("only %d commands were seen", seen)
	}
}

// problemOf says why the words are no command of latch; "" if they are one.
func problemOf(root *cobra.Command, words []string) string {
	command, rest, err := root.Find(words)
	if err != nil {
		return err.Error()
	}
	for i, word := range rest {
		flag, isLong := strings.CutPrefix(word, "--")
		flag, _, _ = strings.Cut(flag, "=")
		switch isPlaceholder := regexp.MustCompile(`^[A-Z…|.]+`).MatchString(word); {
		case word == "--" || word == "|" || word == ">" || word == "<":
			return "" // what follows is not of latch
		case isLong && command.Flag(flag) == nil && command.InheritedFlags().Lookup(flag) == nil && flag != "help":
			return "it has no flag --" + flag
		case i == 0 && !strings.HasPrefix(word, "-") && !isPlaceholder && command.HasSubCommands():
			if command.Name() != "help" && !strings.HasSuffix(word, ",") {
				return "it has no verb " + word
			}
		}
	}
	return ""
}

func TestProblemOfACommand(t *testing.T) {
	t.Parallel()
	root := newRoot(app.New(process.System{}))
	for words, sound := range map[string]bool{
		"keys list --check": true, "env exec web-1 -- program --flag": true, "issuers rotate next --deployed DIR": true, "COMMAND -o json": true,
		"keys lst": false, "keys list --chek": false, "nosuch": false, "issuers rotate forward": false,
	} {
		if problem := problemOf(root, strings.Fields(words)); (problem == "") != sound {
			t.Errorf("latch %s: %q", words, problem)
		}
	}
}
