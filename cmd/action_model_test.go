package cmd_test

import (
	"maps"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/latch-keys/latch/cmd"
)

// action is action.yml, as GitHub reads it.
type action struct {
	Inputs map[string]struct {
		Description string `yaml:"description"`
		Default     string `yaml:"default"`
	} `yaml:"inputs"`
	Outputs map[string]struct {
		Description, Value string
	} `yaml:"outputs"`
	Runs struct {
		Using string       `yaml:"using"`
		Steps []actionStep `yaml:"steps"`
	} `yaml:"runs"`
}

type actionStep struct {
	ID, Name, Shell, Run string
	Env                  map[string]string `yaml:"env"`
}

func readAction(t *testing.T) action {
	t.Helper()
	text, err := os.ReadFile(cmd.Source("../action.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var a action
	decodeYAML(t, string(text), &a)
	if a.Runs.Using != "composite" || len(a.Runs.Steps) < 3 {
		t.Fatalf("action.yml is %+v", a.Runs)
	}
	return a
}

// value finds what stands in the place of an expression of GitHub.
func value() *regexp.Regexp { return regexp.MustCompile(`\$\{\{ (\w+)\.([\w.]+) \}\}`) }

// steps are those of the action as a runner starts them: each in a shell of its own,
// with the job's variables and its own, which come from the inputs.
func (a action) steps(t *testing.T, job, with map[string]string) (all []ciJob) {
	t.Helper()
	for name := range with {
		if _, known := a.Inputs[name]; !known {
			t.Errorf("the action has no input %s", name)
		}
	}
	for _, step := range a.Runs.Steps {
		variables := maps.Clone(job)
		for name, text := range step.Env {
			variables[name] = value().ReplaceAllStringFunc(text, func(expression string) string {
				input := value().FindStringSubmatch(expression)[2]
				if given, is := with[input]; is {
					return given
				}
				return a.Inputs[input].Default
			})
		}
		all = append(all, ciJob{variables, strings.TrimSpace(step.Run)})
	}
	return all
}
