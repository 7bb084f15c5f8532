// Package listflag has the flags that take several values.
package listflag

import (
	"encoding/csv"
	"errors"
	"strings"

	"github.com/spf13/pflag"
)

// Add adds a flag that takes several values, repeated or separated by commas.
// An empty value stays in the list, for the guard of all commands to refuse: pflag's
// own list drops it, and --against "$DIR" would be as if it were not there.
func Add(flags *pflag.FlagSet, into *[]string, name, use string) {
	flags.Var(&list{into: into}, name, use)
}

// list is the value of such a flag, a pflag.SliceValue.
type list struct{ into *[]string }

// Set adds what was given; a value with a comma in it stands in quotes, as in CSV.
func (l *list) Set(text string) error {
	values, err := l.split(text)
	*l.into = append(*l.into, values...)
	return err
}

func (*list) split(text string) ([]string, error) {
	if text == "" {
		return []string{""}, nil
	}
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	switch {
	case err != nil:
		return nil, err
	case len(lines) != 1:
		return nil, errors.New("write the values in one line, with commas between them")
	}
	return lines[0], nil
}

// String is the list as it was given.
func (l *list) String() string {
	if l.into == nil {
		return ""
	}
	return strings.Join(*l.into, ",")
}

// Type is how help and completion know it.
func (*list) Type() string { return "strings" }

// Append adds one more value, as it is.
func (l *list) Append(text string) error {
	*l.into = append(*l.into, text)
	return nil
}

// Replace takes other values for all that were given.
func (l *list) Replace(values []string) error {
	*l.into = values
	return nil
}

// GetSlice are the values.
func (l *list) GetSlice() []string { return *l.into }
