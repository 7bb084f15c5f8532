package keys

// encodedAt is the seed in base64 that begins at i. The first of its bits lie at
// one of three places in a character, since base64 takes three bytes together.
func (f *finder) encodedAt(i int) Span {
	value := sextet(f.text[i])
	for _, shift := range [...]uint{0, 2, 4} { // bits that the character before holds
		if startsWithS(value, shift) && f.holdsS(i, shift) && f.decode(i, shift) {
			return f.judgeEncoded(i, shift)
		}
	}
	return Span{}
}

// startsWithS reports whether the six bits can be those of an S, in either case,
// behind its first ones.
func startsWithS(value byte, shift uint) bool {
	switch shift {
	case 0:
		return value == 'S'>>2 || value == 's'>>2
	case 2:
		return value == 'S'&0x3f || value == 's'&0x3f
	default: // the low half of the S, and 01 as every letter begins
		return value == 'S'&0x0f<<2|1
	}
}

// holdsS reports whether the character before i may hold the first bits of an S, in
// either case: they tell it from a C, which opens public keys. At the beginning of a
// line the one before is not looked for.
func (f *finder) holdsS(i int, shift uint) bool {
	if shift == 0 || i == 0 {
		return true
	}
	before := sextet(f.text[i-1])
	if before == invalid {
		return true
	}
	bits := before & (1<<shift - 1)
	return bits == 'S'>>(8-shift) || bits == 's'>>(8-shift)
}

// decode fills the candidate with what stands at i in base64, line ends passed
// over, also escaped ones, and reports whether it opens a seed.
func (f *finder) decode(i int, shift uint) bool {
	f.held, f.whole, f.blank = 0, 0, 0
	rest, bits := uint32('S')>>(8-shift), shift
	gap := 0
	for j := i; j < len(f.text) && f.held < SeedLength && gap <= widestGap; j++ {
		f.looked++
		b := f.text[j]
		if isBlank(b) {
			gap++
			continue
		}
		if length := escape(f.text[j:]); length > 0 {
			gap, j = gap+length, j+length-1
			continue
		}
		value := sextet(b)
		if value == invalid {
			break
		}
		gap = 0
		rest, bits = rest<<6|uint32(value), bits+6
		if bits < 8 {
			continue
		}
		bits -= 8
		char := byte(rest >> bits)
		if !isAlphanumeric(char) {
			break
		}
		f.chars[f.held], f.ends[f.held] = char, j+1
		f.held++
		if f.held == 4 && !opensSeed(&f.chars) {
			return false
		}
	}
	f.whole = f.held
	return f.held >= enough
}

// judgeEncoded is the span of the candidate if it is a seed or looks damaged:
// it stands as a word of its own, of a seed's length or at the very end.
func (f *finder) judgeEncoded(i int, shift uint) Span {
	span := Span{From: i, To: f.ends[f.held-1]}
	if shift > 0 && i > 0 {
		span.From--
	}
	if f.held == SeedLength && checks(&f.chars) {
		span.Sound = exact(&f.chars)
		return span
	}
	ends := span.To == len(f.text) || sextet(f.text[span.To]) == invalid
	if f.beginsEncoded(i, shift) && (ends || f.held > PublicKeyLength-3) && drawn(f.chars[:f.held]) {
		return span
	}
	return Span{}
}

// beginsEncoded reports whether no letter or digit stands before the candidate
// at i once it is decoded.
func (f *finder) beginsEncoded(i int, shift uint) bool {
	before := func(back int) byte {
		if i < back {
			return invalid
		}
		return sextet(f.text[i-back])
	}
	first, second := before(2), before(1)
	if first == invalid || second == invalid {
		return true
	}
	whole := uint16(first)<<6 | uint16(second)
	return !isAlphanumeric(byte(whole >> shift))
}

// sextet is a character's six bits in base64, of either alphabet.
func sextet(b byte) byte {
	switch {
	case 'A' <= b && b <= 'Z':
		return b - 'A'
	case 'a' <= b && b <= 'z':
		return b - 'a' + 26
	case '0' <= b && b <= '9':
		return b - '0' + 52
	case b == '+' || b == '-':
		return 62
	case b == '/' || b == '_':
		return 63
	}
	return invalid
}
