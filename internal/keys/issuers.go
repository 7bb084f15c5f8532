package keys

import (
	"fmt"
	"slices"
	"strings"
)

// Issuers are the cluster public keys whose invocations a host accepts, in
// order and without repetition.
type Issuers []PublicKey

// ParseIssuers reads the value of WASMCLOUD_CLUSTER_ISSUERS as a host splits
// it: at commas, nothing trimmed. Hosts check no entry, so that one blank cuts
// a host off in silence; here it is an error naming the entry. Source:
// wasmcloud-otp config_plan.ex, wasmCloud src/main.rs.
func ParseIssuers(value string) (Issuers, error) {
	var issuers Issuers
	for i, entry := range strings.Split(value, ",") {
		key, err := ParsePublicKey(entry, Cluster)
		if err != nil {
			return nil, fmt.Errorf("issuer %d: %w", i+1, err)
		}
		if issuers.Contains(key) {
			return nil, fmt.Errorf("issuer %d: %s is listed twice", i+1, key)
		}
		issuers = append(issuers, key)
	}
	return issuers, nil
}

// Contains reports whether key is accepted.
func (is Issuers) Contains(key PublicKey) bool { return slices.Contains(is, key) }

// SameSet reports whether two lists hold the same keys, in whatever order.
func (is Issuers) SameSet(other Issuers) bool {
	if len(is) != len(other) {
		return false
	}
	if slices.Equal(is, other) {
		return true
	}
	set := make(map[PublicKey]bool, len(is))
	for _, key := range is {
		set[key] = true
	}
	return !slices.ContainsFunc(other, func(key PublicKey) bool { return !set[key] })
}

// String is the value of WASMCLOUD_CLUSTER_ISSUERS: commas, no blanks.
func (is Issuers) String() string {
	texts := make([]string, len(is))
	for i, key := range is {
		texts[i] = key.String()
	}
	return strings.Join(texts, ",")
}
