package keystore

import (
	"context"
	"time"
)

// NoItem is what a Ring gives for an item that is not there.
var NoItem = errNoItem

// Ring is what a test can put in the place of the keyring library.
type Ring = ring

// RingStore is a keyring: store over a fake, probed by probe, which may be nil.
func RingStore(r Ring, dir string, limit time.Duration, probe func(context.Context, bool) error) Store {
	if probe == nil {
		probe = func(context.Context, bool) error { return nil }
	}
	k := &keyring{ring: r, index: &index{dir: dir}, now: time.Now, limit: limit, probe: probe}
	return &guarded{uri: "keyring:", medium: k}
}

// ParseIndex reads an index file.
func ParseIndex(data []byte) (any, error) { return parseIndex(data) }

// EncodeIndex writes what ParseIndex gave.
func EncodeIndex(parsed any) ([]byte, error) { return encodeIndex(parsed.(records)) }
