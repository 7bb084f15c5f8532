package printable

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// JSON guards a JSON document on its way to to: it escapes in strings what
// encoding/json leaves as it is and a terminal does not.
func JSON(to io.Writer) io.Writer { return jsonWriter{to} }

type jsonWriter struct{ to io.Writer }

// Write passes on whole characters.
func (w jsonWriter) Write(text []byte) (int, error) {
	clean := string(text)
	if strings.IndexFunc(clean, beyondASCII) >= 0 {
		clean = escapeJSON(clean)
	}
	if _, err := io.WriteString(w.to, clean); err != nil {
		return 0, err
	}
	return len(text), nil
}

// beyondASCII reports what encoding/json does not escape by itself and is unfit.
func beyondASCII(r rune) bool { return r >= 0x7f && r != utf8.RuneError && unfit(r) }

func escapeJSON(text string) string {
	var b strings.Builder
	for _, r := range text {
		if beyondASCII(r) {
			fmt.Fprintf(&b, `\u%04x`, r)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}
