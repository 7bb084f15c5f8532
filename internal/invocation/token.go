package invocation

import (
	"encoding/base64"
	"strings"
)

const (
	tokenType      = "jwt"
	tokenAlgorithm = "Ed25519" // not JWT's EdDSA, nor NATS's ed25519-nkey
	signatureSize  = 64
	// usualHeader is {"typ":"jwt","alg":"Ed25519"}, the first part of every token
	// that a host signs.
	usualHeader = "eyJ0eXAiOiJqd3QiLCJhbGciOiJFZDI1NTE5In0"
)

// Key is what signs: a keys.Seed, or for many calls a keys.Signer.
type Key interface {
	Sign(message []byte) (signature []byte, err error)
}

// Sign makes the token of the claims, signed with the key: the JWT in compact
// form, byte for byte what wascap 0.12 makes of the same claims.
func Sign(claims Claims, key Key) (string, error) {
	body, err := claims.text()
	if err != nil {
		return "", err
	}
	encode := base64.RawURLEncoding.EncodeToString
	signed := usualHeader + "." + encode(body)
	signature, err := key.Sign([]byte(signed))
	if err != nil {
		return "", err
	}
	return signed + "." + encode(signature), nil
}

// token is a token taken apart, each part with what is wrong with it, as far as
// it can be read.
type token struct {
	parts []string // as split at the dots, no more than the first few
	count int      // of all parts

	text         string // as it came
	signature    []byte
	signatureErr error

	kind, algorithm string
	headerErr       error

	claims    Claims
	claimsErr error

	usual bool // whether header and claims are in the form that senders write

	key    hostKey // the issuer's
	keyErr error
}

// takeApart reads a token with a verifier's own reading of base64.
func takeApart(text string, decode func(string) ([]byte, error)) token {
	const most = 4 // whoever sends may send dots alone
	t := token{text: text, parts: strings.SplitN(text, ".", most), count: strings.Count(text, ".") + 1}
	part := func(i int) ([]byte, error) {
		data, err := decode(t.part(i))
		if err != nil {
			return nil, decodeError{err}
		}
		return data, nil
	}
	t.signature, t.signatureErr = part(2)
	usual := t.part(0) == usualHeader
	if usual {
		t.kind, t.algorithm = tokenType, tokenAlgorithm
	} else if header, err := part(0); err == nil {
		t.kind, t.algorithm, t.headerErr = readHeader(header)
	} else {
		t.headerErr = err
	}
	body, err := part(1)
	if t.claimsErr = err; err == nil {
		if t.claims, t.usual = usualClaims(body); !t.usual {
			t.claims, t.claimsErr = ReadClaims(body)
		}
	}
	t.usual = t.usual && usual
	return t
}

func (t token) part(i int) string {
	if i >= len(t.parts) {
		return ""
	}
	return t.parts[i]
}

// signed is the part of the token that the signature is over.
func (t token) signed() string {
	if len(t.parts) < 2 {
		return t.text + "."
	}
	return t.text[:len(t.parts[0])+1+len(t.parts[1])]
}

// decodeError is an error of base64, in wascap's words.
type decodeError struct{ error }

func (e decodeError) Error() string { return "Decode error: " + e.error.Error() }
func (e decodeError) Unwrap() error { return e.error }
