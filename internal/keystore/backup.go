package keystore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// backupVersion is that of the document inside a backup.
const backupVersion = 1

// Backup is every key of a store, and every manifest that is published in it. It holds
// secrets: Wipe it.
type Backup struct {
	Keystore  string     // the URI it was taken from
	Created   time.Time  // in UTC
	Manifests []Manifest // by lattice, with their texts
	entries   []Entry
	seeds     map[string]keys.Seed
}

// backupDocument is a backup as JSON. What is written is sealed; see agefile.
type backupDocument struct {
	Version   int              `json:"version"`
	Keystore  string           `json:"keystore"`
	Created   time.Time        `json:"created"`
	Keys      []backupKey      `json:"keys"`
	Manifests []backupManifest `json:"manifests,omitempty"`
}

type backupKey struct {
	Name      string         `json:"name"`
	PublicKey keys.PublicKey `json:"public_key"`
	Created   *time.Time     `json:"created,omitempty"`
	Seed      secretText     `json:"seed"`
}

// secretText is a seed on its way into or out of JSON, as bytes that can be
// cleared.
type secretText []byte

func (s secretText) MarshalText() ([]byte, error) { return s, nil }

func (s *secretText) UnmarshalText(text []byte) error {
	*s = bytes.Clone(text)
	return nil
}

// TakeBackup opens every key of a store, and reads what is published in it.
func TakeBackup(ctx context.Context, from Store, now time.Time) (*Backup, error) {
	entries, err := from.List(ctx)
	if err != nil {
		return nil, err
	}
	b := &Backup{Keystore: from.URI(), Created: now.UTC().Truncate(time.Second), seeds: map[string]keys.Seed{}}
	if b.Manifests, err = Published(ctx, from); err != nil {
		return nil, err
	}
	for _, e := range entries {
		err := ctx.Err()
		var seed keys.Seed
		if err == nil {
			seed, err = from.Get(ctx, e.Name)
		}
		if err != nil {
			b.Wipe()
			return nil, err
		}
		b.entries = append(b.entries, e)
		b.seeds[e.Name] = seed
		if err := store.Match(e.Name, seed.PublicKey(), e.PublicKey); err != nil {
			b.Wipe()
			return nil, err
		}
	}
	return b, nil
}

// Wipe ends the secrets.
func (b *Backup) Wipe() {
	for _, seed := range b.seeds {
		seed.Wipe()
	}
}

// Entries are the keys in the backup, by name.
func (b *Backup) Entries() []Entry { return b.entries }

// Encode is the backup as JSON, in clear, for the caller to seal and to clear.
func (b *Backup) Encode() ([]byte, error) {
	doc := backupDocument{Version: backupVersion, Keystore: b.Keystore, Created: b.Created, Keys: []backupKey{}}
	for _, e := range b.entries {
		key := backupKey{Name: e.Name, PublicKey: e.PublicKey, Seed: b.seeds[e.Name].Reveal()}
		defer clear(key.Seed)
		if !e.Created.IsZero() {
			key.Created = &e.Created
		}
		doc.Keys = append(doc.Keys, key)
	}
	for _, m := range b.Manifests {
		doc.Manifests = append(doc.Manifests, backupManifest{m.Lattice, m.Generation, string(m.Text)})
	}
	data, err := json.Marshal(doc)
	if err != nil {
		return nil, errors.New("failed to encode the backup")
	}
	return data, nil
}

// ParseBackup reads what Encode gave; every seed must give its public key. The
// error never repeats what it found.
func ParseBackup(data []byte) (*Backup, error) {
	var doc backupDocument
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	err := decoder.Decode(&doc)
	defer func() {
		for _, key := range doc.Keys {
			clear(key.Seed)
		}
	}()
	if err != nil {
		return nil, notBackup("it is malformed")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, notBackup("something follows its end")
	}
	if doc.Version != backupVersion {
		return nil, notBackup(fmt.Sprintf("its version is %d, this latch knows %d", doc.Version, backupVersion))
	}
	b := &Backup{Keystore: doc.Keystore, Created: doc.Created.UTC(), seeds: map[string]keys.Seed{}}
	for i, key := range doc.Keys {
		if err := b.add(key); err != nil {
			b.Wipe()
			return nil, notBackup(fmt.Sprintf("key %d: %v", i+1, err))
		}
	}
	for i, m := range doc.Manifests {
		if slices.ContainsFunc(b.Manifests, func(other Manifest) bool { return other.Lattice == m.Lattice }) {
			b.Wipe()
			return nil, notBackup(fmt.Sprintf("manifest %d: its lattice is there twice", i+1))
		}
		b.Manifests = append(b.Manifests, Manifest{Lattice: m.Lattice, Generation: m.Generation, Text: []byte(m.Text)})
	}
	return b, nil
}

func (b *Backup) add(key backupKey) error {
	if err := store.CheckName(key.Name); err != nil {
		return err
	}
	for _, e := range b.entries {
		if strings.EqualFold(e.Name, key.Name) {
			return fmt.Errorf("the name %s is there twice", key.Name)
		}
	}
	seed, err := keys.ParseSeed(key.Seed, keys.AnyKind)
	if err != nil {
		return err
	}
	b.seeds[key.Name] = seed
	e := Entry{Name: key.Name, PublicKey: key.PublicKey}
	if key.Created != nil {
		e.Created = key.Created.UTC()
	}
	b.entries = append(b.entries, e)
	return store.Match(key.Name, seed.PublicKey(), key.PublicKey)
}

func notBackup(why string) error {
	return store.Damaged(fault.New(fault.Failed, "not a backup that latch can read: %s", why).WithHint("take a new one: latch keystore backup FILE"))
}

// Restore puts every key of the backup into a store, as Copy does.
func (b *Backup) Restore(ctx context.Context, to Store) ([]Copied, error) {
	return fill(ctx, b.entries, to, func(e Entry) (keys.Seed, error) {
		text := b.seeds[e.Name].Reveal()
		defer clear(text)
		return keys.ParseSeed(text, keys.AnyKind)
	})
}

// Difference is a key that a backup and a store do not agree on.
type Difference struct {
	Name   string
	Backup keys.PublicKey // zero: not in the backup
	Store  keys.PublicKey // zero: not in the store
}

// Compare says where the backup and what a store lists differ, by name.
func (b *Backup) Compare(listed []Entry) []Difference {
	var differ []Difference
	in := map[string]keys.PublicKey{}
	for _, e := range listed {
		in[e.Name] = e.PublicKey
	}
	for _, e := range b.entries {
		if in[e.Name] != e.PublicKey {
			differ = append(differ, Difference{Name: e.Name, Backup: e.PublicKey, Store: in[e.Name]})
		}
		delete(in, e.Name)
	}
	for _, e := range listed {
		if _, left := in[e.Name]; left {
			differ = append(differ, Difference{Name: e.Name, Store: e.PublicKey})
		}
	}
	return differ
}
