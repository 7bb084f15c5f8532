package bucket

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/agefile"
)

const seedKeys = "seeds."

// keyOf is the key of the bucket that holds the seed of a name. A dot would part it.
func keyOf(name string) string { return seedKeys + strings.ReplaceAll(name, ".", "=") }

// nameOf is the name whose seed a key holds.
func nameOf(key string) string {
	return strings.ReplaceAll(strings.TrimPrefix(key, seedKeys), "=", ".")
}

// record is one revision of a seed, which nobody can use for another name or in
// another bucket.
type record struct {
	Store     string         `json:"store"`
	Name      string         `json:"name"`
	PublicKey keys.PublicKey `json:"public_key"`
	Created   time.Time      `json:"created"`
	To        []string       `json:"to"` // the ids of those who can open it
	Sealed    string         `json:"sealed"`
}

func (r record) encode(signer keys.Seed) ([]byte, error) {
	body, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	return sign(signedSeed, signer, body)
}

// decodeRecord reads a revision of a name, and gives by whom it is signed.
func decodeRecord(data []byte, inStore, name string) (record, keys.PublicKey, error) {
	var r record
	body, by, err := verify(signedSeed, data)
	if err == nil && json.Unmarshal(body, &r) != nil {
		err = errors.New("it is malformed")
	}
	switch {
	case err != nil:
	case r.Store != inStore:
		err = errors.New("it was made for another keystore")
	case r.Name != name:
		err = errors.New("it was made for another name")
	}
	return r, by, err
}

// ids are those of recipients, in an order that does not depend on theirs.
func ids(all []recipient) []string {
	var found []string
	for _, r := range all {
		found = append(found, r.id())
	}
	slices.Sort(found)
	return found
}

// ageRecipients are the recipients as age knows them.
func ageRecipients(all []recipient) ([]agefile.Recipient, error) {
	var found []agefile.Recipient
	for _, r := range all {
		parsed, err := r.age()
		if err != nil {
			return nil, err
		}
		found = append(found, parsed)
	}
	return found, nil
}
