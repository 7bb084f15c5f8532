package env

import (
	"bytes"
	"fmt"
	"strings"
)

// The dialect github is what a step of GitHub Actions appends to the file
// GITHUB_ENV, so that the steps after it have the variables. It has no comments.
// Source: actions/runner FileCommandManager.cs.

const gitHubExtension = ".github"

// JobFile names the variable of a CI job's environment that names the file which
// the rendered environment is to be appended to, after the Masks went to the job's
// log; "" where the dialect is not one for jobs.
func (d Dialect) JobFile() string { return d.jobFile }

// Masks are the commands that keep the environment's secrets out of the log of a
// job, for the caller to clear: one ::add-mask:: for each. They hold the secrets.
func (d Dialect) Masks(e Environment) ([]byte, error) {
	out := make([]byte, 0, room(e))
	err := eachValue(e, Revealed, func(a Assignment, value []byte) error {
		if a.Secret() {
			out = fmt.Appendf(out, "::add-mask::%s\n", value)
		}
		return nil
	})
	return out, err
}

// refuseForGitHub refuses the carriage return, which the runner takes for a line's
// end, and the names that it keeps for itself.
func refuseForGitHub(d Dialect, a Assignment, value []byte) error {
	if isPrefixOf("GITHUB_", a.Name) || isPrefixOf("RUNNER_", a.Name) || strings.EqualFold(a.Name, "NODE_OPTIONS") {
		return noPlace(d, a, "set it in the workflow", "the runner lets no step set it")
	}
	if at := firstBad(value, func(r rune) bool { return r == '\r' }); at >= 0 {
		return badCharacter(d, a, value, at, "")
	}
	return nil
}

// gitHubLine is NAME=VALUE, or NAME<<END, the value, and END where the value has
// lines.
func gitHubLine(out []byte, name string, value []byte) []byte {
	if bytes.IndexByte(value, '\n') < 0 {
		return bareLine(out, name, value)
	}
	end := []byte("END")
	for bytes.Contains(value, end) {
		end = append(end, '_')
	}
	return fmt.Appendf(out, "%s<<%s\n%s\n%s\n", name, end, value, end)
}
