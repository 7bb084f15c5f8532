package env

import (
	"fmt"
	"slices"
	"strings"
)

// renderLines is one variable a line, below a comment. Every reader skips a
// comment if # stands first.
func renderLines(d Dialect, e Environment, show Secrets) ([]byte, error) {
	var out []byte
	if !d.bare {
		var err error
		if out, err = header(d, e, opening(e, show)); err != nil {
			return nil, err
		}
	}
	out = slices.Grow(out, room(e))
	err := eachValue(e, show, func(a Assignment, value []byte) error {
		if err := refuseReserved(d, a); err != nil {
			return err
		}
		if masked := show == Masked && a.Secret(); !masked {
			if err := d.refuse(d, a, value); err != nil {
				return err
			}
		}
		out = d.line(out, a.Name, value)
		return nil
	})
	if err != nil {
		clear(out)
		return nil, err
	}
	return out, nil
}

// bareLine is NAME=VALUE.
func bareLine(out []byte, name string, value []byte) []byte {
	return fmt.Appendf(out, "%s=%s\n", name, value)
}

// quotedLine is a line that begins with start, in which %s stands for the name,
// and ends with the value in quotes.
func quotedLine(start string, quote byte, escape func(byte) string) func([]byte, string, []byte) []byte {
	return func(out []byte, name string, value []byte) []byte {
		return append(quoted(fmt.Appendf(out, start, name), quote, value, escape), '\n')
	}
}

// room is more than any dialect needs for the variables, so that no secret is
// left in a buffer that was outgrown.
func room(e Environment) int {
	const around, quoting, mask = 80, 4, 80
	size := 0
	for _, a := range e.Assignments {
		size += len(a.Name) + around + quoting*max(len(a.plain), mask)
	}
	return size
}

// eachValue visits the variables in order; each value is cleared afterwards.
func eachValue(e Environment, show Secrets, visit func(a Assignment, value []byte) error) error {
	for _, a := range e.Assignments {
		value, err := a.Value(show)
		if err != nil {
			return err
		}
		err = visit(a, value)
		clear(value)
		if err != nil {
			return err
		}
	}
	return nil
}

// opening is the first line of a file's comment.
func opening(e Environment, show Secrets) string {
	switch {
	case !slices.ContainsFunc(e.Assignments, Assignment.Secret):
		return openingBare
	case show == Masked:
		return "Seeds are masked: no host can use this."
	}
	return mark + " from the manifest; holds a secret. Changes made here are lost."
}

const openingBare = mark + " from the manifest; holds no secret. Changes made here are lost."

// header names the environment in lines of comment. Every reader takes them for
// such where # stands first in the line.
func header(d Dialect, e Environment, first string) ([]byte, error) {
	about := []Assignment{
		{Name: "lattice", plain: e.Lattice},
		{Name: "host", plain: e.Host},
		{Name: "target", plain: e.Target.String()},
		{Name: "generation", plain: fmt.Sprint(e.Generation)},
	}
	if e.Target.IgnoresClusterKeys() {
		first += "\n# Hosts of this target ignore cluster keys: none is written."
	} else {
		about = append(about, Assignment{Name: "public key", plain: e.PublicKey.String()})
	}
	out := fmt.Appendf(nil, "# %s\n", first)
	for _, a := range about {
		if err := refuseUncommon(d, a, []byte(a.plain)); err != nil {
			return nil, fmt.Errorf("failed to write the head of the %s file: %w", d.Name(), err)
		}
		out = fmt.Appendf(out, "# %s: %s\n", a.Name, a.plain)
	}
	return out, nil
}

// quoted appends the value between quotes; escape gives what stands for a byte
// that means something else there, "" where the byte means itself.
func quoted(out []byte, quote byte, value []byte, escape func(byte) string) []byte {
	out = append(out, quote)
	for _, b := range value {
		if instead := escape(b); instead != "" {
			out = append(out, instead...)
			continue
		}
		out = append(out, b)
	}
	return append(out, quote)
}

// among escapes the bytes of special by putting before before each.
func among(special, before string) func(byte) string {
	return func(b byte) string {
		if strings.IndexByte(special, b) < 0 {
			return ""
		}
		return before + string(rune(b))
	}
}
