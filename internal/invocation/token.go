package invocation

import (
	"encoding/base64"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
)

const (
	tokenType      = "jwt"
	tokenAlgorithm = "Ed25519" // not JWT's EdDSA, nor NATS's ed25519-nkey
	signatureSize  = 64
)

// Sign makes the token of the claims, signed with seed: the JWT in compact
// form, byte for byte what wascap 0.12 makes of the same claims.
func Sign(claims Claims, seed keys.Seed) (string, error) {
	body, err := claims.text()
	if err != nil {
		return "", err
	}
	header, err := compactJSON(struct {
		Type      string `json:"typ"`
		Algorithm string `json:"alg"`
	}{tokenType, tokenAlgorithm})
	if err != nil {
		return "", err
	}
	encode := base64.RawURLEncoding.EncodeToString
	signed := encode(header) + "." + encode(body)
	signature, err := seed.Sign([]byte(signed))
	if err != nil {
		return "", err
	}
	return signed + "." + encode(signature), nil
}

// token is a token taken apart, each part with what is wrong with it, as far as
// it can be read.
type token struct {
	parts []string // as split at the dots

	signature    []byte
	signatureErr error

	kind, algorithm string
	headerErr       error

	claims    Claims
	claimsErr error

	key    hostKey // the issuer's
	keyErr error
}

// takeApart reads a token with a verifier's own reading of base64.
func takeApart(text string, decode func(string) ([]byte, error)) token {
	t := token{parts: strings.Split(text, ".")}
	part := func(i int) ([]byte, error) {
		data, err := decode(t.part(i))
		if err != nil {
			return nil, decodeError{err}
		}
		return data, nil
	}
	t.signature, t.signatureErr = part(2)
	header, err := part(0)
	if t.headerErr = err; err == nil {
		t.kind, t.algorithm, t.headerErr = readHeader(header)
	}
	body, err := part(1)
	if t.claimsErr = err; err == nil {
		t.claims, t.claimsErr = ReadClaims(body)
	}
	return t
}

func (t token) part(i int) string {
	if i >= len(t.parts) {
		return ""
	}
	return t.parts[i]
}

// signed is the part of the token that the signature is over.
func (t token) signed() []byte { return []byte(t.part(0) + "." + t.part(1)) }

// decodeError is an error of base64, in wascap's words.
type decodeError struct{ error }

func (e decodeError) Error() string { return "Decode error: " + e.error.Error() }
func (e decodeError) Unwrap() error { return e.error }
