package vault

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// text is a secret in JSON, as bytes that can be cleared.
type text []byte

// MarshalJSON writes it as it is.
func (t text) MarshalJSON() ([]byte, error) {
	return append(append([]byte{'"'}, t...), '"'), nil
}

// UnmarshalJSON takes what stands between the quotes: a seed needs no escapes, and what
// has some is none, nor is what is no text.
func (t *text) UnmarshalJSON(data []byte) error {
	*t = bytes.Clone(bytes.Trim(data, `"`))
	return nil
}

// content is what a version of a secret holds. A rename takes three writes: the old
// secret says where it moves to, the new one that it came from there, and the old one
// goes. It counts from the second on, so that the seed has one name at any time.
type content struct {
	Seed      text   `json:"seed,omitempty"`
	PublicKey string `json:"public_key,omitempty"`
	Created   string `json:"created,omitempty"`
	MovingTo  string `json:"moving_to,omitempty"`
	MovedFrom string `json:"moved_from,omitempty"`
	Deleted   bool   `json:"deleted,omitempty"`
}

// version is the current version of a secret.
type version struct {
	name    string
	number  int // 0: there never was one
	live    bool
	content content
	written string // when, as the server says it
	note    note
	// moved: it holds a seed that has its new name already.
	moved bool
}

// note is what lies beside the versions of a secret, in its own metadata, and tells of
// the one of that number.
type note struct {
	PublicKey string `json:"public_key"`
	Created   string `json:"created"`
	Version   string `json:"version"`
}

// noteIn is the note among what lies there.
func noteIn(custom map[string]string) note {
	return note{custom["public_key"], custom["created"], custom["version"]}
}

func (n note) into(custom map[string]string) {
	custom["public_key"], custom["created"], custom["version"] = n.PublicKey, n.Created, n.Version
}

// reference names a version of a secret.
func reference(name string, number int) string { return fmt.Sprintf("%s@%d", name, number) }

// parseReference is reference, read back.
func parseReference(text string) (name string, number int, ok bool) {
	name, digits, _ := strings.Cut(text, "@")
	number, err := strconv.Atoi(digits)
	return name, number, err == nil && store.CheckName(name) == nil
}

// marked tells whether the secret says where it moves to.
func (v version) marked() bool {
	return v.content.MovingTo != "" && store.CheckName(v.content.MovingTo) == nil
}

// holds tells whether the seed of another secret has moved here.
func (v version) holds(other version) bool {
	return v.live && v.content.MovedFrom == reference(other.name, other.number)
}

func (v version) clear() { clear(v.content.Seed) }

// seed reads the seed, for the caller to wipe.
func (v version) seed(where string) (keys.Seed, error) {
	if len(v.content.Seed) == 0 {
		return keys.Seed{}, store.Corrupt(where, errors.New("it has no field called seed"))
	}
	seed, err := keys.ParseSeed(v.content.Seed, keys.AnyKind)
	if err != nil {
		return keys.Seed{}, store.Corrupt(where, err)
	}
	return seed, nil
}

// entry is what may be known of the secret, which has been read.
func (v version) entry(where string) (store.Entry, error) {
	seed, err := v.seed(where)
	if err != nil {
		return store.Entry{}, err
	}
	defer seed.Wipe()
	return store.Entry{Name: v.name, PublicKey: seed.PublicKey(), Created: moment(v.content.Created, v.written)}, nil
}

// moment is the first of the texts that is a time, to the second.
func moment(texts ...string) time.Time {
	for _, each := range texts {
		if t, err := time.Parse(time.RFC3339Nano, each); err == nil {
			return t.UTC().Truncate(time.Second)
		}
	}
	return time.Time{}
}

// entry is what a note tells without the seed, where it is about the current version.
func (n note) entry(name string, current int) (store.Entry, bool) {
	public, err := keys.ParsePublicKey(n.PublicKey, keys.AnyKind)
	if err != nil || n.Version != strconv.Itoa(current) {
		return store.Entry{}, false
	}
	return store.Entry{Name: name, PublicKey: public, Created: moment(n.Created)}, true
}

// encode is the body of a write over a version, for the caller to clear.
func (c content) encode(over int) ([]byte, error) {
	var body struct {
		Options struct {
			CAS int `json:"cas"`
		} `json:"options"`
		Data content `json:"data"`
	}
	body.Options.CAS, body.Data = over, c
	return json.Marshal(body)
}

// same tells whether two hold the same.
func (c content) same(other content) bool {
	return bytes.Equal(c.Seed, other.Seed) && c.PublicKey == other.PublicKey && c.Created == other.Created &&
		c.MovingTo == other.MovingTo && c.MovedFrom == other.MovedFrom && c.Deleted == other.Deleted
}
