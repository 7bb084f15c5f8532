package keyscmd

import (
	"fmt"
	"io"
	"strings"
	"unicode"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/terminal"
)

// verdict is the judgement of one key where it stands.
type verdict struct {
	diagnosisDocument
	Line     int    `json:"line,omitempty"`
	Variable string `json:"variable,omitempty"`
	Entry    int    `json:"entry,omitempty"`
	For      string `json:"for,omitempty"`
	Note     string `json:"note,omitempty"`

	Hosts []hostsDocument `json:"hosts,omitempty"` // what they would do with a bad cluster seed

	shown, caret string // the key and a mark below the place, where that helps
}

// print writes the verdict; file is where it stands, "" for arguments and stdin.
func (v verdict) print(w io.Writer, file string, p terminal.Palette) {
	fmt.Fprint(w, v.place(file))
	if !v.Valid {
		fmt.Fprintf(w, "%s: %s\n", p.Red("invalid"), v.Problem.Message)
		if v.caret != "" {
			fmt.Fprintf(w, "  %s\n  %s\n", v.shown, p.Red(v.caret))
		}
		if v.Problem.Hint != "" {
			fmt.Fprintf(w, "  %s\n", v.Problem.Hint)
		}
		for _, h := range v.Hosts {
			fmt.Fprintf(w, "  as a cluster seed: %s\n", h)
		}
		return
	}
	what := "a " + v.Kind + " public key, " + v.PublicKey
	if v.Role == keys.RoleSeed.String() {
		what = "a " + v.Kind + " seed, its public key is " + v.PublicKey
	}
	if v.For != "" {
		what += "; " + v.For + " hosts accept it"
	}
	fmt.Fprintf(w, "%s: %s\n", p.Green("valid"), what)
	if v.Note != "" {
		fmt.Fprintf(w, "  %s\n", v.Note)
	}
}

// place is where the key stands, as compilers print it.
func (v verdict) place(file string) string {
	var b strings.Builder
	if file != "" {
		b.WriteString(printable.Line(file) + ":")
	}
	if v.Line > 0 && (file != "" || v.Line > 1 || v.Variable != "") {
		if file == "" {
			b.WriteString("line ")
		}
		fmt.Fprintf(&b, "%d: ", v.Line)
	}
	if v.Variable != "" {
		b.WriteString(printable.Line(v.Variable) + ": ")
	}
	if v.Entry > 0 {
		fmt.Fprintf(&b, "entry %d: ", v.Entry)
	}
	return b.String()
}

// widest bounds the picture of a key.
const widest = 100

// picture shows a damaged key with a mark below the place. Only a text that is
// one slip away from a public key is shown as it stands: anything else may be
// the better part of a seed.
func picture(text []byte, d keys.Diagnosis) (shown, caret string) {
	p := d.Problem
	runes := []rune(string(text))
	defer clear(runes)
	if p.Position == 0 || p.Position > len(runes)+1 || len(runes) > widest {
		return "", ""
	}
	public := d.Role == keys.RolePublic && p.Suggestion != nil && p.Suggestion.Role == keys.RolePublic
	var b strings.Builder
	for _, r := range runes {
		if !public || !unicode.IsGraphic(r) {
			r = '·'
		}
		b.WriteRune(r)
	}
	return b.String(), strings.Repeat(" ", p.Position-1) + "^"
}
