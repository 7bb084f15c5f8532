package keystore

import (
	"context"
	"time"

	"github.com/latch-keys/latch/internal/safefile"
)

// NoItem is what a Ring gives for an item that is not there.
var NoItem = errNoItem

// Ring is what a test can put in the place of the keyring library.
type Ring = ring

// RingStore is a keyring: store over a fake, probed by probe, which may be nil.
func RingStore(r Ring, dir string, limit time.Duration, probe func(context.Context, bool) error) Store {
	return RingStoreOn(safefile.Disk{}, r, dir, limit, probe)
}

// RingStoreOn is RingStore whose index is on the disk. A ring that can list its
// items is asked to.
func RingStoreOn(disk safefile.Disk, r Ring, dir string, limit time.Duration, probe func(context.Context, bool) error) Store {
	if probe == nil {
		probe = func(context.Context, bool) error { return nil }
	}
	k := &keyring{ring: r, index: &index{dir: dir, disk: disk}, now: time.Now, limit: limit, probe: probe}
	if lister, ok := r.(interface {
		Items(ctx context.Context) ([]string, error)
	}); ok {
		k.items = lister.Items
	}
	return &guarded{uri: "keyring:", medium: k}
}

// ParseIndex reads an index file.
func ParseIndex(data []byte) (any, error) { return parseIndex(data) }

// EncodeIndex writes what ParseIndex gave.
func EncodeIndex(parsed any) ([]byte, error) { return encodeIndex(parsed.(records)) }
