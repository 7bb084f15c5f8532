// Package invocation makes and judges the signed calls of a lattice: messages
// in MessagePack that carry a token, a JWT signed with a cluster key, over the
// hash of what is called and with what.
//
// Verify runs every check that a real verifier runs, in its order, and says of
// each what was wanted, what was found, and what that verifier prints. Targets
// are the verifiers: OTP hosts, Rust hosts, the Rust provider SDK, and strict,
// which checks all that wasmCloud's documentation promises.
//
// Sources: wasmCloud/wasmcloud-otp v0.63.2 host_core/native/hostcore_wasmcloud_native/src/inv.rs;
// the crates wasmcloud-core 0.2.0, wascap 0.11 and 0.12, nkeys 0.3.2.
package invocation
