package credentials

import (
	"bytes"
	"strings"
	"testing"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nkeys"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

// A user made for the tests, and a seed that wasmCloud's docs publish.
const (
	userSeed = "SUAASCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEQSCKHGM"
	userKey  = "UD6ROJBYLKQMOW3E7N4M2YBPUHMZD7PL65VRHRMO24BOVSBV5H3BRDGR"
	docsSeed = "SCABNLVRXGEJEG5FBBPMMKMMY37FNKVLDY6YXHVL6WA4IRBEYD6ACIQKV4"
)

// issued is a credentials file as the library of NATS writes it.
func issued(t testing.TB, edit func(*jwt.UserClaims)) []byte {
	t.Helper()
	account, err := nkeys.FromRawSeed(nkeys.PrefixByteAccount, bytes.Repeat([]byte{1}, 32))
	if err != nil {
		t.Fatal(err)
	}
	claims := jwt.NewUserClaims(userKey)
	edit(claims)
	token, err := claims.Encode(account)
	if err != nil {
		t.Fatal(err)
	}
	file, err := jwt.FormatUserConfig(token, []byte(userSeed))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestCredsAgainstNATS: what the library of NATS writes is split into what the
// library itself reads out of it.
func TestCredsAgainstNATS(t *testing.T) {
	t.Parallel()
	plain := issued(t, func(*jwt.UserClaims) {})
	for name, file := range map[string][]byte{
		"plain":    plain,
		"full":     issued(t, func(c *jwt.UserClaims) { c.Name = "üser"; c.Permissions.Pub.Allow.Add("wasmbus.>") }),
		"CRLF":     bytes.ReplaceAll(plain, []byte("\n"), []byte("\r\n")),
		"no end":   bytes.TrimRight(plain, "*\n"),
		"comments": append([]byte("made for web-1\n"), plain...),
	} {
		login, err := parseCreds(file)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		agreesWithNATS(t, file, login)
	}
}

func agreesWithNATS(t *testing.T, file []byte, login Login) {
	t.Helper()
	token, err := jwt.ParseDecoratedJWT(file)
	if err != nil || token != login.jwt {
		t.Errorf("the library reads another JWT: %v", err)
	}
	pair, err := jwt.ParseDecoratedUserNKey(file)
	if err != nil {
		t.Fatal(err)
	}
	seed, err := pair.Seed()
	if err != nil || !bytes.Equal(seed, login.seed.Reveal()) {
		t.Errorf("the library reads another seed: %v", err)
	}
}

func TestCredsRefuses(t *testing.T) {
	t.Parallel()
	file := string(issued(t, func(*jwt.UserClaims) {}))
	noSeed, afterSeed, _ := strings.Cut(file, seedBegins)
	cut, _, _ := strings.Cut(file, seedEnds)
	for name, c := range map[string]struct{ text, says string }{
		"empty":        {"", "stands there 0 times"},
		"a seed alone": {userSeed, "stands there 0 times"},
		"no seed":      {noSeed, `"-----BEGIN USER NKEY SEED-----" stands there 0 times`},
		"more rulers":  {strings.Replace(file, seedBegins, "------\nx\n"+seedBegins, 1), "more lines of hyphens"},
		"seed first":   {seedBegins + afterSeed + "\n" + noSeed, "before the JWT"},
		"twice":        {file + file, "stands there 2 times"},
		"four hyphens": {strings.Replace(file, "------END NATS", "-----END NATS", 1), "line 3 is not"},
		"indented":     {strings.Replace(file, "-----BEGIN USER", " -----BEGIN USER", 1), "stands there 0 times"},
		"two lines":    {strings.Replace(file, "\n------END USER", "\nx\n------END USER", 1), "is not"},
		"cut":          {cut, "is not"},
		"damaged seed": {strings.Replace(file, userSeed, userSeed[:57], 1), "seed"},
		"cluster seed": {strings.Replace(file, userSeed, docsSeed, 1), "cluster"},
		"blank":        {strings.Replace(file, userSeed, userSeed+" ", 1), "seed"},
		"bearer":       {string(issued(t, func(c *jwt.UserClaims) { c.BearerToken = true })), "a bearer JWT"},
	} {
		_, err := parseCreds([]byte(c.text))
		if err == nil || fault.HintOf(err) == "" || !strings.Contains(err.Error(), c.says) || keys.MayHoldSeed(err.Error()) || strings.Contains(err.Error(), userSeed[20:40]) {
			t.Errorf("%s: got %v, want %q", name, err, c.says)
		}
	}
}

// FuzzCreds: what is split is split as the library of NATS does.
func FuzzCreds(f *testing.F) {
	file := issued(f, func(*jwt.UserClaims) {})
	f.Add(file)
	f.Add(append(file, file...))
	f.Add([]byte(jwtBegins + "\na\n" + jwtEnds + "\n" + seedBegins + "\nb\n" + seedEnds))
	jwtPart, seedPart, _ := bytes.Cut(file, []byte(seedBegins))
	f.Add(append([]byte(seedBegins+string(seedPart)+"\n"), jwtPart...)) // the seed first
	f.Fuzz(func(t *testing.T, text []byte) {
		login, err := parseCreds(text)
		if err != nil {
			return
		}
		if login.seed.Kind() != keys.User {
			t.Fatalf("a seed of kind %s", login.seed.Kind())
		}
		agreesWithNATS(t, text, login)
	})
}

// TestFormatCreds: the library of NATS reads out what was put in, and so does latch.
func TestFormatCreds(t *testing.T) {
	t.Parallel()
	read, err := parseCreds(issued(t, func(*jwt.UserClaims) {}))
	if err != nil {
		t.Fatal(err)
	}
	file := FormatCreds(read.jwt, read.seed)
	again, err := parseCreds(file)
	if err != nil {
		t.Fatal(err)
	}
	agreesWithNATS(t, file, again)
}
