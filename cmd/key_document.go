package cmd

import (
	"fmt"
	"io"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
)

// keyDocument is a stored key as JSON output gives it.
type keyDocument struct {
	Name      string         `json:"name"`
	Kind      string         `json:"kind"`
	PublicKey keys.PublicKey `json:"public_key"`
	Keystore  string         `json:"keystore,omitempty"`
	Created   *time.Time     `json:"created,omitempty"`
	Seed      string         `json:"seed,omitempty"`
}

func describe(e keystore.Entry) keyDocument {
	doc := keyDocument{Name: e.Name, Kind: e.PublicKey.Kind().String(), PublicKey: e.PublicKey}
	if !e.Created.IsZero() {
		doc.Created = &e.Created
	}
	return doc
}

func (d keyDocument) created() string {
	if d.Created == nil {
		return "-"
	}
	return d.Created.UTC().Format(time.RFC3339)
}

// findingDocument is something not as it should be, as JSON output gives it.
type findingDocument struct {
	Name    string `json:"name,omitempty"`
	Message string `json:"message"`
	Remedy  string `json:"remedy,omitempty"`
	Mended  bool   `json:"mended"`
}

func describeFindings(findings []keystore.Finding) []findingDocument {
	docs := make([]findingDocument, len(findings))
	for i, f := range findings {
		docs[i] = findingDocument(f)
	}
	return docs
}

func printFindings(w io.Writer, findings []keystore.Finding) {
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
