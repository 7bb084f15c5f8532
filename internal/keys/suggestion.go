package keys

import "fmt"

// Edit is the kind of slip that a suggestion undoes.
type Edit string

// The slips that are looked for. The values are stable: scripts match them in
// JSON output.
const (
	EditWrapping    Edit = "wrapping"    // white space, quotes or line ends
	EditCase        Edit = "case"        // lower case
	EditLookAlike   Edit = "look_alike"  // 0 for O, 1 for I or L, 8 for B
	EditSubstituted Edit = "substituted" // one wrong character
	EditTransposed  Edit = "transposed"  // two neighbours swapped
	EditMissing     Edit = "missing"     // one character left out
	EditExtra       Edit = "extra"       // one character too many
)

// Suggestion is the only single edit that makes a damaged text a valid key. It
// is likely, not certain: a checksum has 16 bits. It is never applied.
type Suggestion struct {
	Edit      Edit
	Role      Role      // which half of a pair the edit gives
	Position  int       // in the damaged text, from 1: what to look at
	PublicKey PublicKey // the mended key; of a seed only if it is known, else zero
	Known     string    // what the caller calls the key; empty if it is unknown
}

// adopt adds to a problem what the one repair tells of it.
func (p *Problem) adopt(s *Suggestion) {
	if s == nil {
		return
	}
	p.Suggestion = s
	if where := s.where(); where != "" && p.Position != s.Position {
		p.message += ": " + where
		p.Position = s.Position
	}
	switch {
	case s.Known != "":
		p.hint = fmt.Sprintf("this looks like your key %s, %s", s.Known, s.PublicKey)
	case !s.PublicKey.IsZero():
		p.hint = fmt.Sprintf("did you mean %s? No other single change gives a valid key", s.PublicKey)
	case p.hint == "" && s.where() != "":
		p.hint = "no other single change gives a valid seed; copy it again from where it is whole"
	}
}

// warnOf says that hosts overlook the problem of a seed, and what follows.
func (p *Problem) warnOf(key PublicKey) {
	who := "no wasmCloud host notices: one that is given this seed"
	if key.kind != Cluster {
		who = "no OTP host notices: one that is given this seed as its cluster seed"
	}
	warning := fmt.Sprintf("%s starts, signs as %s, and is refused by all that do not accept that key; "+
		"latch keys import --respell keeps a key that hosts already run on", who, key)
	if p.hint != "" && p.Code != CodeSpareBits {
		warning += "; " + p.hint
	}
	p.hint = warning
}

// where says what looks wrong, for the slips that the text alone does not show.
func (s *Suggestion) where() string {
	switch s.Edit {
	case EditSubstituted:
		return fmt.Sprintf("character %d looks wrong", s.Position)
	case EditTransposed:
		return fmt.Sprintf("characters %d and %d look swapped", s.Position, s.Position+1)
	case EditMissing:
		return fmt.Sprintf("a character looks missing at place %d", s.Position)
	case EditExtra:
		return fmt.Sprintf("character %d looks like one too many", s.Position)
	default:
		return ""
	}
}
