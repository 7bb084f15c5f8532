package interpolate_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/compose-spec/compose-go/v2/template"
	"github.com/sirupsen/logrus"
	"pgregory.net/rapid"

	"github.com/latch-keys/latch/internal/env/envfile/interpolate"
)

// Whatever the text, the result is that of compose's own library, which logs
// nothing on the way.
func TestTextIsComposes(t *testing.T) {
	var logged bytes.Buffer
	logrus.SetOutput(&logged)
	set := map[string]string{"A": "a", "B": "", "C": "$A}"}
	lookup := func(name string) (string, bool) { v, ok := set[name]; return v, ok }
	pieces := []string{"$A", "${A}", "${B}", "$$", "$X", "${X}", "${X:-", "${B:-", "${B-", "${X-", "${A:+", "${X+", "${A:?no}", "}", "}", "x", " ", "{", "\n", "$", "${", "$C", "é"}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOfN(rapid.SampledFrom(pieces), 0, 9).Draw(t, "pieces"), "")
		got, err := interpolate.Text(text, func(name string) interpolate.Value { v, ok := set[name]; return interpolate.Value{Text: v, Set: ok} })
		if logged.Len() > 0 {
			t.Fatalf("%q was logged: %s", text, logged.String())
		}
		want, wantErr := template.SubstituteWithOptions(text, lookup, template.WithoutLogging)
		logged.Reset()
		if err != nil && strings.Contains(err.Error(), "never closed") && strings.Count(text, "{") > 0 {
			return // compose takes some of these, where it does without the default
		}
		if err == nil && !got.Known() && strings.ContainsAny(text, "-+") {
			return // not known, so that what stands there is no matter
		}
		if (err == nil) != (wantErr == nil) || err == nil && got.Text != want {
			t.Errorf("%q: %q, %v, compose has %q, %v", text, got.Text, err, want, wantErr)
		}
	})
}

// Whatever the text, replacing ends, and a text without a $ stays as it is.
func FuzzText(f *testing.F) {
	for _, text := range []string{"$A", "${B:-${A}}", "${X?say}", "a$$b", "${A:+x}}", "${X-\n}"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := interpolate.Text(text, func(name string) interpolate.Value { return interpolate.Value{Text: name, Set: name != "X"} })
		if !strings.Contains(text, "$") && (err != nil || got.Text != text) {
			t.Errorf("%q becomes %q, %v", text, got.Text, err)
		}
	})
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
