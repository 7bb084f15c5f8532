package invocation

import (
	"fmt"
	"slices"
	"time"
)

// said is a check of the call with the verifier's words for it.
type said = string

func expired(host said) check {
	return check{checkExpired, func(s *subject) Check {
		exp := s.token.claims.Expires
		switch {
		case s.token.claimsErr != nil:
			return unknown()
		case exp == nil || *exp >= uint64(s.now.Unix()):
			return Check{State: Passed}
		}
		return Check{
			State: Failed, Host: host, Why: "the token has expired; no known sender sets a date",
			Wanted: "not before " + stamp(s.now), Found: ShowTime(*exp),
		}
	}}
}

func notBefore(host said) check {
	return check{checkNotBefore, func(s *subject) Check {
		from := s.token.claims.NotBefore
		switch {
		case s.token.claimsErr != nil:
			return unknown()
		case from == nil || *from <= uint64(s.now.Unix()):
			return Check{State: Passed}
		}
		return Check{
			State: Failed, Host: host, Why: "the token is not valid yet; compare the clocks",
			Wanted: "at most " + stamp(s.now), Found: ShowTime(*from),
		}
	}}
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// ShowTime shows a claim's date, given in seconds since 1970; what no calendar
// holds is shown as a number.
func ShowTime(at uint64) string {
	const year9999 = 253402300799
	if at > year9999 {
		return fmt.Sprint(at)
	}
	return stamp(time.Unix(int64(at), 0))
}

func signed(host said) check {
	return check{checkSignature, func(s *subject) Check {
		switch {
		case s.token.keyErr != nil || s.token.signatureErr != nil:
			return unknown()
		case s.genuine:
			return Check{State: Passed}
		}
		return fails(host, "the token was changed after it was signed, or signed with another key than it names")
	}}
}

func issuerListed(host said) check {
	return check{checkIssuer, func(s *subject) Check {
		if s.token.claimsErr != nil {
			return unknown()
		}
		c := Check{State: Passed, Wanted: s.wanted, Found: s.token.claims.Issuer}
		if !slices.Contains(s.issuers, c.Found) {
			c.State, c.Host, c.Why = Failed, host, "the key that signed is not among the issuers"
		}
		return c
	}}
}

func callThere(host said) check {
	return check{checkCall, func(s *subject) Check {
		switch {
		case s.token.claimsErr != nil:
			return unknown()
		case s.token.claims.Call == nil:
			return fails(host, "the token says nothing of a call: it is none for an invocation")
		}
		return Check{State: Passed}
	}}
}

// claimed is a check that needs what the claims say of the call.
func claimed(name string, judge func(*subject, Call) Check) check {
	return check{name, func(s *subject) Check {
		if s.token.claimsErr != nil || s.token.claims.Call == nil {
			return unknown()
		}
		return judge(s, *s.token.claims.Call)
	}}
}

func targetMatches(host said) check {
	return claimed(checkTarget, func(s *subject, call Call) Check {
		return compared(call.TargetURL, s.targetURL, host, "another target or operation was signed for")
	})
}

func originMatches(host func(signed, found string) string) check {
	return claimed(checkOrigin, func(s *subject, call Call) Check {
		return comparedBy(call.OriginURL, s.originURL, host, "another sender was signed for")
	})
}

// hashMatches compares the hash; with skipEmpty not where the message has no
// payload, as hosts do, to which it may come through an object store.
func hashMatches(skipEmpty bool, host func(signed, found string) string) check {
	return claimed(checkHash, func(s *subject, call Call) Check {
		if skipEmpty && len(s.Msg) == 0 {
			return Check{State: Skipped, Why: "hosts do not compare the hash where the message has no payload"}
		}
		return comparedBy(call.Hash, s.hash, host, "payload, operation, sender or target were changed after signing")
	})
}

// comparedBy is compared, with the verifier's words made of what differs.
func comparedBy(signed, found string, host func(signed, found string) string, why string) Check {
	said := ""
	if signed != found {
		said = host(signed, found)
	}
	return compared(signed, found, said, why)
}

// saying is the same words whatever was found.
func saying(host said) func(string, string) string {
	return func(string, string) string { return host }
}
