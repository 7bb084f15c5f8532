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

// Name is "dotenv".
func (dotenv) Name() string { return "dotenv" }

// Extension is ".env".
func (dotenv) Extension() string { return ".env" }

// Render opens with comment lines, which every reader skips if # stands first.
func (d dotenv) Render(e Environment, show Secrets) ([]byte, error) {
	out, err := d.header(e, show)
	if err != nil {
		return nil, err
	}
	for _, a := range e.Assignments {
		value, err := a.Value(show)
		if err != nil {
			return nil, err
		}
		if show == Revealed || !a.Secret() {
			err = d.judge(a, value)
		}
		out = fmt.Appendf(out, "%s=%s\n", a.Name, value)
		clear(value)
		if err != nil {
			clear(out)
			return nil, err
		}
	}
	return out, nil
}

func (d dotenv) header(e Environment, show Secrets) ([]byte, error) {
	about := []Assignment{
		{Name: "lattice", plain: e.Lattice},
		{Name: "host", plain: e.Host},
		{Name: "target", plain: e.Target.String()},
		{Name: "generation", plain: fmt.Sprint(e.Generation)},
		{Name: "public key", plain: e.PublicKey.String()},
	}
	out := []byte("# Made by latch from the manifest; holds a secret. Changes made here are lost.\n")
	if show == Masked {
		out = []byte("# Seeds are masked: no host can use this.\n")
	}
	for _, a := range about {
		if err := d.judge(a, []byte(a.plain)); err != nil {
			return nil, err
		}
		out = fmt.Appendf(out, "# %s: %s\n", a.Name, a.plain)
	}
	return out, nil
}

// judge refuses a value that some reader would change.
func (d dotenv) judge(a Assignment, value []byte) error {
	if len(value) == 0 {
		return &problem{cause: ErrUnfit, message: fmt.Sprintf("%s: an empty value cannot be written as %s", a.Name, d.Name()), hint: dotenvHint}
	}
	if at := bytes.IndexFunc(value, func(r rune) bool { return !isPlain(r) }); at >= 0 {
		return unfit(d, a, value, at, dotenvHint)
	}
	if length := len(a.Name) + len("=") + len(value); length > maxLine {
		return &problem{
			cause:   ErrUnfit,
			message: fmt.Sprintf("%s: a line of %d bytes is longer than docker reads, %d", a.Name, length, maxLine),
			hint:    "retire issuers that no host signs with any more",
		}
	}
	return nil
}

// isPlain reports whether a character means itself, unquoted, to every reader.
func isPlain(r rune) bool {
	return 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' || '0' <= r && r <= '9' || strings.ContainsRune("._:/@%+=,-", r)
}
