package doctor

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/latch-keys/latch/internal/fault"
)

func (m Manifest) examine() []Finding {
	const check = "manifest"
	switch {
	case errors.Is(m.Err, fs.ErrNotExist) && !m.Named:
		return one(check, Note, "there is no "+m.Path+" here", "latch lattice init --prefix NAME --host HOST, or go to the folder that has it")
	case errors.Is(m.Err, fs.ErrNotExist):
		return one(check, Missing, "there is no "+m.Path, "name another with --manifest, or make it: latch lattice init --manifest "+m.Path)
	case m.Err != nil:
		return one(check, Missing, m.Err.Error(), remedyOf(m.Err, "latch lattice check "+m.Path))
	case len(m.Errors) > 0:
		return one(check, Missing, fmt.Sprintf("%s has %s: %s", m.Path, counted(len(m.Errors), "error"), m.Errors[0]), "latch lattice check "+m.Path)
	case len(m.Warnings) > 0:
		return one(check, Warning, fmt.Sprintf("%s has %s: %s", m.Path, counted(len(m.Warnings), "warning"), m.Warnings[0]), "latch lattice check "+m.Path)
	}
	return one(check, OK, fmt.Sprintf("%s: lattice %s, generation %d", m.Path, m.Lattice, m.Generation), "")
}

// unreadable reports whether there is a manifest whose words are not known.
func (m Manifest) unreadable() bool { return m.Err != nil && !errors.Is(m.Err, fs.ErrNotExist) }

// remedyOf is the hint of an error, or else another.
func remedyOf(err error, otherwise string) string {
	if hint := fault.HintOf(err); hint != "" {
		return hint
	}
	return otherwise
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
