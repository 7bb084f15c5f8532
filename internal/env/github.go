package env

import (
	"bytes"
	"fmt"
)

// github is what a step of GitHub Actions appends to the file GITHUB_ENV, so that
// the steps after it have the variables. It has no comments. Source:
// actions/runner FileCommandManager.cs.
type github struct{}

// Job is a dialect for a job of a CI system: what it renders is appended to the
// file that a variable of the job's environment names. The masks go to the job's
// log before.
type Job interface {
	Dialect
	// File names the variable that names the file.
	File() string
	// Masks are the commands that keep the environment's secrets out of the log,
	// for the caller to clear. They hold the secrets.
	Masks(e Environment) ([]byte, error)
}

// Name is "github".
func (github) Name() string { return "github" }

// About says who reads it.
func (github) About() string {
	return "GitHub Actions: env print masks the secrets in the log and appends the variables to the file GITHUB_ENV"
}

// Extension is ".github".
func (github) Extension() string { return ".github" }

// File is GITHUB_ENV.
func (github) File() string { return "GITHUB_ENV" }

// Masks is one ::add-mask:: for each secret.
func (github) Masks(e Environment) ([]byte, error) {
	out := make([]byte, 0, room(e))
	err := eachValue(e, Revealed, func(a Assignment, value []byte) error {
		if a.Secret() {
			out = fmt.Appendf(out, "::add-mask::%s\n", value)
		}
		return nil
	})
	return out, err
}

// Render refuses the carriage return, which the runner takes for a line's end,
// and the names that it keeps for itself.
func (d github) Render(e Environment, show Secrets) ([]byte, error) {
	return appendLines(nil, d, e, show)
}

func (d github) judge(a Assignment, value []byte) error {
	for _, own := range []string{"GITHUB_", "RUNNER_"} {
		if isPrefixOf(own, a.Name) || a.Name == "NODE_OPTIONS" {
			return uncarried(d, a, "set it in the workflow", "the runner lets no step set it")
		}
	}
	if at := firstUnfit(value, noCarriageReturn); at >= 0 {
		return unfit(d, a, value, at, "")
	}
	return nil
}

// line is NAME=VALUE, or NAME<<END, the value, and END where the value has lines.
func (github) line(out []byte, name string, value []byte) []byte {
	if bytes.IndexByte(value, '\n') < 0 {
		return fmt.Appendf(out, "%s=%s\n", name, value)
	}
	end := []byte("END")
	for bytes.Contains(value, end) {
		end = append(end, '_')
	}
	return fmt.Appendf(out, "%s<<%s\n%s\n%s\n", name, end, value, end)
}
