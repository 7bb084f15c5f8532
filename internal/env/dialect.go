package env

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Dialect is a way of writing an environment down.
type Dialect interface {
	// Name is what the dialect is chosen by.
	Name() string
	// About says who reads the dialect, in a few words.
	About() string
	// Extension ends the name of a file in the dialect, its dot included. None
	// is the end of another's.
	Extension() string
	// Render gives the same bytes for the same environment, always. Revealed,
	// they hold secrets and are the caller's to clear. What the dialect cannot
	// carry unchanged is an error that matches ErrUnfit.
	Render(e Environment, show Secrets) ([]byte, error)
}

// Dialects lists those there are, the default first.
func Dialects() []Dialect {
	return []Dialect{
		dotenv{},
		posixShell{},
		fish{},
		powershell{},
		systemd{},
		systemdCredentials{},
		docker{},
		jsonObject{},
		otpJSON{},
		github{},
		kubernetes{},
		helm{},
	}
}

// ParseDialect finds a dialect by its name. The error lists the known ones.
func ParseDialect(name string) (Dialect, error) {
	var known []string
	for _, d := range Dialects() {
		if d.Name() == name {
			return d, nil
		}
		known = append(known, d.Name())
	}
	return nil, fmt.Errorf("unknown dialect %q: must be one of %s", name, strings.Join(known, ", "))
}

// unfit says which character of a value the dialect cannot carry, the one at
// the byte offset at. Of a secret only the place is named.
func unfit(d Dialect, a Assignment, value []byte, at int, hint string) error {
	character, _ := utf8.DecodeRune(value[at:])
	what := fmt.Sprintf("%q ", character)
	if a.Secret() {
		what = ""
	}
	return &problem{
		cause: ErrUnfit,
		message: fmt.Sprintf("%s: character %d of the value %scannot be written as %s",
			a.Name, utf8.RuneCount(value[:at])+1, what, d.Name()),
		hint: hint,
	}
}

// uncarried is the error for a variable that a dialect has no place for.
func uncarried(d Dialect, a Assignment, hint, format string, args ...any) error {
	return &problem{
		cause:   ErrUnfit,
		message: fmt.Sprintf("%s cannot be written as %s: ", a.Name, d.Name()) + fmt.Sprintf(format, args...),
		hint:    hint,
	}
}
