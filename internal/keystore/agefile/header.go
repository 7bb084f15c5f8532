package agefile

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// Openers counts the recipients that an age file is sealed to; passphrase: it is
// sealed to one instead. Who they are the format does not tell.
func Openers(sealed []byte) (recipients int, passphrase bool, err error) {
	var in io.Reader = bytes.NewReader(sealed)
	if isArmored(sealed) {
		in = armor.NewReader(in)
	}
	header, err := age.ExtractHeader(in)
	if err != nil {
		return 0, false, damaged(sealed, err)
	}
	for line := range strings.Lines(string(header)) {
		kind, is := strings.CutPrefix(line, "-> ")
		switch {
		case strings.HasPrefix(kind, "scrypt "):
			return 0, true, nil
		case is && !strings.Contains(strings.SplitN(kind, " ", 2)[0], "grease"):
			recipients++
		}
	}
	if recipients == 0 {
		return 0, false, fmt.Errorf("%w: it has no recipients", ErrDamaged)
	}
	return recipients, false, nil
}
