package keys

import (
	"bytes"
	"strconv"
)

// EachSeed gives each whole seed in a text, for the caller to wipe, and where it
// stands: those whose checksum holds, in one piece or several, in base64 or in lower
// case, and those that hosts take although it does not hold, as words of their own.
// A span is Sound where the seed is as it should be. Unlike FindSeeds it passes over
// what is cut short or damaged, lower case in pieces, and base64 in lines of less than
// 32 characters; it looks only at places where a seed can begin, and is fit for
// gigabytes. It gives the seeds that an escape begins, and then those in base64 and in
// lower case, after the others; last those of UTF-16.
func EachSeed(text []byte, yield func(Seed, Span)) {
	f := finder{text: text}
	defer f.wipe()
	for i := nextS(text, 0); i < len(text); {
		seed, span, found := f.plainAt(i)
		if !found {
			seed, span, found = f.escapedAt(i)
		}
		if found {
			yield(seed, span)
			i = span.To - 1
		}
		i = nextS(text, i+1)
	}
	for i := escapedS(text, 0); i < len(text); {
		next := i + 1
		if seed, span, found := f.escapedAt(i); found {
			yield(seed, span)
			next = span.To
		}
		i = escapedS(text, next)
	}
	f.eachOther(yield)
	for part := wideRun(text, 0); part.To > 0; part = wideRun(text, part.To) {
		eachWide(text, part, yield)
	}
}

// eachOther gives the seeds in base64 and in lower case.
func (f *finder) eachOther(yield func(Seed, Span)) {
	end := 0
	for part := longRun(f.text, 0); part.To > 0; part = longRun(f.text, part.To) {
		for i := max(part.From-reachBack, end); i < part.To; i++ {
			if seed, span, found := f.otherAt(i); found {
				yield(seed, span)
				end = span.To
				i = end - 1
			}
		}
		end = max(end, part.To)
	}
}

// otherAt is the whole seed in base64 or in lower case that begins at i.
func (f *finder) otherAt(i int) (Seed, Span, bool) {
	switch f.text[i] {
	case 's':
		return f.plainAt(i)
	case 'U', 'T', 'N': // what an S becomes, by its place among three bytes
		if span := f.encodedAt(i); span.To > 0 && f.held == SeedLength {
			seed, ok := f.seed()
			return seed, span, ok
		}
	}
	return Seed{}, Span{}, false
}

// plainAt is the whole seed that begins at i as it is spelled.
func (f *finder) plainAt(i int) (Seed, Span, bool) {
	if f.gather(i); f.held < SeedLength {
		return Seed{}, Span{}, false
	}
	span := Span{From: i, To: f.ends[SeedLength-1]}
	if seed, ok := f.seed(); ok {
		span.Sound = f.whole == SeedLength && exact(&f.chars)
		return seed, span, true
	}
	seed, ok := f.misspelled(i)
	return seed, span, ok
}

// seed is the candidate whose checksum holds, in either case.
func (f *finder) seed() (Seed, bool) {
	upper := f.chars
	defer clear(upper[:])
	for i, c := range upper {
		upper[i] = upperCase(c)
	}
	return parseSeed(upper[:])
}

// misspelled is the candidate at i that hosts take without a checksum. Inside a
// longer word such a thing stands by chance.
func (f *finder) misspelled(i int) (Seed, bool) {
	end := i + SeedLength
	if f.whole != SeedLength || i > 0 && isAlphanumeric(f.text[i-1]) || end < len(f.text) && isAlphanumeric(f.text[end]) {
		return Seed{}, false
	}
	return Respell(f.chars[:])
}

// nextS is the first place at from or behind it where an S stands that a seed can
// begin with, the length of the text where none does.
func nextS(text []byte, from int) int {
	for i := from; ; i++ {
		at := bytes.IndexByte(text[i:], 'S')
		if at < 0 || i+at+2 >= len(text) {
			return len(text)
		}
		i += at
		second, third := text[i+1], text[i+2]
		if !isAlphanumeric(second) || (third == 'A' || !isAlphanumeric(third)) && kindOfLetter(second) != AnyKind {
			return i
		}
	}
}

const (
	longEnough = 32
	// reachBack is how far before a long run a seed may begin of which most is in it:
	// the end of a line of base64, and an indented line end.
	reachBack = 128

	// wordly marks letters and digits, of which base64 makes of a seed: its other
	// two characters stand for bits that no letter and no digit has.
	wordly = no8 + no8 + no8 + no8 + no8 + no8 + "\x01\x01\x01\x01\x01\x01\x01\x01" + "\x01\x01\x00\x00\x00\x00\x00\x00" +
		word32 + word32 + no8 + no8 + no8 + no8 + no8 + no8 + no8 + no8 + no8 + no8 + no8 + no8 + no8 + no8 + no8 + no8
	no8    = "\x00\x00\x00\x00\x00\x00\x00\x00"
	yes8   = "\x01\x01\x01\x01\x01\x01\x01\x01"
	word32 = "\x00" + yes8 + yes8 + yes8 + "\x01\x01" + "\x00\x00\x00\x00\x00"
)

// longRun is the first run of letters and digits, at from or behind it, that is long
// enough for most of a seed or for a line of one in base64. It looks at one character
// in 32 where there is none.
func longRun(text []byte, from int) Span {
	for last := from + longEnough - 1; last < len(text); last = from + longEnough - 1 {
		gap := last
		for gap >= from && wordly[text[gap]] != 0 {
			gap--
		}
		if gap < from {
			run := Span{From: from, To: last + 1}
			for run.To < len(text) && wordly[text[run.To]] != 0 {
				run.To++
			}
			return run
		}
		from = gap + 1
	}
	return Span{}
}

// unicodeS is an S as an escape of JSON spells it.
const unicodeS = `\u0053`

// escapedS is the first place at from or behind it where an escaped S stands, the
// length of the text where none does.
func escapedS(text []byte, from int) int {
	at := bytes.Index(text[from:], []byte(unicodeS))
	if at < 0 {
		return len(text)
	}
	return from + at
}

// escapedAt is the seed at i of which letters are escaped as JSON may: whoever reads
// the text as JSON has it whole.
func (f *finder) escapedAt(i int) (Seed, Span, bool) {
	f.held = 0
	escaped := false
	j := i
	for j < len(f.text) && f.held < SeedLength {
		letter, length := f.text[j], 1
		if letter == '\\' {
			if letter, length = unescaped(f.text[j:]); length == 0 {
				break
			}
			escaped = true
		}
		if !isAlphanumeric(letter) {
			break
		}
		f.chars[f.held] = letter
		f.held++
		j += length
	}
	if f.held < SeedLength || !escaped {
		return Seed{}, Span{}, false
	}
	seed, ok := f.seed()
	return seed, Span{From: i, To: j, Sound: ok && exact(&f.chars)}, ok
}

// unescaped is the character of one byte that an escape at the beginning of a text
// stands for, and how long the escape is; 0 where there is none.
func unescaped(text []byte) (letter byte, length int) {
	const whole = len(unicodeS)
	if len(text) < whole || text[1] != 'u' {
		return 0, 0
	}
	value, err := strconv.ParseUint(string(text[2:whole]), 16, 8)
	if err != nil {
		return 0, 0
	}
	return byte(value), whole
}

// wideRun is the first stretch, at from or behind it, of a text in UTF-16 that is long
// enough for a seed: characters of one byte with a zero byte each, before or behind it.
// It looks at two bytes in 112 where there is none.
func wideRun(text []byte, from int) Span {
	const long = 2 * (SeedLength - 2) // no seed is shorter, in base64 it is longer
	for i := from + long - 1; i+1 < len(text); i += long {
		zero := i
		if text[i] != 0 {
			zero++
		}
		if text[zero] != 0 || text[2*i+1-zero] == 0 {
			continue
		}
		run := Span{From: zero, To: zero + 1}
		for run.From-2 >= from && text[run.From-2] == 0 && text[run.From-1] != 0 {
			run.From -= 2
		}
		for run.To+1 < len(text) && text[run.To] != 0 && text[run.To+1] == 0 {
			run.To += 2
		}
		if run.From > from && text[run.From-1] != 0 {
			run.From--
		}
		if run.To < len(text) && text[run.To] != 0 {
			run.To++
		}
		if run.To-run.From >= long {
			return run
		}
		i = max(i, run.To-long)
	}
	return Span{}
}

// eachWide gives the seeds in base64 and in lower case of a stretch of UTF-16.
func eachWide(text []byte, part Span, yield func(Seed, Span)) {
	first := part.From
	if text[first] == 0 {
		first++
	}
	narrow := make([]byte, 0, (part.To-first+1)/2)
	for i := first; i < part.To; i += 2 {
		narrow = append(narrow, text[i])
	}
	defer clear(narrow)
	f := finder{text: narrow}
	defer f.wipe()
	f.eachOther(func(seed Seed, span Span) {
		yield(seed, Span{From: first + 2*span.From, To: first + 2*(span.To-1) + 1, Sound: span.Sound})
	})
}
