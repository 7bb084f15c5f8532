package invocation

import "fmt"

// sdkChecks are those of providers made with the Rust provider SDK, in order.
// Beyond them a provider compares the target's key with its own, and wants a
// link to the actor: neither can be seen from outside.
// Source: wasmCloud/wasmCloud v0.81.0 crates/provider-sdk/src/{rpc_client,provider}.rs.
func sdkChecks() []check {
	return append(tokenChecks12(),
		expired("Invocation claims token expired"),
		signed("Invocation claims signature invalid"),
		notBefore("Invocation claims not valid yet"),
		callThere("Invocation claims missing wascap metadata"),
		hashMatches(false, saying("Invocation hash does not match claims hash")),
		looseHostID("Invalid host ID: %s"),
		targetMatches("Target of the invocation does not match the provider"),
		originMatches(func(signed, found string) string {
			return fmt.Sprintf("Invocation claims and invocation origin URL do not match: %s != %s", signed, found)
		}),
		issuerListed("Issuer of this invocation is not in list of cluster issuers"),
	)
}
