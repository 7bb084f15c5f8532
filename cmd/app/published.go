package app

import (
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// RefusePublished refuses a key whose seed anybody can read.
func RefusePublished(key keys.PublicKey) error {
	published, known := wasmcloud.Published(key)
	if !known || !published.WithSeed {
		return nil
	}
	return fault.New(fault.Refused, "the seed of %s is published in %s: anyone can sign with it", key, published.Repository).
		WithHint("make a key of your own: latch keys gen cluster --name NAME")
}
