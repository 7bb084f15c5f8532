package hostenv

import (
	"fmt"
	"io"
	"log/slog"
)

// Entry is one variable as a file sets it. Every way of printing it hides the
// value, which may be a secret.
type Entry struct {
	Name         string
	Path         string // the file that sets it
	Line, Column int    // where, from 1; a column is in bytes

	// Expanded says that the program puts something else in the place of a part
	// of the value, such as ${X}, so that the file alone does not tell it.
	Expanded bool

	// Open says that others than the host see the value where it stands: in a
	// compose file, a unit, the spec of a pod.
	Open bool

	open func() []byte // a function, since fmt prints bytes even in unexported fields
}

// Add notes that the file gives the variable the value, which it keeps.
func (h *Host) Add(name string, line, column int, value []byte) *Entry {
	return h.AddAt(name, h.Path, line, column, value)
}

// AddAt is Add for a variable that another file than the host's sets.
func (h *Host) AddAt(name, path string, line, column int, value []byte) *Entry {
	h.Entries = append(h.Entries, Entry{
		Name: name, Path: path, Line: line, Column: column, open: func() []byte { return value },
	})
	return &h.Entries[len(h.Entries)-1]
}

// Value is the value as the program reads it. The memory is the Host's own and
// ends with its Wipe.
func (e Entry) Value() []byte {
	if e.open == nil {
		return nil
	}
	return e.open()
}

func (e Entry) hidden() string {
	return fmt.Sprintf("%s=[%d bytes, not shown]", e.Name, len(e.Value()))
}

// String hides the value.
func (e Entry) String() string { return e.hidden() }

// GoString hides the value under %#v.
func (e Entry) GoString() string { return e.hidden() }

// Format hides the value under every verb.
func (e Entry) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, e.hidden()) }

// MarshalText hides the value from JSON and YAML.
func (e Entry) MarshalText() ([]byte, error) { return []byte(e.hidden()), nil }

// LogValue hides the value from slog.
func (e Entry) LogValue() slog.Value { return slog.StringValue(e.hidden()) }
