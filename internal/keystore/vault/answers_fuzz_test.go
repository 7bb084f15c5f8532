package vault

import (
	"bytes"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/store"
)

// answers stand in for a server: each request gets the next of them.
type answers struct {
	status int
	bodies []string
	asked  int
}

// RoundTrip answers a request.
func (a *answers) RoundTrip(ask *http.Request) (*http.Response, error) {
	if ask.Body != nil {
		_, _ = io.Copy(io.Discard, ask.Body)
		_ = ask.Body.Close()
	}
	body := a.bodies[a.asked%len(a.bodies)]
	status := http.StatusOK
	if a.asked++; a.status != 0 && a.asked%2 == 0 {
		status = a.status
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: ask}, nil
}

// FuzzAnswers: whatever a server answers, a seed is given under its own public key
// only, names are those that keys may have, and nothing that is said repeats a seed or
// the token.
func FuzzAnswers(f *testing.F) {
	const token = "hvs.CAESIfuzztoken"
	seed, err := keys.Generate(keys.Cluster, strings.NewReader(strings.Repeat("vault", 20)))
	if err != nil {
		f.Fatal(err)
	}
	secret, public := string(seed.Reveal()), seed.PublicKey().String()
	secretAnswer := `{"data":{"data":{"seed":"` + secret + `","public_key":"` + public + `","created":"2026-11-21T12:00:00Z"},"metadata":{"version":3,"created_time":"2026-11-21T12:00:00Z","custom_metadata":{"public_key":"` + public + `","version":"3"}}}}`
	metadataAnswer := `{"data":{"current_version":3,"versions":{"3":{"deletion_time":"","destroyed":false},"x":{}},"custom_metadata":{"public_key":"` + public + `","version":"3"}}}`
	f.Add(uint16(0), `{"data":{"path":"secret/","type":"kv","options":{"version":"2"}}}`, `{"data":{"keys":["a","b/","../x"]}}`)
	f.Add(uint16(0), secretAnswer, metadataAnswer)
	f.Add(uint16(0), metadataAnswer, secretAnswer)
	f.Add(uint16(0), strings.Replace(secretAnswer, `"created"`, `"moving_to":"b","created"`, 1), strings.Replace(secretAnswer, `"created"`, `"moved_from":"a@3","deleted":true,"created"`, 1))
	f.Add(uint16(0), strings.Replace(secretAnswer, `"created"`, `"moving_to":"`+secret+`","created"`, 1), strings.Replace(metadataAnswer, `"deletion_time":""`, `"deletion_time":"`+secret+`"`, 1))
	f.Add(uint16(404), `{"errors":[]}`, `{"data":{"data":null,"metadata":{"version":2,"destroyed":true}}}`)
	f.Add(uint16(400), `{"errors":["check-and-set parameter did not match the current version"]}`, `{"errors":["`+secret+`"]}`)
	f.Add(uint16(403), `{"auth":{"client_token":"`+token+`"}}`, `{"errors":["permission denied"],"data":{"seed":"`+secret+`"}}`)
	f.Add(uint16(0), `{"value":"`+token+`"}`, `{"data":{"data":{"seed":{"a":1},"public_key":7},"metadata":{"version":-1}}}`)
	f.Fuzz(func(t *testing.T, status uint16, first, second string) {
		given := &answers{bodies: []string{first, second}}
		// Not those after which it waits and asks again.
		if s := int(status); s >= 300 && s < 500 && s != http.StatusTooManyRequests {
			given.status = s
		}
		c := &client{
			around: surroundings{"VAULT_ROLE_ID=r", "VAULT_SECRET_ID=" + token}, base: &url.URL{Scheme: "https", Host: "vault.example.org"},
			http: &http.Client{Transport: given, CheckRedirect: follow}, token: token,
		}
		quietly := func(texts ...string) {
			for _, said := range texts {
				if said = keys.Mask(said); strings.Contains(said, secret) || strings.Contains(said, token) && !strings.Contains(first+second, token) {
					t.Fatal("a secret is repeated: " + strings.NewReplacer(secret, "SEED", token, "TOKEN").Replace(said))
				}
			}
		}
		tell := func(err error) {
			if err != nil {
				quietly(err.Error(), fault.HintOf(err))
			}
		}
		at, err := ParseAddress("secret/team")
		if err != nil {
			t.Fatal(err)
		}
		s, err := find(t.Context(), c, at)
		if tell(err); err != nil {
			s = secrets{client: c, mount: "secret", path: "team"}
		} else if s.mount+"/"+s.path != at.String() {
			t.Fatalf("%s is at %q in %q", at, s.path, s.mount)
		}
		_, err = s.names(t.Context())
		tell(err)
		v, err := s.read(t.Context(), "a", 0)
		tell(err)
		if _, unsound := keys.ParseSeed(v.content.Seed, keys.AnyKind); err == nil && unsound == nil { // what has escapes is no seed
			same(t, v.content)
		}
		v, err = s.current(t.Context(), "a")
		tell(err)
		if e, err := v.entry("secret/team/a"); err == nil && (e.Name != "a" || !bytes.Contains([]byte(first+second), v.content.Seed)) {
			t.Fatalf("%v comes out of nowhere", e)
		} else if err != nil {
			tell(err)
		}
		_, _, err = s.look(t.Context(), "a")
		tell(err)
		findings, err := s.inspect(t.Context(), nil)
		tell(err)
		for _, each := range findings {
			if store.CheckName(each.Name) != nil {
				t.Fatalf("%q is no name", each.Name)
			}
			quietly(each.Message, each.Remedy)
		}
		c.token, c.method = "", ""
		_, err = c.authenticated(t.Context())
		tell(err)
		_, err = c.askGitHub(t.Context())
		tell(err)
		if given.asked > 5000+10*(len(first)+len(second)) {
			t.Fatalf("%d requests", given.asked)
		}
	})
}

// same makes sure that what was read is read again as it is written.
func same(t *testing.T, c content) {
	t.Helper()
	body, err := c.encode(1)
	if err != nil {
		return // what stands in the place of a seed is none
	}
	given := &answers{bodies: []string{`{"data":` + strings.TrimSuffix(string(body), "}") + `,"metadata":{"version":1}}}`}}
	s := secrets{client: &client{base: &url.URL{Scheme: "https", Host: "vault.example.org"}, http: &http.Client{Transport: given}, token: "t"}, mount: "secret", path: "team"}
	back, err := s.read(t.Context(), "a", 0)
	if err != nil || !back.content.same(c) || !slices.Equal(back.content.Seed, c.Seed) {
		t.Fatalf("%s is read back as %+v, %v", body, back.content, err)
	}
}
