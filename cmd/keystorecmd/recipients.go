package keystorecmd

import (
	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/printable"
)

func newRecipients(a verbs) *cobra.Command {
	c := &cobra.Command{
		Use:   "recipients",
		Short: "Manage who can open an age: or nats: keystore",
		Long: `Manages the recipients who can open an age: or nats: keystore. Adding or removing
one re-encrypts every seed: all of them or none.

A removed recipient may have kept the old files, and git keeps them too: rotate the
keys that they could read. A nats: keystore remembers which those are, and latch
keystore check exits with 3 until they are gone.`,
	}
	app.AsGroup(c)
	c.AddCommand(newRecipientsList(a), newRecipientsAdd(a), newRecipientsRemove(a))
	return c
}

// recipientDocument is a recipient as JSON output gives it.
type recipientDocument struct {
	Kind      string `json:"kind"`
	Recipient string `json:"recipient"`
	Comment   string `json:"comment,omitempty"`
}

func describeRecipients(all []agefile.Recipient) []recipientDocument {
	docs := make([]recipientDocument, len(all))
	for i, r := range all {
		docs[i] = recipientDocument{r.Kind(), r.Text, r.Comment}
	}
	return docs
}

// String is the recipient as a recipients file has it.
func (d recipientDocument) String() string {
	if d.Comment == "" {
		return d.Recipient
	}
	return d.Recipient + " " + printable.Line(d.Comment)
}

// recipientsDocument is what a change of recipients did, as JSON output gives it.
type recipientsDocument struct {
	Keystore  string              `json:"keystore"`
	Added     []recipientDocument `json:"added,omitempty"`
	Removed   []recipientDocument `json:"removed,omitempty"`
	Encrypted int                 `json:"encrypted"`
}
