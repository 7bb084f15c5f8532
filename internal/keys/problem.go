package keys

import "fmt"

// Role says which half of a key pair a text is.
type Role uint8

// The halves of a key pair. AnyRole, the zero value, stands for "not
// restricted" in what callers want and "unknown" in what was found.
const (
	AnyRole Role = iota
	RolePublic
	RoleSeed
)

// String is the role as JSON output spells it: "public key", "seed" or "key".
func (r Role) String() string {
	switch r {
	case RolePublic:
		return "public key"
	case RoleSeed:
		return "seed"
	default:
		return "key"
	}
}

// length is how many characters a key of the role has.
func (r Role) length() int {
	if r == RoleSeed {
		return SeedLength
	}
	return PublicKeyLength
}

// Code names one cause for which no host should be given a text as the key wanted. The
// values are stable: scripts match them in JSON output.
type Code string

// The causes, in the order in which they are looked for.
const (
	CodeEmpty      Code = "empty"
	CodeLineEnd    Code = "line_end"      // a line end after the key or inside it
	CodeQuoted     Code = "quoted"        // quotes around the key
	CodeWhitespace Code = "white_space"   // a blank before, after or inside
	CodeTooShort   Code = "too_short"     //
	CodeTooLong    Code = "too_long"      //
	CodeIncomplete Code = "incomplete"    // a seed less its last character
	CodeLowerCase  Code = "lower_case"    //
	CodeAlphabet   Code = "alphabet"      // a character outside A-Z 2-7
	CodePrefix     Code = "prefix"        // the first characters open no kind of key
	CodeChecksum   Code = "checksum"      //
	CodeCanonical  Code = "not_canonical" // spare bits of the last character set
	CodeSpareBits  Code = "spare_bits"    // spare bits of a seed's prefix set
	CodeNotSeed    Code = "public_not_seed"
	CodeNotPublic  Code = "seed_not_public"
	CodeKind       Code = "wrong_kind"
	CodeOffCurve   Code = "off_curve"
	CodeSmallOrder Code = "small_order"
	CodeHostFault  Code = "host_fault" // sound, but a fault of the hosts' library refuses it
)

// Problem is the one cause for which a text is not the key wanted. It holds no
// character of a text that may be a seed.
type Problem struct {
	Code     Code
	Role     Role // what the text seems to be
	Position int  // the offending character, counted from 1; 0 where there is none

	// Suggestion is the only single edit that would mend the text, nil where
	// none or several would.
	Suggestion *Suggestion

	message string
	hint    string
}

// Error says what is wrong.
func (p *Problem) Error() string { return p.message }

// Hint says what to do about it; empty where nothing useful can be said.
func (p *Problem) Hint() string { return p.hint }

func problem(code Code, role Role, position int, format string, args ...any) *Problem {
	return &Problem{Code: code, Role: role, Position: position, message: fmt.Sprintf(format, args...)}
}

func (p *Problem) withHint(format string, args ...any) *Problem {
	p.hint = fmt.Sprintf(format, args...)
	return p
}
