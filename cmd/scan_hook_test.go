package cmd_test

import (
	"os"
	"testing"

	"go.yaml.in/yaml/v3"

	"github.com/latch-keys/latch/cmd"
)

// TestPreCommitHooks runs git with each hook that .pre-commit-hooks.yaml describes, as
// pre-commit runs it.
func TestPreCommitHooks(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(cmd.Source("../.pre-commit-hooks.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	var hooks []struct {
		ID            string `yaml:"id"`
		Name          string `yaml:"name"`
		Entry         string `yaml:"entry"`
		Language      string `yaml:"language"`
		PassFilenames *bool  `yaml:"pass_filenames"`
	}
	if err := yaml.Unmarshal(text, &hooks); err != nil || len(hooks) == 0 {
		t.Fatalf("%d hooks (%v)", len(hooks), err)
	}
	for _, hook := range hooks {
		if hook.Name == "" || hook.Language == "" || hook.PassFilenames == nil || *hook.PassFilenames {
			t.Errorf("%s: %+v", hook.ID, hook)
		}
		t.Run(hook.ID, func(t *testing.T) { runScripts(t, cmd.Source("testdata/hook"), []string{"HOOK=" + hook.Entry}) })
	}
}
