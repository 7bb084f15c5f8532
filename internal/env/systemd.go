package env

import "fmt"

// systemd is for EnvironmentFile=, values in double quotes, in which a backslash
// escapes the quote, itself, the dollar and the backtick. Source: systemd
// src/basic/env-file.c.
type systemd struct{}

// Name is "systemd".
func (systemd) Name() string { return "systemd" }

// About says who reads it.
func (systemd) About() string { return "systemd, by: EnvironmentFile=/PATH" }

// Extension is ".systemd".
func (systemd) Extension() string { return ".systemd" }

// Render refuses only what no environment can hold.
func (d systemd) Render(e Environment, show Secrets) ([]byte, error) { return renderLines(d, e, show) }

func (d systemd) judge(a Assignment, value []byte) error {
	if at := firstUnfit(value, anyText); at >= 0 {
		return unfit(d, a, value, at, textHint)
	}
	return nil
}

func (systemd) line(out []byte, name string, value []byte) []byte {
	out = fmt.Appendf(out, "%s=", name)
	return append(quoted(out, '"', value, among("\"\\$`", `\`)), '\n')
}
