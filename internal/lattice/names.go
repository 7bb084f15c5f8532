package lattice

import (
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice/schema"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// longestPrefix leaves room for what stands before the prefix in the name of a
// stream, which nats-server limits to 255 characters.
const longestPrefix = 255 - len(wasmcloud.LongestStreamName)

// CheckName judges the name of a host or an issuer: it becomes the name of a
// file and of a key, so that the rule is that of keys.
func CheckName(name string) error {
	if keys.MayHoldSeed(name) {
		return exposed("the name")
	}
	return keys.CheckName(name)
}

// CheckPrefix judges a lattice prefix. It becomes one token of NATS subjects and
// a part of stream and bucket names, but no host checks it. Source: wasmCloud
// docs, lattice-protocols/prefix.md.
func CheckPrefix(prefix string) error {
	if keys.MayHoldSeed(prefix) {
		return exposed("the prefix")
	}
	if prefix == "" {
		return fmt.Errorf("the prefix must not be empty: it would leave a hole in every subject")
	}
	if len(prefix) > longestPrefix {
		return fmt.Errorf("the prefix is too long for a stream name: %d characters, %d at most", len(prefix), longestPrefix)
	}
	for _, r := range prefix {
		if why := prefixFault(r); why != "" {
			return fault.New(fault.Failed, "%s is no lattice prefix: %s", shown(prefix), why).WithHint("use letters, digits, '_' and '-' only")
		}
	}
	return nil
}

func prefixSchema() schema.Schema {
	s := schema.Text("^[A-Za-z0-9_-]+$")
	s.MaxLength = longestPrefix
	return s
}

func prefixFault(r rune) string {
	switch {
	case r == '.':
		return "a dot would make two tokens of it, and OTP hosts find control messages by the token's place"
	case r == '*' || r == '>':
		return fmt.Sprintf("%q is a NATS wildcard", r)
	case r == ' ' || r == '\t':
		return "NATS subjects hold no white space"
	case r == '_' || r == '-' || isNameRune(r):
		return ""
	}
	return fmt.Sprintf("%q cannot stand in a stream or bucket name", r)
}

func isNameRune(r rune) bool {
	return r < 0x80 && isAlphanumeric(byte(r)) || r == '.' || r == '_' || r == '-'
}

// fold is what two names must not share: file systems and key stores may not
// tell upper from lower case.
func fold(name string) string { return strings.ToLower(name) }
