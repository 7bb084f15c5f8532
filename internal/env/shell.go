package env

import "fmt"

// posixShell is lines of export for POSIX shells, every value in single quotes, in
// which nothing but the quote itself means anything.
type posixShell struct{}

// Name is "sh".
func (posixShell) Name() string { return "sh" }

// About says who reads it.
func (posixShell) About() string { return "sh, bash, dash, zsh and direnv, by: . FILE" }

// Extension is ".sh".
func (posixShell) Extension() string { return ".sh" }

// Render refuses only what no environment can hold.
func (d posixShell) Render(e Environment, show Secrets) ([]byte, error) {
	return renderLines(d, e, show)
}

func (d posixShell) judge(a Assignment, value []byte) error {
	if at := firstUnfit(value, anyText); at >= 0 {
		return unfit(d, a, value, at, textHint)
	}
	return nil
}

func (posixShell) line(out []byte, name string, value []byte) []byte {
	out = fmt.Appendf(out, "export %s=", name)
	return append(quoted(out, '\'', value, among("'", `'\'`)), '\n')
}
