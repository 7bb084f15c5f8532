package cmd

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/process"
)

// TestMessagesNameCommandsThatExist: what a message in the code calls `latch …` is a
// command with these flags; and where an argument is put behind it, it takes one.
func TestMessagesNameCommandsThatExist(t *testing.T) {
	t.Parallel()
	root := newRoot(app.New(process.System{}))
	seen := 0
	for _, folder := range []string{".", "../internal"} {
		err := filepath.WalkDir(Source(folder), func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go") {
				return err
			}
			for _, text := range stringsIn(t, path) {
				for _, command := range commandsIn(text) {
					seen++
					if problem := problemOfMessage(root, command); problem != "" {
						t.Errorf("%s: latch %s: %s", filepath.Base(path), command, problem)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 300 {
		t.Errorf("only %d commands were seen", seen)
	}
}

// stringsIn are the texts in the code of a file.
func stringsIn(t *testing.T, path string) (texts []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if literal, is := n.(*ast.BasicLit); is && literal.Kind == token.STRING {
			text, err := strconv.Unquote(literal.Value)
			if err != nil {
				t.Fatal(err)
			}
			texts = append(texts, text)
		}
		return true
	})
	return texts
}

// commandsIn are the commands in a text, each up to where its sentence goes on.
func commandsIn(text string) (commands []string) {
	begins := regexp.MustCompile(`\blatch (?:keys|keystore|lattice|hosts|issuers|env|nats|cache|invocation|scan|config|doctor|completion|version|help)\b[^\n;,:()]*`)
	for _, command := range begins.FindAllString(text, -1) {
		command, _, _ = strings.Cut(strings.TrimPrefix(command, "latch "), ". ")
		commands = append(commands, command)
	}
	return commands
}

// problemOfMessage is problemOf, and heeds what is put in behind the command: where it
// ends with a blank, or in the place of a %s.
func problemOfMessage(root *cobra.Command, text string) string {
	const put, label = "PUT", "keystore signing key 1" // that keys are derived by
	words := strings.Fields(regexp.MustCompile(`%(\[\d\])?[sdq]`).ReplaceAllString(text, put))
	words[len(words)-1] = strings.TrimSuffix(words[len(words)-1], ".")
	if problem := problemOf(root, words); problem != "" && text != label {
		return problem
	}
	command, rest, err := root.Find(words)
	if err != nil || command.HasSubCommands() {
		return ""
	}
	hasOne := len(rest) == 0 && strings.HasSuffix(text, " ") || len(rest) > 0 && rest[0] == put
	if hasOne && command.Args(command, []string{"one"}) != nil && command.Args(command, []string{"one", "two"}) != nil {
		return "it takes no argument"
	}
	return ""
}

func TestProblemOfAMessage(t *testing.T) {
	t.Parallel()
	root := newRoot(app.New(process.System{}))
	for text, sound := range map[string]bool{
		"latch keys delete ": true, "latch keys delete %s": true, "latch issuers rotate ": true, "latch keys list --repair does.": true,
		"type latch issuers rotate emergency --compromised ": true, "latch issuers rotate start; or name one with --nosuch": true,
		"latch issuers rotate emergency ": false, "latch issuers rotate emergency %s": false, "latch keys lst": false, "latch keys list --chek does.": false,
	} {
		commands := commandsIn(text)
		if len(commands) != 1 {
			t.Errorf("%q: %q", text, commands)
		} else if problem := problemOfMessage(root, commands[0]); (problem == "") != sound {
			t.Errorf("%q: %q", text, problem)
		}
	}
}
