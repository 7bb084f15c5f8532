package hostenv

import (
	"bytes"
	"slices"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Seed is the host's cluster seed, the caller's to wipe. The error is a
// *keys.Problem where it is none, also where the variable is not set.
func (h Host) Seed() (keys.Seed, error) {
	e, _ := h.Lookup(wasmcloud.ClusterSeed)
	return keys.ParseSeed(e.Value(), keys.Cluster)
}

// Keys are what a host with these variables signs with and whom it accepts,
// as hosts go about it: an issuer that is no cluster public key to the letter
// matches nothing, and the host's own key is always accepted. A host without a
// seed that works makes up a key nobody knows, so that signs is zero; an OTP
// host then drops its issuers too. Source: WASMCLOUD_CLUSTER_SEED in
// wasmcloud-otp v0.63.2 config_plan.ex and wasmCloud v0.82.0 src/main.rs.
func (h Host) Keys() (signs keys.PublicKey, accepts keys.Issuers) {
	if signs = h.signs(); !signs.IsZero() {
		accepts = keys.Issuers{signs}
	}
	for _, entry := range h.listed(signs) {
		key, err := keys.ParsePublicKey(entry, keys.Cluster)
		if err == nil && !accepts.Contains(key) {
			accepts = append(accepts, key)
		}
	}
	return signs, accepts
}

// Compared are the texts that the host compares a caller's key with, sound or not:
// its issuers as they stand and, where it is not among them, its own key, which
// an OTP host puts first and a Rust host last.
func (h Host) Compared() []string {
	signs := h.signs()
	var texts []string
	for _, entry := range h.listed(signs) {
		texts = append(texts, string(entry))
	}
	own := signs.String()
	switch {
	case signs.IsZero() || slices.Contains(texts, own):
		return texts
	case h.Target.IsOTP():
		return slices.Insert(texts, 0, own)
	}
	return append(texts, own)
}

// listed are the issuers of a host that signs with a key, split as it does: at
// commas, nothing trimmed.
func (h Host) listed(signs keys.PublicKey) [][]byte {
	e, _ := h.Lookup(wasmcloud.ClusterIssuers)
	if len(e.Value()) == 0 || signs.IsZero() && h.Target.IsOTP() {
		return nil
	}
	return bytes.Split(e.Value(), []byte(","))
}

// signs is the key that the host makes of its seed, also of a mistyped one: hosts
// check no checksum, and those of OTP no kind.
func (h Host) signs() keys.PublicKey {
	e, _ := h.Lookup(wasmcloud.ClusterSeed)
	d := keys.Diagnose(e.Value(), keys.Want{Kind: keys.Cluster, Role: keys.RoleSeed})
	key := d.HostKey
	if d.Valid() {
		key = d.PublicKey
	}
	if key.Kind() != keys.Cluster && !h.Target.TakesAnySeed() {
		return keys.PublicKey{}
	}
	return key
}
