package agefile

import (
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
)

func (t *attempt) needsPassphrase(what string) error {
	return fault.New(fault.Locked, "%s needs a passphrase, and there is nobody to ask", what).
		WithHint("name a file with it: --passphrase-file FILE, or hand it over: --passphrase-fd 3 3<FILE")
}

func (t *attempt) wrongPassphrase(what string) error {
	return fault.New(fault.Locked, "the passphrase does not open %s", what).WithHint("try again with the right one")
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
	switch {
	case len(t.identities) == 0 && t.refused != nil:
		return fmt.Errorf("failed to read your identity: %w", t.refused)
	case t.refused != nil:
		return fault.New(fault.Locked, "%s is not encrypted to any identity at hand%s", t.where, passed).WithHint("%s", fault.HintOf(t.refused))
	case len(t.identities) == 0:
		return fault.New(fault.Locked, "there is no identity at hand to open %s%s", t.where, passed).
			WithHint("name the file with yours: LATCH_IDENTITY_FILE=FILE; if it is lost, have somebody who can open it add you: latch keystore recipients add")
	}
	return fault.New(fault.Locked, "%s is not encrypted to any identity at hand%s", t.where, passed).
		WithHint("name another with LATCH_IDENTITY_FILE=FILE, or have somebody who can open it add you: latch keystore recipients add")
}
