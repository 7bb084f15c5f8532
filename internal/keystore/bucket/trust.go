package bucket

import (
	"encoding/base64"
	"errors"
	"fmt"
	"slices"

	"github.com/latch-keys/latch/internal/keys"
)

// maintainer is somebody who may change the keystore, introduced by another.
type maintainer struct {
	Key       keys.PublicKey `json:"key"`
	Name      string         `json:"name,omitempty"`
	By        keys.PublicKey `json:"by"`    // the first introduces himself
	Since     uint64         `json:"since"` // the generation
	Signature string         `json:"signature"`
}

// introduce makes a maintainer of a key.
func introduce(inStore string, key keys.PublicKey, name string, since uint64, by keys.Seed) (maintainer, error) {
	m := maintainer{Key: key, Name: name, By: by.PublicKey(), Since: since}
	signature, err := by.Sign(m.vouched(inStore))
	m.Signature = base64.RawURLEncoding.EncodeToString(signature)
	return m, err
}

func (m maintainer) vouched(inStore string) []byte {
	return vouched("maintainer-1", fmt.Appendf(nil, "%s\n%s\n%d\n%s", inStore, m.Key, m.Since, m.Name))
}

// introduced tells whether the introduction is the introducer's own.
func (m maintainer) introduced(inStore string) bool {
	signature, err := base64.RawURLEncoding.DecodeString(m.Signature)
	return err == nil && m.By.Verify(m.vouched(inStore), signature) == nil
}

func (r root) maintains(key keys.PublicKey) bool {
	return slices.ContainsFunc(r.Maintainers, func(m maintainer) bool { return m.Key == key })
}

// signedBy is an error where a maintainer is not who signed.
func (r root) signedBy(key keys.PublicKey) error {
	if r.maintains(key) {
		return nil
	}
	return errors.New("it is signed by " + key.String() + ", who is no maintainer")
}

func (r root) maintainerKeys() []keys.PublicKey {
	var all []keys.PublicKey
	for _, m := range r.Maintainers {
		all = append(all, m.Key)
	}
	return all
}

// trustedFrom tells whether who signed a root is one of the keys, or was introduced
// by one of them, or by one so introduced; it is where there are none. Introductions
// up to the generation seen last do not count for who was no maintainer then: they
// have been taken back.
func (s snapshot) trustedFrom(anchors []keys.PublicKey, seenLast uint64) bool {
	all := slices.Clone(anchors)
	for grown := true; grown; {
		grown = false
		for _, m := range s.Maintainers {
			if !slices.Contains(all, m.Key) && slices.Contains(all, m.By) && m.Since > seenLast && m.introduced(s.Store) {
				all, grown = append(all, m.Key), true
			}
		}
	}
	return len(anchors) == 0 || slices.Contains(all, s.by)
}
