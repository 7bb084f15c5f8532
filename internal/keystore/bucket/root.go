package bucket

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/agefile"
)

const (
	rootKey     = "root"
	rootVersion = 1
	// unpackedLimit bounds what something packed may become, in bytes.
	unpackedLimit = 64 << 20
	// trailLength is how many generations back a root says what they were.
	trailLength = 100
)

// root says what there is in a bucket.
type root struct {
	Version     int           `json:"version"`
	Store       string        `json:"store"`      // a random name, so that nothing of one bucket counts in another
	Generation  uint64        `json:"generation"` // grows by one with every change
	Change      string        `json:"change"`     // a random name, so that two who do the same can tell whose was written
	Written     time.Time     `json:"written"`
	Maintainers []maintainer  `json:"maintainers"`
	Recipients  []recipient   `json:"recipients"`
	Seeds       []entry       `json:"seeds"`                 // by name
	Manifests   []published   `json:"manifests,omitempty"`   // by lattice
	Unpublished []unpublished `json:"unpublished,omitempty"` // by lattice
	Debts       []Debt        `json:"debts,omitempty"`
	Trail       []string      `json:"trail"` // the digests of the generations before, the last one first
}

// entry is a seed: what may be known of it, and which revision holds it.
type entry struct {
	Name      string         `json:"name"`
	PublicKey keys.PublicKey `json:"public_key"`
	Created   time.Time      `json:"created"`
	Revision  uint64         `json:"revision"`
	Digest    string         `json:"digest"`       // of the revision
	To        []string       `json:"to,omitempty"` // recipients beyond those who open every seed
}

// recipient is somebody for whom seeds are encrypted.
type recipient struct {
	Key  string `json:"key"` // age1…, ssh-ed25519 …
	Name string `json:"name,omitempty"`
	Only bool   `json:"only,omitempty"` // opens the seeds alone that are sealed to it by name
}

// id is a short name that belongs to the key alone.
func (r recipient) id() string { return digest([]byte(r.Key))[:16] }

func (r recipient) age() (agefile.Recipient, error) {
	parsed, err := agefile.ParseRecipient(r.Key)
	parsed.Comment = r.Name
	return parsed, err
}

// called is what a person calls the recipient.
func (r recipient) called() string {
	if r.Name != "" {
		return r.Name
	}
	return r.Key
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

// pack makes the body of what is large. A root with ten thousand keys becomes less
// than the megabyte that a server takes.
func pack(what any) ([]byte, error) {
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	if err := errors.Join(json.NewEncoder(w).Encode(what), w.Close()); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

func unpack(body []byte, into any) error {
	unpacked, err := gzip.NewReader(bytes.NewReader(body))
	if err != nil {
		return err
	}
	text, err := io.ReadAll(io.LimitReader(unpacked, unpackedLimit))
	if err != nil {
		return err
	}
	if json.Unmarshal(text, into) != nil {
		return errors.New("it is malformed")
	}
	return nil
}

func decodeRoot(body []byte) (root, error) {
	var r root
	if err := unpack(body, &r); err != nil {
		return root{}, err
	}
	if r.Version != rootVersion {
		return root{}, fmt.Errorf("its version is %d, this latch knows %d", r.Version, rootVersion)
	}
	return r, nil
}

// find gives a seed's place.
func (r root) find(name string) (int, bool) {
	return slices.BinarySearchFunc(r.Seeds, name, func(e entry, name string) int { return strings.Compare(e.Name, name) })
}

// has tells whether a key is among the seeds.
func (r root) has(public keys.PublicKey) bool {
	return slices.ContainsFunc(r.Seeds, func(e entry) bool { return e.PublicKey == public })
}

// with is the root with the entry in place of the one of that name.
func (r root) with(e entry) root {
	at, there := r.find(e.Name)
	seeds := slices.Clone(r.Seeds)
	if there {
		seeds[at] = e
	} else {
		seeds = slices.Insert(seeds, at, e)
	}
	r.Seeds = seeds
	return r
}

// withAll is the root with entries of names that are free.
func (r root) withAll(more []entry) root {
	r.Seeds = slices.Concat(r.Seeds, more)
	slices.SortFunc(r.Seeds, func(a, b entry) int { return strings.Compare(a.Name, b.Name) })
	return r
}

// without is the root less the entry.
func (r root) without(name string) root {
	if at, there := r.find(name); there {
		r.Seeds = slices.Delete(slices.Clone(r.Seeds), at, at+1)
	}
	return r
}

// keysOf are the public keys of those who can open a seed.
func (r root) keysOf(e entry) []string {
	var all []string
	for _, each := range r.openers(e.To) {
		all = append(all, each.Key)
	}
	return all
}

// openers are those for whom a seed is sealed that has these names besides those who
// open every seed.
func (r root) openers(to []string) []recipient {
	var all []recipient
	for _, each := range r.Recipients {
		if !each.Only || slices.Contains(to, each.Name) {
			all = append(all, each)
		}
	}
	return all
}
