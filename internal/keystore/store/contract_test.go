package store_test

import (
	"testing"

	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/folder"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// The kernel keeps the contract over a place that is no folder.
func TestContractInMemory(t *testing.T) {
	t.Parallel()
	keystoretest.Run(t, func(*testing.T) func() keystore.Store {
		place := &keystoretest.Memory{}
		return func() keystore.Store { return store.Guard("memory:", folder.Plain(place)) }
	})
}
