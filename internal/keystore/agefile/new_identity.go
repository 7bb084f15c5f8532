package agefile

import (
	"fmt"
	"time"

	"filippo.io/age"
)

// NewIdentity makes an age identity: the text of its file, as age-keygen writes
// it, for the caller to clear, and the recipient that it opens for.
func NewIdentity(created time.Time) ([]byte, Recipient, error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return nil, Recipient{}, fmt.Errorf("failed to make an identity: %w", err)
	}
	public := id.Recipient()
	text := fmt.Appendf(nil, "# created: %s\n# public key: %s\n%s\n", created.UTC().Format(time.RFC3339), public, id)
	return text, Recipient{Text: public.String(), key: public}, nil
}
