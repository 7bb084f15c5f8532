package rawtext_test

import (
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/latch-keys/latch/internal/rawtext"
)

// wide is text in UTF-16, the low byte first.
func wide(text string) []byte {
	var data []byte
	for _, unit := range utf16.Encode([]rune(text)) {
		data = append(data, byte(unit), byte(unit>>8))
	}
	return data
}

func TestCheck(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                                       "",
		"A=1\n":                                  "",
		"\xef\xbb\xbfA=1":                        "",
		string(wide("\ufeffA=1\n")):              "UTF-16",
		string(wide("WASMCLOUD_LATTICE=prod\n")): "UTF-16",
		"\x00A\x00=\x001\x00\n\x00B\x00=\x002":   "UTF-16",
		"a\n<<<<<<< HEAD\nb\n=======\nc\n>>>>>>> x\n":      "merge conflict",
		"<<<<<<< a heading\n=======\nof somebody's text\n": "",
		"=======\n>>>>>>> x\n":                             "",
	} {
		flaw := rawtext.Check([]byte(text))
		switch {
		case want == "" && flaw != nil:
			t.Errorf("%q: %s", text, flaw.Message)
		case want != "" && (flaw == nil || !strings.Contains(flaw.Message, want) || flaw.Hint == "" || flaw.Column != 1):
			t.Errorf("%q: %+v, want %s", text, flaw, want)
		}
	}
	if flaw := rawtext.Check([]byte("a\n<<<<<<< HEAD\n=======\n>>>>>>> x\n")); flaw == nil || flaw.Line != 2 {
		t.Errorf("the conflict opens on line 2: %+v", flaw)
	}
}
