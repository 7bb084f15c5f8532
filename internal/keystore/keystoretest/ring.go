package keystoretest

import (
	"context"
	"time"

	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keyring"
	"github.com/latch-keys/latch/internal/keystore/store"
	"github.com/latch-keys/latch/internal/safefile"
)

// RingStore is a keyring: store over a keyring of the test's own, whose index is
// in dir. It is probed by probe, which may be nil. A ring that can list its items
// is asked to.
func RingStore(disk safefile.Disk, ring keyring.Ring, dir string, limit time.Duration, probe func(context.Context, bool) error) keystore.Store {
	if probe == nil {
		probe = func(context.Context, bool) error { return nil }
	}
	service := keyring.Service{Ring: ring, Limit: limit, Probe: probe}
	if lister, ok := ring.(interface {
		Items(ctx context.Context) ([]string, error)
	}); ok {
		service.Items = lister.Items
	}
	return store.Guard("keyring:", keyring.New(service, dir, disk, time.Now))
}
