package keys

import "slices"

// Span is a part of a text, in bytes, that holds a seed or what is left of one.
type Span struct {
	From, To int
	Sound    bool // a seed that hosts read, as it stands or in base64
}

// FindSeeds finds whatever in a text may be a seed, in order: sound ones
// wherever they stand, glued to other letters, in lower case, broken by blanks,
// line ends or signs, or in base64; and words that look like a damaged one or
// one cut short, which give most of the secret away too. Public keys, hashes,
// tokens and prose are none. It takes time in proportion to the text.
func FindSeeds(text []byte) []Span {
	f := finder{text: text}
	defer f.wipe()
	var found []Span
	for span, ok := f.next(0); ok; span, ok = f.next(span.To) {
		found = append(found, span)
	}
	return found
}

// MayHoldSeed reports whether FindSeeds finds anything in text, so that it must
// not be shown.
func MayHoldSeed[T Text](text T) bool {
	copied := append([]byte(nil), text...) // a conversion would not copy bytes
	defer clear(copied)
	f := finder{text: copied}
	defer f.wipe()
	_, found := f.next(0)
	return found
}

// Mask puts a placeholder where FindSeeds finds anything. It is the last net
// under messages that repeat what somebody typed; what is known to be a seed
// never gets that far.
func Mask(text string) string {
	copied := []byte(text)
	defer clear(copied)
	spans := FindSeeds(copied)
	for _, span := range slices.Backward(spans) {
		text = text[:span.From] + "[a seed, not shown]" + text[span.To:]
	}
	return text
}

// SeedsIn gives the different sound seeds in a text, in order, for the caller to
// wipe. Damaged ones, and those in lower case or in pieces, are left out: see
// FindSeeds.
func SeedsIn(text []byte) []Seed {
	f := finder{text: text}
	defer f.wipe()
	var found []Seed
	for span, ok := f.next(0); ok; span, ok = f.next(span.To) {
		if !span.Sound {
			continue
		}
		seed, _ := parseSeed(f.chars[:]) // they are still those of the span
		known := slices.ContainsFunc(found, func(s Seed) bool { return s.public == seed.public })
		if known {
			seed.Wipe()
			continue
		}
		found = append(found, seed)
	}
	return found
}

// finder walks through a text. At every place it gathers the characters of one
// candidate at most, so that its time is linear.
type finder struct {
	text   []byte
	word   Span             // the run of letters and digits that the walk is in
	chars  [SeedLength]byte // of the candidate
	ends   [SeedLength]int  // where in the text each of them ends
	held   int              // how many they are
	whole  int              // how many before the first gap
	blank  int              // how many before the first gap that is not blank
	looked int              // how often a byte was looked at: tests hold it to a multiple of the text
}

func (f *finder) wipe() { clear(f.chars[:]) }

// next is the first span that begins at from or behind it.
func (f *finder) next(from int) (Span, bool) {
	for i := from; i < len(f.text); i++ {
		f.looked++
		if i >= f.word.To && isAlphanumeric(f.text[i]) {
			f.word = Span{From: i, To: f.runEnd(i)}
		}
		if span := f.soundAt(i); span.To > 0 {
			return span, true
		}
		if span := f.damagedAt(i); span.To > 0 {
			return f.untilSound(span), true
		}
	}
	return Span{}, false
}

// soundAt is the seed whose checksum holds that begins at i. It is Sound when a
// host would take it without any change.
func (f *finder) soundAt(i int) Span {
	if f.gather(i); f.held == SeedLength && checks(&f.chars) {
		return Span{From: i, To: f.ends[SeedLength-1], Sound: f.whole == SeedLength && exact(&f.chars)}
	}
	return f.encodedAt(i)
}

// untilSound ends the span of a damaged seed where a sound one begins in it, or
// gives the sound one where little stands before it.
func (f *finder) untilSound(span Span) Span {
	for i := span.From + 1; i < span.To; i++ {
		if sound := f.soundAt(i); sound.To > 0 {
			if i-span.From < enough {
				return sound
			}
			span.To = i
		}
	}
	return span
}

// checks reports whether the characters are a seed in either case.
func checks(chars *[SeedLength]byte) bool {
	upper := *chars
	defer clear(upper[:])
	for i, c := range upper {
		upper[i] = upperCase(c)
		if values[upper[i]] == invalid {
			return false
		}
	}
	var raw [decodeRoom]byte
	defer clear(raw[:])
	decode32(raw[:], upper[:])
	return sealed(raw[:seedRawLength]) && raw[0]&0xf8 == seedMarker
}

// exact reports whether the characters are a seed as they stand.
func exact(chars *[SeedLength]byte) bool {
	var raw [decodeRoom]byte
	defer clear(raw[:])
	return decodeSeed(&raw, chars[:]) != AnyKind
}

func (f *finder) runEnd(i int) int {
	for ; i < len(f.text) && isAlphanumeric(f.text[i]); f.looked++ {
		i++
	}
	return i
}

func isAlphanumeric(b byte) bool {
	return 'A' <= b && b <= 'Z' || 'a' <= b && b <= 'z' || '0' <= b && b <= '9'
}

func isLower(b byte) bool { return 'a' <= b && b <= 'z' }

func upperCase(b byte) byte {
	if isLower(b) {
		return b - ('a' - 'A')
	}
	return b
}
