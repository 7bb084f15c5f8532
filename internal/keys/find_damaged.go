package keys

import "bytes"

const (
	// widestGap is how many bytes that are no letter or digit may stand between
	// two characters of one seed.
	widestGap = 64
	// enough is how many of a seed's first characters give it away: an attacker
	// tries what is missing of the rest.
	enough = 40
	// slack is by how many characters a damaged seed may miss its length.
	slack = 8
)

// gather collects up to 58 letters and digits from i on, passing over gaps. It
// gives up at once where they do not open a seed.
func (f *finder) gather(i int) {
	f.held, f.whole, f.blank = 0, 0, 0
	if upperCase(f.text[i]) != 'S' {
		return
	}
	gap := 0
	for j := i; j < len(f.text) && f.held < SeedLength && gap <= widestGap; j++ {
		f.looked++
		b := f.text[j]
		if length := escape(f.text[j:]); length > 0 {
			f.mark(' ')
			gap, j = gap+length, j+length-1
			continue
		}
		if !isAlphanumeric(b) {
			f.mark(b)
			gap++
			continue
		}
		if gap > 0 && f.publicAt(j) {
			break
		}
		gap = 0
		f.chars[f.held], f.ends[f.held] = b, j+1
		f.held++
		if f.held == 4 && !opensSeed(&f.chars) {
			f.held = 0
			return
		}
	}
	f.mark('.')
}

// escape is the length of an escape sequence that a text starts with, such as \n
// or \x00 in a quoted text, 0 for none.
func escape(text []byte) int {
	if len(text) < 2 || text[0] != '\\' {
		return 0
	}
	length := 0
	switch text[1] {
	case 'n', 'r', 't', 'v', 'f':
		length = 2
	case 'x':
		length = 4
	case 'u':
		length = 6
	}
	if length > len(text) {
		return 0
	}
	return length
}

// mark notes that a gap begins, unless it has before.
func (f *finder) mark(b byte) {
	if f.whole == 0 {
		f.whole = f.held
	}
	if f.blank == 0 && !isBlank(b) {
		f.blank = f.held
	}
}

// isBlank includes the zero bytes of UTF-16.
func isBlank(b byte) bool { return b == ' ' || b >= '\t' && b <= '\r' || b == 0 }

// opensSeed reports whether characters start as every seed does: S, a kind's
// letter, six bits that are zero and four that are not fixed.
func opensSeed(chars *[SeedLength]byte) bool {
	return upperCase(chars[0]) == 'S' && kindOfLetter(upperCase(chars[1])) != AnyKind && opensPayload(chars[2:])
}

func opensPayload(chars []byte) bool {
	first := upperCase(chars[1])
	return upperCase(chars[0]) == 'A' && 'A' <= first && first <= 'P'
}

// damagedAt is what looks like a damaged seed that begins at i.
func (f *finder) damagedAt(i int) Span {
	if f.word.From == i && f.word.To > i {
		if word := f.text[i:f.word.To]; looksDamaged(word) || lacksFirst(word) {
			return f.word
		}
	}
	f.gather(i)
	switch {
	case f.held < enough:
	case f.whole >= enough && drawn(f.chars[:f.whole]) && !f.insidePublic(i):
		return Span{From: i, To: max(f.word.To, f.ends[f.whole-1])}
	case f.word.From == i && f.blank >= enough && f.inPieces():
		return Span{From: i, To: f.ends[f.blank-1]}
	}
	return Span{}
}

// drawn reports whether characters may have been drawn at random from the key
// alphabet, but for a few slips: they are of one case and, unless they are capitals
// throughout or longer than words of people are, hold a digit.
func drawn(chars []byte) bool {
	const slips, longestWord = 3, SeedLength - 5
	upper, lower, digits := 0, 0, 0
	for _, c := range chars {
		switch {
		case isLower(c):
			lower++
		case c >= 'A':
			upper++
		case '2' <= c && c <= '7':
			digits++
		}
	}
	return (digits > 0 || lower == 0 || len(chars) > longestWord) && min(upper, lower) <= slips
}

// looksDamaged reports whether a word has a seed's length, or nearly, and opens
// like one with at most one slip.
func looksDamaged(word []byte) bool {
	if len(word) < SeedLength-slack || len(word) > SeedLength+slack || !drawn(word) {
		return false
	}
	first, second := upperCase(word[0]), upperCase(word[1])
	kind, payload := kindOfLetter(second) != AnyKind, opensPayload(word[2:])
	switch {
	case first == 'S':
		return kind || payload
	case len(word) == SeedLength:
		return payload && (kind || second == 'S' && kindOfLetter(first) != AnyKind)
	}
	return false
}

// lacksFirst reports whether a word is a seed less one, two or three of its
// first characters, which say nothing but its kind.
func lacksFirst(word []byte) bool {
	lost := SeedLength - len(word)
	if lost < 1 || lost > 3 || !drawn(word) {
		return false
	}
	var whole [SeedLength]byte
	defer clear(whole[:])
	copy(whole[:], "S?A")
	copy(whole[lost:], word)
	if lost == 1 {
		return checks(&whole)
	}
	for _, kind := range Kinds() {
		whole[1] = kind.Letter()
		if checks(&whole) {
			return true
		}
	}
	return false
}

// inPieces tells a damaged seed in pieces from prose that opens alike: it has
// digits, and where it has many pieces a third of them mix these with letters.
func (f *finder) inPieces() bool {
	chars := f.chars[:f.blank]
	pieces, mixed, digits := 0, 0, 0
	letter, digit := false, false
	for k, c := range chars {
		isDigit := c <= '9'
		letter, digit = letter || !isDigit, digit || isDigit
		if isDigit {
			digits++
		}
		if k+1 == len(chars) || f.ends[k+1] > f.ends[k]+1 {
			pieces++
			if letter && digit {
				mixed++
			}
			letter, digit = false, false
		}
	}
	return digits >= 3 && drawn(chars) && (pieces <= 3 || 3*mixed >= pieces)
}

// publicAt reports whether the word at j is a public key.
func (f *finder) publicAt(j int) bool {
	end := j + PublicKeyLength
	if end > len(f.text) || end < len(f.text) && isAlphanumeric(f.text[end]) {
		return false
	}
	f.looked += PublicKeyLength
	_, ok := parsePublic(f.text[j:end])
	return ok
}

// insidePublic reports whether i lies within a public key, of ours or of age.
func (f *finder) insidePublic(i int) bool {
	if f.word.From <= i && bytes.HasPrefix(f.text[f.word.From:f.word.To], []byte("age1")) {
		return true
	}
	for j := max(0, i-PublicKeyLength+1); j <= i && j+PublicKeyLength <= len(f.text); j++ {
		f.looked += PublicKeyLength
		if _, ok := parsePublic(f.text[j : j+PublicKeyLength]); ok {
			return true
		}
	}
	return false
}
