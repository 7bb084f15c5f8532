package env

import (
	"bytes"
	"fmt"
	"strings"
)

// dotenv is NAME=VALUE, one a line, nothing quoted. Its values lie in the set
// that shells, docker, compose, systemd, kubectl, the dotenv libraries and the
// OTP host's own .env reader all take as they stand; quotes would not do, since
// docker, kubectl and the OTP host keep them as part of the value.
type dotenv struct{}

// maxLine is the longest line in bytes, without its end: docker reads a line
// into 64 KiB. Source: docker/cli pkg/kvfile, bufio.MaxScanTokenSize.
const maxLine = 64*1024 - 1

const dotenvHint = "it carries letters, digits and . _ : / @ % + = , - and must not be empty; the dialect json carries any text"

// A value may not start with =, nor a part of it after a colon: zsh would put the
// path of a program there.
const zshHint = "zsh reads = at the start, or after a colon, as the path of a program; the dialect json carries any text"

// Name is "dotenv".
func (dotenv) Name() string { return "dotenv" }

// About says who reads it.
func (dotenv) About() string {
	return "what shells, docker, compose, systemd, kubectl, dotenv libraries and OTP hosts read alike"
}

// Extension is ".env".
func (dotenv) Extension() string { return ".env" }

// Render opens with comment lines, which every reader skips if # stands first.
func (d dotenv) Render(e Environment, show Secrets) ([]byte, error) { return renderLines(d, e, show) }

func (dotenv) line(out []byte, name string, value []byte) []byte {
	return fmt.Appendf(out, "%s=%s\n", name, value)
}

// judge refuses a value that some reader would change.
func (d dotenv) judge(a Assignment, value []byte) error {
	if len(value) == 0 {
		return uncarried(d, a, dotenvHint, "its value is empty")
	}
	if at := bytes.IndexFunc(value, func(r rune) bool { return !isPlain(r) }); at >= 0 {
		return unfit(d, a, value, at, dotenvHint)
	}
	if value[0] == '=' {
		return unfit(d, a, value, 0, zshHint)
	}
	if at := bytes.Index(value, []byte(":=")); at >= 0 {
		return unfit(d, a, value, at+1, zshHint)
	}
	return judgeLength(d, a, value)
}

func judgeLength(d Dialect, a Assignment, value []byte) error {
	if length := len(a.Name) + len("=") + len(value); length > maxLine {
		return uncarried(d, a, "retire issuers that no host signs with any more",
			"a line of %d bytes is longer than docker reads, %d", length, maxLine)
	}
	return nil
}

// isPlain reports whether a character means itself, unquoted, to every reader.
func isPlain(r rune) bool {
	return 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || strings.ContainsRune("._:/@%+=,-", r)
}
