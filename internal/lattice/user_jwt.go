package lattice

import (
	"errors"
	"strings"
	"time"

	"github.com/nats-io/jwt/v2"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// errJWT says that a text is no user JWT that a host could log in with.
var errJWT = errors.New("no user JWT")

// UserJWT is a NATS user JWT. It proves nothing without the seed of its subject,
// so it is no secret.
type UserJWT struct {
	Text      string         // three parts of base64url, joined by dots
	Subject   keys.PublicKey // of the user, a U… key
	Account   keys.PublicKey // that the user belongs to, an A… key
	Issued    time.Time      // when, by its issuer's clock
	NotBefore time.Time      // before then servers refuse it; zero where it says nothing
	Expires   time.Time      // from then on servers refuse it; zero where it never ends

	Rights *permissions.Rights // nil where the account says them, in the scope of the signing key
}

// ParseUserJWT reads a user JWT as servers do, by the library of NATS: claims and
// signature. Whether the account is known is theirs to say. A bearer JWT is
// refused: it needs no seed, so it is a secret where latch treats JWTs as public.
// Errors match errJWT and do not repeat the text.
func ParseUserJWT(text string) (UserJWT, error) {
	if !looksLikeJWT(text) {
		return UserJWT{}, refuse(errJWT, "a JWT is three words joined by dots and starts with eyJ", "this is no JWT")
	}
	claims, err := jwt.Decode(text)
	if err != nil { // its text may repeat a part of the JWT
		return UserJWT{}, refuse(errJWT, "copy the whole JWT, on one line",
			"the JWT cannot be read, or its signature does not match: every server refuses it")
	}
	user, ok := claims.(*jwt.UserClaims)
	switch {
	case !ok:
		return UserJWT{}, refuse(errJWT, "hosts log in as users", "this is a JWT of type %s, not of type \"user\"", shown(string(claims.ClaimType())))
	case user.BearerToken:
		return UserJWT{}, refuse(errJWT, "have one issued that is not: nsc edit user --bearer=false",
			"this is a bearer JWT: whoever reads it can log in, without any seed")
	}
	read := UserJWT{
		Text: text, Issued: moment(user.IssuedAt), NotBefore: moment(user.NotBefore), Expires: moment(user.Expires), Rights: rightsOf(user),
	}
	if read.Subject, err = keys.ParsePublicKey(user.Subject, keys.User); err != nil {
		return UserJWT{}, refuse(errJWT, "", "the subject of the JWT is no user: %v", err)
	}
	// A signing key issues in the name of its account.
	if read.Account, err = keys.ParsePublicKey(either(user.IssuerAccount, user.Issuer), keys.Account); err != nil {
		return UserJWT{}, refuse(errJWT, "", "the issuer of the JWT is no account: %v", err)
	}
	return read, nil
}

// rightsOf are what the JWT says that its user may do, nil where it leaves that to
// the scope of its issuer.
func rightsOf(user *jwt.UserClaims) *permissions.Rights {
	if user.HasEmptyPermissions() {
		return nil
	}
	rights := RightsIn(user.Permissions)
	return &rights
}

// RightsIn are the permissions of a JWT, or of the scope of a signing key, as a server
// enforces them.
func RightsIn(p jwt.Permissions) permissions.Rights {
	rights := permissions.Rights{
		Publish:   permissions.Rule{Allow: p.Pub.Allow, Deny: p.Pub.Deny},
		Subscribe: permissions.Rule{Allow: p.Sub.Allow, Deny: p.Sub.Deny},
	}
	if p.Resp != nil {
		rights.Responses = p.Resp.MaxMsgs
		if rights.Responses == 0 { // servers take their own default then
			rights.Responses = permissions.AnswersPerQuestion
		}
	}
	return rights
}

// The times that can be written, from the year 1 to the year 9999: some let a user live
// for as many seconds as there are numbers.
const firstMoment, lastMoment = -62_135_596_800 + 1, 253_402_300_799

// moment is a claim in seconds, 0 for none.
func moment(seconds int64) time.Time {
	if seconds == 0 {
		return time.Time{}
	}
	return time.Unix(min(max(seconds, firstMoment), lastMoment), 0).UTC()
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
