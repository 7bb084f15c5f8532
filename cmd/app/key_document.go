package app

import (
	"fmt"
	"io"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
)

// KeyDocument is a stored key as JSON output gives it.
type KeyDocument struct {
	Name      string         `json:"name"`
	Kind      string         `json:"kind"`
	PublicKey keys.PublicKey `json:"public_key"`
	Keystore  string         `json:"keystore,omitempty"`
	Created   *time.Time     `json:"created,omitempty"`
	Seed      string         `json:"seed,omitempty"`
}

// DescribeKey is the document of a stored key.
func DescribeKey(e keystore.Entry) KeyDocument {
	doc := KeyDocument{Name: e.Name, Kind: e.PublicKey.Kind().String(), PublicKey: e.PublicKey}
	if !e.Created.IsZero() {
		doc.Created = &e.Created
	}
	return doc
}

// CreatedText is when the key was made, "-" where that is not known.
func (d KeyDocument) CreatedText() string {
	if d.Created == nil {
		return "-"
	}
	return d.Created.UTC().Format(time.RFC3339)
}

// FindingDocument is something not as it should be, as JSON output gives it.
type FindingDocument struct {
	Name    string `json:"name,omitempty"`
	Message string `json:"message"`
	Remedy  string `json:"remedy,omitempty"`
	Mended  bool   `json:"mended"`
}

// DescribeFindings are the documents of findings.
func DescribeFindings(findings []keystore.Finding) []FindingDocument {
	docs := make([]FindingDocument, len(findings))
	for i, f := range findings {
		docs[i] = FindingDocument(f)
	}
	return docs
}

// PrintFindings writes findings for a person.
func PrintFindings(w io.Writer, findings []keystore.Finding) {
	for _, f := range findings {
		if f.Name != "" {
			fmt.Fprintf(w, "%s: ", f.Name)
		}
		fmt.Fprintln(w, f.Message)
		switch {
		case f.Mended:
			fmt.Fprintf(w, "  mended: %s\n", f.Remedy)
		case f.Remedy != "":
			fmt.Fprintf(w, "  --repair would: %s\n", f.Remedy)
		}
	}
}
