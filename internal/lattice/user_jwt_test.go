package lattice

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"
)

// pair makes a key pair of NATS itself.
func pair(t *testing.T, prefix nkeys.PrefixByte, fill byte) (pair nkeys.KeyPair, public string) {
	t.Helper()
	pair, err := nkeys.FromRawSeed(prefix, bytes.Repeat([]byte{fill}, 32))
	if err != nil {
		t.Fatal(err)
	}
	public, err = pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return pair, public
}

func issue(t *testing.T, edit func(*jwt.UserClaims)) string {
	t.Helper()
	account, _ := pair(t, nkeys.PrefixByteAccount, 1)
	_, user := pair(t, nkeys.PrefixByteUser, 2)
	claims := jwt.NewUserClaims(user)
	edit(claims)
	text, err := claims.Encode(account)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// TestUserJWTReadsWhatNATSIssues: the subject is the one that the library of
// NATS reads.
func TestUserJWTReadsWhatNATSIssues(t *testing.T) {
	t.Parallel()
	full := issue(t, func(c *jwt.UserClaims) {
		c.Name = "üser"
		c.Permissions.Pub.Allow.Add("wasmbus.>")
		c.Tags.Add("a")
		c.Expires = 1
	})
	for _, text := range []string{testJWT, full, issue(t, func(*jwt.UserClaims) {})} {
		got, err := ParseUserJWT(text)
		if err != nil {
			t.Fatal(err)
		}
		want, err := jwt.DecodeUserClaims(text)
		if err != nil || got.Subject.String() != want.Subject || got.Text != text {
			t.Errorf("got %s, want %s: %v", got.Subject, want.Subject, err)
		}
		if path, inFile := (Connection{JWT: text}).JWTFile(); inFile {
			t.Errorf("taken for the path %s", path)
		}
	}
}

func TestUserJWTRefuses(t *testing.T) {
	t.Parallel()
	account, name := pair(t, nkeys.PrefixByteAccount, 1)
	other, err := jwt.NewAccountClaims(name).Encode(account)
	if err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(testJWT, ".")
	for what, c := range map[string]struct{ text, says string }{
		"bearer":       {issue(t, func(c *jwt.UserClaims) { c.BearerToken = true }), "a bearer JWT"},
		"account":      {other, `of type "account"`},
		"empty":        {"", "no JWT"},
		"two parts":    {parts[0] + "." + parts[1], "no JWT"},
		"line end":     {testJWT + "\n", "no JWT"},
		"padding":      {parts[0] + "." + parts[1] + "=." + parts[2], "no JWT"},
		"not base64":   {parts[0] + ".a." + parts[2], "cannot be read"},
		"not JSON":     {parts[0] + ".aaaa." + parts[2], "cannot be read"},
		"no claims":    {parts[0] + ".e30." + parts[2], "cannot be read"},
		"signature":    {testJWT[:len(testJWT)-4] + "AAAA", "signature does not match"},
		"other claims": {parts[0] + "." + strings.Split(other, ".")[1] + "." + parts[2], "signature does not match"},
		"path of file": {"users/a.b.jwt", "no JWT"},
	} {
		_, err := ParseUserJWT(c.text)
		if !errors.Is(err, errJWT) || !strings.Contains(err.Error(), c.says) || len(c.text) > 60 && strings.Contains(err.Error(), c.text[20:60]) {
			t.Errorf("%s: got %v, want %q", what, err, c.says)
		}
	}
}

// TestUserJWTSaysWhenItEnds: what a rule needs to know of a JWT.
func TestUserJWTSaysWhenItEnds(t *testing.T) {
	t.Parallel()
	_, account := pair(t, nkeys.PrefixByteAccount, 1)
	_, other := pair(t, nkeys.PrefixByteAccount, 3)
	for name, c := range map[string]struct {
		edit             func(*jwt.UserClaims)
		account          string
		notBefore, until int64
	}{
		"open":        {func(*jwt.UserClaims) {}, account, 0, 0},
		"bounded":     {func(c *jwt.UserClaims) { c.NotBefore, c.Expires = 1_700_000_000, 1_800_000_000 }, account, 1_700_000_000, 1_800_000_000},
		"signing key": {func(c *jwt.UserClaims) { c.IssuerAccount = other }, other, 0, 0},
	} {
		got, err := ParseUserJWT(issue(t, c.edit))
		if err != nil {
			t.Fatal(err)
		}
		if got.Account.String() != c.account || !same(got.NotBefore, c.notBefore) || !same(got.Expires, c.until) {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func same(at time.Time, seconds int64) bool {
	return seconds == 0 && at.IsZero() || seconds != 0 && at.Unix() == seconds
}

func TestJWTFile(t *testing.T) {
	t.Parallel()
	for text, inFile := range map[string]bool{
		"": false, testJWT: false, "a.b.c": true, "eyJ": true, "eyJ.b": true, "./eyJ.b.c": true, "eyJ.b.c": false, "rpc.jwt": true,
	} {
		if _, got := (Connection{JWT: text}).JWTFile(); got != inFile {
			t.Errorf("%q: in a file is %t", text, got)
		}
	}
}
