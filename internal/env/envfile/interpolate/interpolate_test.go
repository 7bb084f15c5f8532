package interpolate_test

import (
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/template"
	"pgregory.net/rapid"

	"github.com/latch-keys/latch/internal/env/envfile/interpolate"
)

// Whatever the text, the result is that of compose's own library.
func TestTextIsComposes(t *testing.T) {
	t.Parallel()
	pieces := []string{"$A", "${A}", "${B}", "$$", "$X", "${X}", "${X:-", "${B:-", "${B-", "${X-", "${A:+", "${B:+", "${B+", "${X+", "${A:?no}", "${B:?no}", "${B?no}", "${X?$A}", "}", "}", "x", " ", "{", "\n", "$", "${", "$C", "é", "$\u017f", "${\u212a}"}
	rapid.Check(t, func(t *rapid.T) {
		compare(t, strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 9).Draw(t, "pieces"), ""))
	})
}

func FuzzText(f *testing.F) {
	for _, text := range []string{"$A", "${B:-${A}}", "${X?say}", "a$$b", "${A:+x}}", "${X-\n}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) { compare(t, text) })
}

func compare(t interface{ Errorf(string, ...any) }, text string) {
	set := map[string]string{"A": "a", "B": "", "C": "$A}"}
	got, err := interpolate.Text(text, func(name string) interpolate.Value { v, ok := set[name]; return interpolate.Value{Text: v, Set: ok} })
	want, wantErr := template.SubstituteWithOptions(text, func(name string) (string, bool) { v, ok := set[name]; return v, ok }, template.WithoutLogging)
	switch {
	case err != nil && strings.Contains(err.Error(), "never closed") && strings.Contains(text, "{"):
		// compose takes some of these, where it does without the default
	case err != nil && strings.Contains(err.Error(), "too long"):
	case err == nil && !got.Known() && strings.ContainsAny(text, "-+?"):
		// not known, so that what stands there is no matter
	case (err == nil) != (wantErr == nil) || err == nil && got.Text != want:
		t.Errorf("%q: %q, %v, compose has %q, %v", text, got.Text, err, want, wantErr)
	}
}

func TestMissing(t *testing.T) {
	for text, want := range map[string]string{
		"a": "", "$$A": "", "$A": "A", "${A}-${B}": "A B", "${A:-x}": "", "${A:?say}": "A", "${A:-$B}": "B", "${A+$B}": "",
	} {
		got, err := interpolate.Text(text, func(string) interpolate.Value { return interpolate.Value{} })
		if err != nil || strings.Join(got.Missing, " ") != want {
			t.Errorf("%q misses %v, %v", text, got.Missing, err)
		}
	}
	if _, err := interpolate.Text("$A"+strings.Repeat("x", 1<<16), nil); err == nil {
		t.Error("a text without an end was taken")
	}
	if _, err := interpolate.Text(strings.Repeat("${A:-", 33)+strings.Repeat("}", 33), nil); err == nil {
		t.Error("a text without a bottom was taken")
	}
}
