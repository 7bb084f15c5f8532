package keyscmd

import "github.com/latch-keys/latch/internal/keys"

// diagnosisDocument is the judgement of one key as JSON output gives it.
type diagnosisDocument struct {
	Valid     bool             `json:"valid"`
	Kind      string           `json:"kind,omitempty"`
	Role      string           `json:"role"`
	PublicKey string           `json:"public_key,omitempty"`
	Length    int              `json:"length"`
	Completes bool             `json:"completes,omitempty"` // a seed that lacks only its last character, which follows
	Problem   *problemDocument `json:"problem,omitempty"`
}

type problemDocument struct {
	Code     keys.Code `json:"code"`
	Message  string    `json:"message"`
	Position int       `json:"position,omitempty"`
	Hint     string    `json:"hint,omitempty"`

	Suggestion *suggestionDocument `json:"suggestion,omitempty"`
}

// suggestionDocument is the only single edit that mends a key. PublicKey is
// missing for a seed that is not known.
type suggestionDocument struct {
	Edit      keys.Edit `json:"edit"`
	Position  int       `json:"position,omitempty"`
	PublicKey string    `json:"public_key,omitempty"`
	Known     string    `json:"known,omitempty"`
}

func diagnosed(d keys.Diagnosis) diagnosisDocument {
	doc := diagnosisDocument{Valid: d.Valid(), Role: d.Role.String(), PublicKey: d.PublicKey.String(), Length: d.Length, Completes: d.Completes}
	if d.Kind != keys.AnyKind {
		doc.Kind = d.Kind.String()
	}
	if p := d.Problem; p != nil {
		doc.Problem = &problemDocument{Code: p.Code, Message: p.Error(), Position: p.Position, Hint: p.Hint()}
		if s := p.Suggestion; s != nil {
			doc.Problem.Suggestion = &suggestionDocument{s.Edit, s.Position, s.PublicKey.String(), s.Known}
		}
	}
	return doc
}
