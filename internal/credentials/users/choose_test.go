package users

import (
	"slices"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// TestChosenInOneOrder: users from elsewhere are chosen in the same order every time, in
// which the manifest then has them.
func TestChosenInOneOrder(t *testing.T) {
	t.Parallel()
	m := lattice.Manifest{Lattice: "prod", Hosts: []lattice.Host{{Name: "web-1"}}}
	used, read := InUse{}, map[keys.PublicKey]lattice.UserJWT{}
	for range 8 {
		user := natstest.Key(t, keys.User).PublicKey()
		used[user], read[user] = []Place{{"web-1", wasmcloud.RPC}}, lattice.UserJWT{Subject: user}
	}
	var first []keys.PublicKey
	for range 20 {
		chosen, err := Choose(m, Choice{Who: "web-1"}, used, read)
		if err != nil || len(chosen) != len(used) {
			t.Fatal(chosen, err)
		}
		var order []keys.PublicKey
		for _, user := range chosen {
			order = append(order, user.PublicKey)
		}
		if first == nil {
			first = order
		}
		if !slices.Equal(order, first) {
			t.Fatalf("first %v, then %v", first, order)
		}
	}
}
