package invocation

import (
	"fmt"
	"slices"
	"strconv"
)

// The names of checks, stable in JSON.
const (
	checkDecode    = "decode"
	checkParts     = "token_parts"
	checkBase64    = "signature_encoding"
	checkHeader    = "header"
	checkAlgorithm = "algorithm"
	checkType      = "type"
	checkClaims    = "claims"
	checkIssuerSet = "issuer_present"
	checkSubject   = "subject_present"
	checkKey       = "issuer_key"
	checkLength    = "signature_length"
	checkExpired   = "expired"
	checkNotBefore = "not_before"
	checkSignature = "signature"
	checkCall      = "call"
	checkIssuer    = "issuer"
	checkTarget    = "target_url"
	checkOrigin    = "origin_url"
	checkHash      = "hash"
	checkHostID    = "host_id"
	checkFewParts  = "token_parts_at_hand"
	checkPayload   = "payload"
	checkID        = "subject"
	checkReplay    = "replay"
)

// tokenChecks are wascap's validate_token, up to the dates and the signature,
// which hosts weigh in orders of their own. Versions of wascap count the parts at
// different times: 0.12 first of all, 0.11 after the header (late) and by
// running into the end of the list (early).
func tokenChecks(early, late check) []check {
	checks := []check{
		early,
		{checkBase64, func(s *subject) Check {
			return orPass(s.token.signatureErr, "", "the signature is not base64url")
		}},
		{checkHeader, func(s *subject) Check { return orPass(s.token.headerErr, "", "the header cannot be read") }},
		{checkAlgorithm, algorithm},
		{checkType, tokenKind},
		late,
		{checkClaims, func(s *subject) Check { return orPass(s.token.claimsErr, "", "the claims cannot be read") }},
		{checkIssuerSet, func(s *subject) Check {
			return claimSet(s, s.token.claims.Issuer, "Invalid JWT. WASCAP requires an issuer claim to be present", "issuer")
		}},
		{checkSubject, func(s *subject) Check {
			return claimSet(s, s.token.claims.Subject, "Invalid JWT. WASCAP requires a sub claim to be present", "subject")
		}},
		{checkKey, issuerKey},
		{checkLength, signatureLength},
	}
	return slices.DeleteFunc(checks, func(c check) bool { return c.judge == nil })
}

// tokenChecks12 are those of wascap 0.12.
func tokenChecks12() []check {
	return tokenChecks(check{checkParts, threeParts}, check{})
}

func orPass(err error, prefix, why string) Check {
	if err == nil {
		return Check{State: Passed}
	}
	return fromError(err, prefix, why)
}

// threeParts counts the parts as wascap 0.12 does.
func threeParts(s *subject) Check {
	if s.token.count == 3 {
		return Check{State: Passed, Wanted: "3", Found: "3"}
	}
	n := strconv.Itoa(s.token.count)
	return compared("3", n, "JWT error: invalid token format, expected 3 segments, found "+n, "a token has three parts")
}

// enoughParts is where wascap 0.11 takes the second and third part unseen.
func enoughParts(s *subject) Check {
	n := s.token.count
	if n >= 3 {
		return Check{State: Passed}
	}
	return fromError(&crash{fmt.Sprintf("index out of bounds: the len is %d but the index is %d", n, n)}, "", "")
}

// notTooManyParts is where wascap 0.11 counts them.
func notTooManyParts(s *subject) Check {
	return compared("3", strconv.Itoa(s.token.count), "JWT error: invalid token format", "a token has three parts")
}

func algorithm(s *subject) Check {
	if s.token.headerErr != nil {
		return unknown()
	}
	return compared(tokenAlgorithm, s.token.algorithm, "Invalid JWT algorithm. WASCAP only supports Ed25519", "the token is signed by another algorithm, or names it otherwise")
}

func tokenKind(s *subject) Check {
	if s.token.headerErr != nil {
		return unknown()
	}
	return compared(tokenType, s.token.kind, "JWT error: Invalid header", "the token is of another type")
}

func claimSet(s *subject, claim, host, what string) Check {
	switch {
	case s.token.claimsErr != nil:
		return unknown()
	case claim == "":
		return fails(host, "the token names no "+what)
	}
	return Check{State: Passed}
}

func issuerKey(s *subject) Check {
	if s.token.claimsErr != nil || s.token.claims.Issuer == "" {
		return unknown()
	}
	c := orPass(s.token.keyErr, "Encryption error: ", "the issuer is no public key")
	c.Found = s.token.claims.Issuer
	return c
}

// signatureLength is where nkeys copies the signature into 64 bytes unseen.
func signatureLength(s *subject) Check {
	if s.token.signatureErr != nil || s.token.keyErr != nil {
		return unknown()
	}
	n := len(s.token.signature)
	if n == signatureSize {
		return Check{State: Passed}
	}
	return fromError(&crash{fmt.Sprintf("copy_from_slice: source slice length (%d) does not match destination slice length (64)", n)}, "", "")
}
