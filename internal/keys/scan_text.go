package keys

import (
	"bytes"
	"slices"
)

// isText reports whether a line is no list of keys but a text that may hold some:
// YAML, JSON, a log. after says that it follows one, as an element in quotes does.
func isText(line []byte, after bool) bool {
	line = bytes.TrimSpace(line)
	if bytes.ContainsAny(line, ":{}[]") || after && bytes.ContainsAny(line, "\"'") {
		return true
	}
	for i := 1; i+1 < len(line); i++ {
		if isBlank(line[i]) && !isBlank(line[i+1]) && line[i-1] != ',' && line[i+1] != ',' {
			return true
		}
	}
	return false
}

// scanText hands on the keys in a text, and what looks like a damaged one, in
// order. A seed in base64 is handed on as what it says.
func scanText(line []byte, found Found, slots map[string]Slot, yield func(Found) bool) bool {
	f := finder{text: line}
	defer f.wipe()
	type place struct {
		Span
		text []byte
	}
	var places []place
	for span, ok := f.next(0); ok; span, ok = f.next(span.To) {
		text := line[span.From:span.To]
		if span.Sound {
			text = bytes.Clone(f.chars[:])
			defer clear(text)
		}
		places = append(places, place{span, text})
	}
	for from := 0; from < len(line); {
		word := Span{From: from, To: f.runEnd(from)}
		inSeed := slices.ContainsFunc(places, func(p place) bool { return p.From < word.To && word.From < p.To })
		if text := line[word.From:word.To]; !inSeed && looksPublic(text) {
			places = append(places, place{word, text})
		}
		from = word.To + 1
	}
	if bare := withoutBlanks(line); len(places) == 0 && looksPublic(bare) {
		places = append(places, place{Span{}, line}) // one with blanks inside
	}
	slices.SortFunc(places, func(a, b place) int { return a.From - b.From })
	for _, p := range places {
		one := found
		if slot, ok := slots[nameBefore(line[:p.From])]; ok {
			one.Variable, one.Want = nameBefore(line[:p.From]), slot.Want
		}
		one.Text = p.text
		if !yield(one) {
			return false
		}
	}
	return true
}

// looksPublic reports whether a word is a public key or looks like a damaged one.
func looksPublic(word []byte) bool {
	const slips = 2
	if len(word) < PublicKeyLength-slips || len(word) > PublicKeyLength+slips {
		return false
	}
	return kindOfLetter(upperCase(word[0])) != AnyKind && bytes.IndexByte([]byte(secondLetters), upperCase(word[1])) >= 0 && drawn(word)
}

func withoutBlanks(line []byte) []byte {
	return bytes.Join(bytes.Fields(line), nil)
}

// nameBefore is the word that ends a text, but for the signs between a name and
// its value.
func nameBefore(text []byte) string {
	text = bytes.TrimRight(text, " \t:=\"'|>-")
	from := bytes.LastIndexFunc(text, func(r rune) bool { return r != '_' && (r > 0x7f || !isAlphanumeric(byte(r))) })
	return string(text[from+1:])
}
