package published

import (
	"context"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
)

// ToDeploy refuses to make env files of an old copy of what was published: hosts would
// get keys from it that others may not accept any more.
func ToDeploy(ctx context.Context, a *app.App, file *lattice.Document, store keystore.Store) error {
	return checkCurrent(ctx, file, store, a.Warn, func(ctx context.Context, file *lattice.Document, bucket *keystore.Bucket) error {
		_, _, err := compareForHosts(ctx, file, bucket)
		return err
	})
}

// ToStart is ToDeploy for a host that starts with the manifest at hand. The file may
// reach it later than the bucket has the manifest: so an old copy, or that none can be
// told, only brings a warning. It is refused where the host and those that have the
// newer one would not accept each other.
func ToStart(ctx context.Context, a *app.App, file *lattice.Document, host string, store keystore.Store) error {
	return checkCurrent(ctx, file, store, a.Warn, func(ctx context.Context, file *lattice.Document, bucket *keystore.Bucket) error {
		_, _, old := compareForHosts(ctx, file, bucket)
		if old == nil || ctx.Err() != nil || fault.Is(old, fault.Unavailable) {
			return old
		}
		doc, _, err := Fetch(ctx, bucket, file.Manifest().Lattice)
		if err == nil && cutOff(host, file.Manifest(), doc.Manifest()) {
			return fault.New(fault.Refused, "%s and the hosts of the published manifest would refuse each other's calls", host).Because(old)
		}
		a.Warn("%s starts with another manifest than the published one: %v", host, old)
		return nil
	})
}

// cutOff reports whether a host as one manifest has it, and some other host as the newer
// one has that, do not accept each other.
func cutOff(host string, old, newer lattice.Manifest) bool {
	own, known := old.Host(host)
	if !known || old.TargetOf(own).IgnoresClusterKeys() {
		return false
	}
	signs, _ := old.Issuer(own.SignsWith)
	for _, other := range newer.Hosts {
		if other.Name == host || newer.TargetOf(other).IgnoresClusterKeys() {
			continue
		}
		is, _ := newer.Issuer(other.SignsWith)
		if !newer.Accepted().Contains(signs.PublicKey) || !old.Accepted().Contains(is.PublicKey) {
			return true
		}
	}
	return false
}
