package probe

import (
	"strings"

	"github.com/latch-keys/latch/internal/invocation"
)

// Outcome is what an answer says of the check.
type Outcome string

// The outcomes.
const (
	Accepted Outcome = "accepted" // it passed the check
	Refused  Outcome = "refused"  // the check refused it
	Unclear  Outcome = "unclear"  // the answer does not tell
)

// Answer is what came back of a probe.
type Answer struct {
	Outcome Outcome
	Said    string // the callee's own words
	Why     string
}

// Read tells by a response whether the probe was accepted.
func Read(m invocation.Message, r invocation.Response) Answer {
	said := r.Error
	switch {
	case r.ID != m.ID:
		return Answer{Unclear, said, "the answer is to another call"}
	case said == "":
		return Answer{Accepted, said, "it was answered"}
	}
	for _, words := range behindTheCheck() {
		if strings.Contains(said, words) {
			return Answer{Accepted, said, "the token passed; the caller is nobody, as is meant"}
		}
	}
	text := strings.TrimPrefix(strings.TrimPrefix(said, "Anti-forgery check failed: "), "Error when handling invocation: ")
	for _, words := range ofTheCheck() {
		if strings.HasPrefix(strings.ToLower(text), words) {
			return Answer{Refused, said, "the check refused it"}
		}
	}
	if text != said {
		return Answer{Refused, said, "the check refused it"}
	}
	return Answer{Unclear, said, "these words are not known"}
}

// behindTheCheck are words of what turns a probe away after its token passed.
// Sources: wasmCloud v0.82.0 crates/host/src/wasmbus/mod.rs (Rust hosts) and
// v0.81.0 crates/provider-sdk/src/error.rs; wasmcloud-otp v0.63.2
// host_core/lib/host_core/actors/actor_module.ex; weld rpc-rs/src/provider.rs.
func behindTheCheck() []string {
	return []string{
		"failed to look up claims for origin", "failed to look up claims for target",
		"Policy denied request", "Policy evaluation rejected", // a policy is asked behind it
		"Invocation source does not have the required capability claim",
		"is not linked to this provider", "unlinked actor",
	}
}

// ofTheCheck are the beginnings of what verifiers say that refuse: see the tables
// of checks in internal/invocation.
func ofTheCheck() []string {
	return []string{
		"invalid host id", "invocation claims", "attempt to use invocation", "no wascap metadata", "invocation hash",
		"issuer of this invocation", "target of the invocation", "jwt error", "invalid jwt", "decode error",
		"serialization error", "encryption error", "failed to de-serialize", "failed to deserialize",
	}
}
