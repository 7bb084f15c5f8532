package keyscmd

import "github.com/latch-keys/latch/internal/keys"

// keySlots are the variables of an env file that hold keys, and what each is to
// hold. NATS users' seeds come with any kind: NATS decides what it admits.
func keySlots() map[string]keys.Slot {
	seed := func(kind keys.Kind) keys.Slot {
		return keys.Slot{Want: keys.Want{Kind: kind, Role: keys.RoleSeed}}
	}
	return map[string]keys.Slot{
		"WASMCLOUD_CLUSTER_SEED":    seed(keys.Cluster),
		"WASMCLOUD_CLUSTER_ISSUERS": {Want: keys.Want{Kind: keys.Cluster, Role: keys.RolePublic}, List: true},
		"WASMCLOUD_HOST_SEED":       seed(keys.Server),
		"WASMCLOUD_RPC_SEED":        seed(keys.AnyKind),
		"WASMCLOUD_CTL_SEED":        seed(keys.AnyKind),
		"WASMCLOUD_PROV_RPC_SEED":   seed(keys.AnyKind),
		"WASMCLOUD_NATS_SEED":       seed(keys.AnyKind),
		"WASMCOULD_NATS_SEED":       seed(keys.AnyKind), // sic: hosts 0.81 to 1.1 read this
		"NATS_SEED":                 seed(keys.AnyKind),
	}
}
