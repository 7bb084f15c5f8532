package invocation

import (
	"errors"
	"fmt"
	"strings"
)

// rustChecks are validate_antiforgery of Rust hosts, in its order.
// Source: the crate wasmcloud-core 0.2.0, src/lib.rs.
func rustChecks() []check {
	checks := append([]check{{checkHostID, serverHostID}}, tokenChecks12()...)
	return append(checks,
		expired("invocation claims token expired"),
		notBefore("attempt to use invocation before claims token allows"),
		signed("invocation claims signature invalid"),
		issuerListed("issuer of this invocation is not among the list of valid issuers"),
		callThere("no wascap metadata found on claims"),
		targetMatches("invocation claims and invocation target URL do not match"),
		originMatches(saying("invocation claims and invocation origin URL do not match")),
		hashMatches(true, func(signed, found string) string {
			return fmt.Sprintf("invocation hash does not match signed claims hash (%s / %s)", signed, found)
		}),
	)
}

// serverHostID wants the key of a host, as the nkeys crate reads one.
func serverHostID(s *subject) Check {
	key, err := s.keys.parse(s.HostID)
	var down *crash
	switch {
	case errors.As(err, &down):
		c := fromError(err, "", "")
		c.Found = s.HostID
		return c
	case err == nil && key.prefix == serverPrefix:
		return Check{State: Passed, Found: s.HostID}
	}
	why := "the sender's host ID is no host's key"
	if strings.HasPrefix(s.HostID, "C") {
		why = "an OTP host sent this: it gives its cluster key as host ID, which Rust hosts refuse"
	}
	c := fails(fmt.Sprintf("invalid host ID on invocation: '%s'", s.HostID), why)
	c.Found = s.HostID
	return c
}
