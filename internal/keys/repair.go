package keys

import (
	"bytes"
	"unicode"
)

// suggest looks for the one edit that mends text. Known keys win: where several
// edits give a valid key but only one a known one, that is it.
func suggest(text []byte, role Role, want Want) *Suggestion {
	for _, r := range rolesToTry(role, want) {
		s := search{role: r, want: want}
		s.wrapping(text)
		if len(s.found) == 0 && plain(text) {
			s.edits(text)
		}
		if mended := s.verdict(); mended != nil {
			return mended
		}
	}
	return nil
}

// rolesToTry has the likely role first: a first letter may be what is damaged.
func rolesToTry(role Role, want Want) []Role {
	switch {
	case want.Role != AnyRole:
		return []Role{want.Role}
	case role == RoleSeed:
		return []Role{RoleSeed, RolePublic}
	default:
		return []Role{RolePublic, RoleSeed}
	}
}

// plain reports whether text has nothing in it that a single edit of one
// character could not mend.
func plain(text []byte) bool {
	return bytes.IndexFunc(text, func(r rune) bool { return r > 0x7f || r < '!' }) < 0
}

// search collects the distinct keys that edits of a text give.
type search struct {
	role  Role
	want  Want
	found []Suggestion
	seeds [][decodeRoom]byte // what was found, for seeds
}

// try keeps the edited text if it is a key, and one that was not found yet.
func (s *search) try(text []byte, edit Edit, position int) {
	if s.role == RoleSeed {
		s.trySeed(text, edit, position)
		return
	}
	key, ok := parsePublic(text)
	if !ok || s.want.Kind != AnyKind && key.kind != s.want.Kind {
		return
	}
	for _, f := range s.found {
		if f.PublicKey == key {
			return
		}
	}
	if key.derived() {
		s.found = append(s.found, Suggestion{edit, RolePublic, position, key, s.want.Known[key]})
	}
}

func (s *search) trySeed(text []byte, edit Edit, position int) {
	var raw [decodeRoom]byte
	kind := decodeSeed(&raw, text)
	if kind == AnyKind || s.want.Kind != AnyKind && kind != s.want.Kind {
		return
	}
	for _, seen := range s.seeds {
		if seen == raw {
			return
		}
	}
	s.seeds = append(s.seeds, raw)
	mended := Suggestion{Edit: edit, Role: RoleSeed, Position: position}
	if len(s.want.Known) > 0 {
		public := derive(kind, (*[32]byte)(raw[2:34]))
		if name := s.want.Known[public]; name != "" {
			mended.PublicKey, mended.Known = public, name
		}
	}
	s.found = append(s.found, mended)
}

// verdict is the one suggestion, if there is exactly one, or one known.
func (s *search) verdict() *Suggestion {
	for i := range s.seeds {
		clear(s.seeds[i][:])
	}
	var known []Suggestion
	for _, f := range s.found {
		if f.Known != "" {
			known = append(known, f)
		}
	}
	switch {
	case len(known) == 1:
		return &known[0]
	case len(s.found) == 1:
		return &s.found[0]
	}
	return nil
}

// wrapping tries the text without what does not belong to it, then in upper case.
func (s *search) wrapping(text []byte) {
	bare := bytes.Map(func(r rune) rune {
		if unicode.IsSpace(r) || isQuote(r) || r == '\ufeff' || r == '\u200b' {
			return -1
		}
		return r
	}, text)
	defer clear(bare)
	if len(bare) != len(text) {
		s.try(bare, EditWrapping, 0)
	}
	upper := bytes.ToUpper(bare)
	defer clear(upper)
	if !bytes.Equal(upper, bare) {
		s.try(upper, EditCase, 0)
	}
}

// edits tries every single edit that leads to the right length, look-alikes
// first.
func (s *search) edits(text []byte) {
	buffer := make([]byte, 0, len(text)+1)
	defer func() { clear(buffer[:cap(buffer)]) }()
	switch want := s.role.length(); len(text) {
	case want:
		s.lookAlikes(text)
		s.substitutions(append(buffer, text...))
		s.transpositions(append(buffer, text...))
	case want - 1:
		s.insertions(text, append(buffer, text...))
	case want + 1:
		s.deletions(text, buffer)
	}
}

// lookAlikes undoes what eyes and OCR mistake, throughout the text at once.
func (s *search) lookAlikes(text []byte) {
	at := firstAlien(text)
	if at < 0 {
		return
	}
	for _, one := range "IL" {
		mended := bytes.Map(func(r rune) rune {
			switch r {
			case '0':
				return 'O'
			case '1':
				return one
			case '8':
				return 'B'
			}
			return r
		}, text)
		s.try(mended, EditLookAlike, at+1)
		clear(mended)
	}
}

func (s *search) substitutions(text []byte) {
	first, last := 0, len(text)
	if at := firstAlien(text); at >= 0 { // only there can one edit help
		first, last = at, at+1
	}
	for i := first; i < last; i++ {
		was := text[i]
		for c := range len(alphabet) {
			if text[i] = alphabet[c]; text[i] != was {
				s.try(text, EditSubstituted, i+1)
			}
		}
		text[i] = was
	}
}

func (s *search) transpositions(text []byte) {
	for i := range len(text) - 1 {
		text[i], text[i+1] = text[i+1], text[i]
		s.try(text, EditTransposed, i+1)
		text[i], text[i+1] = text[i+1], text[i]
	}
}

// insertions try a character in front of each place, then at the end.
func (s *search) insertions(text, buffer []byte) {
	for i := range len(text) + 1 {
		buffer = append(append(buffer[:0], text[:i]...), 0)
		buffer = append(buffer, text[i:]...)
		for c := range len(alphabet) {
			buffer[i] = alphabet[c]
			s.try(buffer, EditMissing, i+1)
		}
	}
}

func (s *search) deletions(text, buffer []byte) {
	for i := range text {
		s.try(append(append(buffer[:0], text[:i]...), text[i+1:]...), EditExtra, i+1)
	}
}

// Mistyped tells whether public belongs to seed with one character replaced or
// two neighbours swapped, and where, counted from 1. No host checks a seed's
// checksum: with such a slip it starts all the same, and signs with that key.
func Mistyped(seed Seed, public PublicKey) (position int, found bool) {
	text := seed.Reveal()
	defer clear(text)
	opens := func() bool {
		var raw [decodeRoom]byte
		defer clear(raw[:])
		if !decode32(raw[:], text) || raw[0]&0xf8 != seedMarker {
			return false
		}
		payload := [32]byte(raw[2:34])
		defer clear(payload[:])
		return derive(public.kind, &payload) == public
	}
	// The first two characters are the marker and the kind, the last four little
	// but the checksum.
	for at := 2; at < len(text); at++ {
		was := text[at]
		for _, char := range []byte(alphabet) {
			if text[at] = char; char != was && opens() {
				text[at] = was
				return at + 1, true
			}
		}
		text[at] = was
		if at+1 < len(text) && text[at] != text[at+1] {
			text[at], text[at+1] = text[at+1], text[at]
			swapped := opens()
			text[at], text[at+1] = text[at+1], text[at]
			if swapped {
				return at + 1, true
			}
		}
	}
	return 0, false
}
