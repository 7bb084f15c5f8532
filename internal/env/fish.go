package env

import "fmt"

// fish is lines of set -gx, values in single quotes, in which a backslash
// escapes the quote and itself.
type fish struct{}

// Name is "fish".
func (fish) Name() string { return "fish" }

// About says who reads it.
func (fish) About() string { return "fish, by: source FILE" }

// Extension is ".fish".
func (fish) Extension() string { return ".fish" }

// Render refuses only what no environment can hold.
func (d fish) Render(e Environment, show Secrets) ([]byte, error) { return renderLines(d, e, show) }

func (d fish) judge(a Assignment, value []byte) error {
	if at := firstUnfit(value, anyText); at >= 0 {
		return unfit(d, a, value, at, textHint)
	}
	return nil
}

func (fish) line(out []byte, name string, value []byte) []byte {
	out = fmt.Appendf(out, "set -gx %s ", name)
	return append(quoted(out, '\'', value, among(`'\`, `\`)), '\n')
}
