package lattice

import (
	"bytes"
	"strconv"
	"unicode/utf8"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/yamledit"
)

// span is a part of a text, in bytes.
type span struct{ from, to int }

// damage is by how many characters a word may miss a seed's length and still be
// taken for a damaged seed, which gives most of the secret away too.
const damage = 4

// secrets finds whatever may be a seed: 58 characters that decode as one, in
// either case and wherever they stand, and words that look like a damaged one.
func secrets(text []byte) []span {
	var found []span
	for _, word := range words(text) {
		found = append(found, secretsIn(text, word)...)
	}
	return found
}

// words are the runs of letters and digits that are long enough to hold a seed.
func words(text []byte) []span {
	var found []span
	from := 0
	for i := range len(text) + 1 {
		if i < len(text) && isAlphanumeric(text[i]) {
			continue
		}
		if i-from >= keys.SeedLength-damage {
			found = append(found, span{from, i})
		}
		from = i + 1
	}
	return found
}

func isAlphanumeric(b byte) bool {
	return 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z' || '0' <= b && b <= '9'
}

func secretsIn(text []byte, word span) []span {
	var found []span
	raw := text[word.from:word.to]
	upper := bytes.ToUpper(raw)
	defer clear(upper)
	for i := 0; i+keys.SeedLength <= len(upper); i++ {
		if opensSeed(upper[i:]) && isSeed([keys.SeedLength]byte(upper[i:])) {
			found = append(found, span{word.from + i, word.from + i + keys.SeedLength})
			i += keys.SeedLength - 1
		}
	}
	oneCase := bytes.Equal(raw, upper) || bytes.Equal(raw, bytes.ToLower(upper))
	if len(found) == 0 && oneCase && opensSeed(upper) && len(upper) <= keys.SeedLength+damage {
		found = append(found, word)
	}
	return found
}

// opensSeed reports whether text starts as seeds do: S and the letter of a kind.
func opensSeed(text []byte) bool {
	return text[0] == 'S' && bytes.IndexByte([]byte("ACMNOUVX"), text[1]) >= 0
}

func isSeed(text [keys.SeedLength]byte) bool {
	defer clear(text[:])
	seed, err := keys.ParseSeed(text[:], keys.AnyKind)
	seed.Wipe()
	return err == nil
}

// shown is text in quotes for a message, or what can be said of it where it
// holds a word so long that it may be part of a secret.
func shown(text string) string {
	const longest, suspicious = 80, 32
	run := 0
	for i := range len(text) {
		run++
		if !isAlphanumeric(text[i]) {
			run = 0
		}
		if run >= suspicious {
			return "(" + strconv.Itoa(utf8.RuneCountInString(text)) + " characters, not shown)"
		}
	}
	if len(text) > longest {
		return strconv.Quote(text[:longest]) + "…"
	}
	return strconv.Quote(text)
}

// exposed is the error for a seed found in what is no place for one.
func exposed(where string) error {
	return fault.New(fault.Failed, "%s is, or nearly is, a seed; a manifest never holds one", where).Like(ErrExposedSeed).WithHint(exposedHint)
}

const exposedHint = "treat the seed as exposed: make a new key, and remove this one here and from the file's history"

// exposedSeeds finds the seeds in a text, comments included.
func exposedSeeds(file string, text []byte) Errors {
	var found Errors
	for _, at := range secrets(text) {
		line, column := yamledit.Position(text, at.from)
		found = append(found, &Error{File: file, Line: line, Column: column, Rule: RuleExposed, cause: exposed("this")})
	}
	return found
}

// MayHoldSeed reports whether a text holds a seed, or what looks like a damaged
// one, so that it must not be shown.
func MayHoldSeed(text []byte) bool { return len(secrets(text)) > 0 }
