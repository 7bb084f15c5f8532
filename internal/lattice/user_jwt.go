package lattice

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
)

// ErrJWT says that a text is no user JWT that a host could log in with.
var ErrJWT = errors.New("no user JWT")

// UserJWT is a NATS user JWT. It proves nothing without the seed of its subject,
// so it is no secret.
type UserJWT struct {
	Text    string         // three parts of base64url, joined by dots
	Subject keys.PublicKey // of the user, a U… key
}

// ParseUserJWT reads the claims of a user JWT; its signature is the server's to
// verify. A bearer JWT is refused: it needs no seed, so it is a secret where
// latch treats JWTs as public. Errors match ErrJWT and do not repeat the text.
// Source: nats-io/jwt v2, user_claims.go and decoder.go.
func ParseUserJWT(text string) (UserJWT, error) {
	parts := strings.Split(text, ".")
	if len(parts) != 3 || !looksLikeJWT(text) {
		return UserJWT{}, refuse(ErrJWT, "a JWT is three words joined by dots and starts with eyJ", "this is no JWT")
	}
	var claims struct {
		Subject string `json:"sub"`
		NATS    struct {
			Type   string `json:"type"`
			Bearer bool   `json:"bearer_token"`
		} `json:"nats"`
	}
	payload, err := base64.RawURLEncoding.DecodeString(parts[1])
	if err != nil || json.Unmarshal(payload, &claims) != nil {
		return UserJWT{}, refuse(ErrJWT, "copy the whole JWT, on one line", "the claims of the JWT cannot be read")
	}
	if claims.NATS.Type != "user" {
		return UserJWT{}, refuse(ErrJWT, "hosts log in as users", "this is a JWT of type %s, not of type \"user\"", shown(claims.NATS.Type))
	}
	if claims.NATS.Bearer {
		return UserJWT{}, refuse(ErrJWT, "have one issued that is not: nsc edit user --bearer=false",
			"this is a bearer JWT: whoever reads it can log in, without any seed")
	}
	subject, err := keys.ParsePublicKey(claims.Subject, keys.User)
	if err != nil {
		return UserJWT{}, refuse(ErrJWT, "", "the subject of the JWT is no user: %v", err)
	}
	return UserJWT{Text: text, Subject: subject}, nil
}

// looksLikeJWT tells a JWT from the path of a file: both may hold dots.
func looksLikeJWT(text string) bool {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
	return strings.HasPrefix(text, "eyJ") && strings.Count(text, ".") == 2 && strings.Trim(text, alphabet) == ""
}

// JWTFile is the path of the file that holds the JWT, and whether it is in one.
func (c Connection) JWTFile() (path string, ok bool) {
	return c.JWT, c.JWT != "" && !looksLikeJWT(c.JWT)
}

func checkJWT(text string) error {
	if !looksLikeJWT(text) {
		return checkPath(text)
	}
	_, err := ParseUserJWT(text)
	return err
}
