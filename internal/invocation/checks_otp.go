package invocation

import "fmt"

// otpChecks are validate_antiforgery of OTP hosts, in its order.
// Source: wasmCloud/wasmcloud-otp v0.63.2 host_core/native/hostcore_wasmcloud_native/src/inv.rs.
func otpChecks() []check {
	return append(tokenChecks(check{checkFewParts, enoughParts}, check{checkParts, notTooManyParts}),
		expired("Invocation claims token expired"),
		signed("Invocation claims signature invalid"),
		notBefore("Attempt to use invocation before claims token allows"),
		callThere("No wascap metadata found on claims"),
		hashMatches(true, func(signed, found string) string {
			return fmt.Sprintf("Invocation hash does not match signed claims hash (%s / %s)", signed, found)
		}),
		looseHostID("Invalid host ID on invocation: '%s'"),
		issuerListed("Issuer of this invocation is not among the list of valid issuers"),
		targetMatches("Invocation claims and invocation target URL do not match"),
		originMatches(saying("Invocation claims and invocation origin URL do not match")),
	)
}

// looseHostID takes whatever begins with N or has 56 bytes.
func looseHostID(host string) check {
	return check{checkHostID, func(s *subject) Check {
		if len(s.HostID) > 0 && s.HostID[0] == 'N' || len(s.HostID) == 56 {
			return Check{State: Passed, Found: s.HostID}
		}
		c := fails(fmt.Sprintf(host, s.HostID), "the sender's host ID is no key at all")
		c.Found = s.HostID
		return c
	}}
}
