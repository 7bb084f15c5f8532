package lattice

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// The edits that commands make.

func addHost(d *Document, h Host) (*Document, error) {
	return updated(d, func(m Manifest) (Manifest, error) { return m.WithHosts(h) })
}

func removeHost(d *Document, name string) (*Document, error) {
	return updated(d, func(m Manifest) (Manifest, error) { return m.WithoutHosts(name) })
}

func addIssuer(d *Document, is Issuer) (*Document, error) {
	return updated(d, func(m Manifest) (Manifest, error) { return m.WithIssuers(is) })
}

func removeIssuer(d *Document, name string) (*Document, error) {
	return updated(d, func(m Manifest) (Manifest, error) { return m.WithoutIssuer(name) })
}

func setSignsWith(d *Document, host, issuer string) (*Document, error) {
	return updated(d, func(m Manifest) (Manifest, error) {
		i := slices.IndexFunc(m.Hosts, func(h Host) bool { return h.Name == host })
		m.Hosts[i].SignsWith = issuer
		return m, nil
	})
}

func updated(d *Document, change func(Manifest) (Manifest, error)) (*Document, error) {
	m, err := change(d.Manifest())
	if err != nil {
		return nil, err
	}
	return d.Update(m)
}

// isInvalid reports whether an error is of a text that is no manifest.
func isInvalid(err error) bool {
	var errs Errors
	return errors.As(err, &errs)
}

// testSeed makes the n-th key pair of the tests.
func testSeed(n uint64) keys.Seed {
	raw := make([]byte, 32)
	binary.BigEndian.PutUint64(raw, n)
	seed, err := keys.Generate(keys.Cluster, bytes.NewReader(raw))
	if err != nil {
		panic(err)
	}
	return seed
}

func testKey(n uint64) keys.PublicKey { return testSeed(n).PublicKey() }

// testKeys are the first keys of the tests, made many at a time.
func testKeys(tb testing.TB, n int) []keys.PublicKey {
	tb.Helper()
	made := make([]keys.PublicKey, 0, n)
	err := keys.GenerateMany(context.Background(), keys.Cluster, n, 1, new(counting), func(s keys.Seed) error {
		made = append(made, s.PublicKey())
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return made
}

// counting gives what testSeed makes its keys of, one after the other.
type counting uint64

func (c *counting) Read(p []byte) (int, error) {
	clear(p)
	for at := 0; at+32 <= len(p); at += 32 {
		binary.BigEndian.PutUint64(p[at:], uint64(*c))
		*c++
	}
	return len(p), nil
}

// testJWT is a user JWT whose account, user and signature were made for the
// tests; it is no secret.
const testJWT = "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJqdGkiOiJBSTVCUVBYSUxJREpIVEFNQ05FQlhKNUlENExUR0hHWE5QSzVYUExFU0ZRTDNBNE5VN1JRIiwiaWF0IjoxNzk1Mjk4MjYzLCJpc3MiOiJBRFZFVTNERDRLT0ZFQ1Y2NlZJSFdFWk9ZWDRaS1IzV1YyN0w0NjRTSUlQT1UySVVJM0pDWlcyMiIsIm5hbWUiOiJ3ZWIiLCJzdWIiOiJVRDZST0pCWUxLUU1PVzNFN040TTJZQlBVSE1aRDdQTDY1VlJIUk1PMjRCT1ZTQlY1SDNCUkRHUiIsIm5hdHMiOnsicHViIjp7fSwic3ViIjp7fSwic3VicyI6LTEsImRhdGEiOi0xLCJwYXlsb2FkIjotMSwidHlwZSI6InVzZXIiLCJ2ZXJzaW9uIjoyfX0.Ozt_2eFMXREub0hEXhh7lDhBHO1KOG5Y317AvwDnguHTfZupFSNEZ7mcwlCJuiDhrJdG8QQCuzCOQiiOGdVoCQ"

var testTime = time.Date(2026, 11, 21, 20, 55, 0, 0, time.UTC)

// placeholder is a whole word: one JWT in some thousands has KEY0 within it.
var placeholder = regexp.MustCompile(`\b(KEY[0-3]|JWT0)\b`)

// fill puts the keys and the JWT of the tests in the place of KEY0, KEY1…, JWT0.
func fill(text string) string {
	return placeholder.ReplaceAllStringFunc(text, func(word string) string {
		if word == "JWT0" {
			return testJWT
		}
		return testKey(uint64(word[3] - '0')).String()
	})
}

func mustDecode(t *testing.T, text string) *Document {
	t.Helper()
	d, err := Decode("lattice.yaml", []byte(text))
	if err != nil {
		t.Fatalf("failed to decode:\n%s\n%v", text, err)
	}
	return d
}

func target(t *testing.T, name string) Target {
	t.Helper()
	target, err := wasmcloud.ParseTarget(name)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// sample is a manifest with two issuers and two hosts.
const sample = `# The lattice.
version: 1
lattice: prod
target: rust-0.82
keystore: dir:k
issuers:
  - name: one # the first
    public_key: KEY0
    created: 2026-11-21T20:55:00Z
  - name: two
    public_key: KEY1
hosts:
  # Frankfurt
  - name: web-1
    signs_with: one
  # Paris
  - name: web-2
    signs_with: two
    target: otp
generation: 7
`

// uniform is the sample with hosts of one target.
func uniform() string { return strings.Replace(sample, "    target: otp\n", "", 1) }

// inlineUser is the UserOf that knows the JWTs which stand in the manifest itself.
func inlineUser(_ *Document, c Connection) (UserJWT, bool) {
	if _, inFile := c.JWTFile(); inFile || c.JWT == "" {
		return UserJWT{}, false
	}
	user, err := ParseUserJWT(c.JWT)
	return user, err == nil
}
