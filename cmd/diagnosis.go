package cmd

import (
	"fmt"
	"io"

	"github.com/latch-keys/latch/internal/keys"
)

// diagnosisDocument is the judgement of one key as JSON output gives it.
type diagnosisDocument struct {
	Valid     bool             `json:"valid"`
	Kind      string           `json:"kind,omitempty"`
	Role      string           `json:"role"`
	PublicKey string           `json:"public_key,omitempty"`
	Length    int              `json:"length"`
	Problem   *problemDocument `json:"problem,omitempty"`
}

type problemDocument struct {
	Code     keys.Code `json:"code"`
	Message  string    `json:"message"`
	Position int       `json:"position,omitempty"`
	Hint     string    `json:"hint,omitempty"`
}

func diagnosed(d keys.Diagnosis) diagnosisDocument {
	doc := diagnosisDocument{Valid: d.Valid(), Role: d.Role.String(), PublicKey: d.PublicKey.String(), Length: d.Length}
	if d.Kind != keys.AnyKind {
		doc.Kind = d.Kind.String()
	}
	if p := d.Problem; p != nil {
		doc.Problem = &problemDocument{Code: p.Code, Message: p.Error(), Position: p.Position, Hint: p.Hint()}
	}
	return doc
}

func (d diagnosisDocument) print(w io.Writer, p palette) {
	if d.Valid && d.Role == keys.RoleSeed.String() {
		fmt.Fprintf(w, "%s: a %s seed, its public key is %s\n", p.green("valid"), d.Kind, d.PublicKey)
		return
	}
	if d.Valid {
		fmt.Fprintf(w, "%s: a %s public key, %s\n", p.green("valid"), d.Kind, d.PublicKey)
		return
	}
	fmt.Fprintf(w, "%s: %s\n", p.red("invalid"), d.Problem.Message)
	if d.Problem.Hint != "" {
		fmt.Fprintf(w, "  %s\n", d.Problem.Hint)
	}
}
