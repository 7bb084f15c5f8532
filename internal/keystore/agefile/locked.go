package agefile

import (
	"fmt"
	"strings"
)

// LockedError says that nothing at hand opens an age file.
type LockedError struct {
	message string
	hint    string
}

// Error says what does not open which file.
func (e *LockedError) Error() string { return e.message }

// Hint is how to open it.
func (e *LockedError) Hint() string { return e.hint }

func (t *attempt) needsPassphrase(what string) error {
	return &LockedError{
		message: fmt.Sprintf("%s needs a passphrase, and there is nobody to ask", what),
		hint:    "name a file with it: --passphrase-file FILE, or hand it over: --passphrase-fd 3 3<FILE",
	}
}

func (t *attempt) wrongPassphrase(what string) error {
	return &LockedError{message: "the passphrase does not open " + what, hint: "try again with the right one"}
}

// locked says why none of the identities opened the file.
func (t *attempt) locked() error {
	if t.unasked != "" {
		return t.needsPassphrase(t.unasked)
	}
	passed := ""
	if len(t.passed) > 0 {
		passed = "; passed over: " + strings.Join(t.passed, ", ")
	}
	if len(t.identities) == 0 {
		return &LockedError{
			message: fmt.Sprintf("there is no identity at hand to open %s%s", t.where, passed),
			hint:    "name the file with yours: LATCH_IDENTITY_FILE=FILE; for a new one: age-keygen -o FILE",
		}
	}
	return &LockedError{
		message: fmt.Sprintf("%s is not encrypted to any identity at hand%s", t.where, passed),
		hint:    "name another with LATCH_IDENTITY_FILE=FILE, or have somebody who can open it add you: latch keystore recipients add",
	}
}
