package keystorecmd

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/terminal"
)

// owedDocument is a key that a recipient who was removed could open, as JSON output
// gives it.
type owedDocument struct {
	Recipient string         `json:"recipient"`
	Name      string         `json:"name"`
	PublicKey keys.PublicKey `json:"public_key"`
	Revisions []uint64       `json:"revisions"`
	Since     time.Time      `json:"since"`
}

// showOwed shows what is left to do after recipients have left.
func (a verbs) showOwed(ctx context.Context, store *keystore.Bucket, gone []recipientDocument, encrypted int) error {
	debts, err := store.Debts(ctx)
	if err != nil {
		return err
	}
	docs := make([]owedDocument, len(debts))
	rows := make([][]string, len(debts))
	for i, d := range debts {
		docs[i] = owedDocument(d)
		rows[i] = []string{d.Name, d.PublicKey.String(), printable.Line(d.Recipient), strings.Trim(fmt.Sprint(d.Revisions), "[]")}
	}
	err = a.ShowDone(struct {
		recipientsDocument
		Rotate []owedDocument `json:"rotate"`
	}{recipientsDocument{store.URI(), nil, gone, encrypted}, docs}, func(w io.Writer) {
		for _, d := range gone {
			fmt.Fprintln(w, "removed", d)
		}
		if len(rows) > 0 {
			terminal.Table(w, a.Width(), []string{"ROTATE", "PUBLIC KEY", "COULD BE OPENED BY", "REVISIONS"}, rows)
		}
	})
	if err == nil {
		a.Say("Re-encrypted %d seed%s.", encrypted, app.Plural(encrypted))
	}
	if err == nil && len(rows) > 0 {
		a.Say("Rotate these keys: who could open them may have kept them. latch keystore check exits with 3 until they are gone.")
	}
	return err
}
