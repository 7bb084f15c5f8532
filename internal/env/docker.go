package env

import "fmt"

// docker is for docker run --env-file, which takes all that follows the first =
// for the value, quotes and blanks included. Source: docker/cli pkg/kvfile.
type docker struct{}

// Name is "docker".
func (docker) Name() string { return "docker" }

// About says who reads it.
func (docker) About() string { return "docker and podman, by: --env-file FILE" }

// Extension is ".docker".
func (docker) Extension() string { return ".docker" }

// Render refuses what would end the line.
func (d docker) Render(e Environment, show Secrets) ([]byte, error) { return renderLines(d, e, show) }

func (d docker) judge(a Assignment, value []byte) error {
	if at := firstUnfit(value, noLineEnd); at >= 0 {
		return unfit(d, a, value, at, "docker reads one line for each variable; the dialect json carries any text")
	}
	return judgeLength(d, a, value)
}

func (docker) line(out []byte, name string, value []byte) []byte {
	return fmt.Appendf(out, "%s=%s\n", name, value)
}
