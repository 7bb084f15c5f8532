package vault_test

import (
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/keystore/vault/vaulttest"
)

// loginServer has a login at every auth mount: it gives a token, and notes what was sent,
// or refuses in the words of what was sent.
func loginServer(t *testing.T, refusing bool) (s *vaulttest.Server, path, sent *string) {
	t.Helper()
	s, path, sent = vaulttest.Start(t), new(string), new(string)
	s.Before = func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.HasSuffix(r.URL.Path, "/login") {
			return false
		}
		body, _ := io.ReadAll(r.Body)
		*path, *sent = strings.TrimPrefix(r.URL.Path, "/v1/"), string(body)
		said := map[string]any{"auth": map[string]string{"client_token": vaulttest.RootToken}}
		if refusing {
			w.WriteHeader(http.StatusBadRequest)
			said = map[string]any{"errors": []string{"invalid: " + string(body)}}
		}
		_ = json.NewEncoder(w).Encode(said)
		return true
	}
	return s, path, sent
}

// The usual variables choose how to log in, and a secret that is refused is not repeated.
func TestVaultLogins(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "token")
	keystoretest.Write(t, file, "from-a-file\n")
	github := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") == "Bearer ask-me" && r.URL.Query().Get("audience") == "latch" && r.URL.Query().Get("api") == "1" {
			_, _ = w.Write([]byte(`{"value":"from-github"}`))
		}
	}))
	t.Cleanup(github.Close)
	for way, c := range map[string]struct {
		environ             []string
		path, sent, refused string
	}{
		"approle":          {[]string{"VAULT_ROLE_ID=r", "VAULT_SECRET_ID=hidden-one"}, "auth/approle/login", `{"role_id":"r","secret_id":"hidden-one"}`, "hidden-one"},
		"approle, a file":  {[]string{"BAO_ROLE_ID=r", "BAO_SECRET_ID_FILE=" + file}, "auth/approle/login", `{"role_id":"r","secret_id":"from-a-file"}`, "from-a-file"},
		"GitLab's":         {[]string{"VAULT_AUTH_ROLE=ci", "VAULT_AUTH_PATH=gitlab", "VAULT_ID_TOKEN=hidden-jwt"}, "auth/gitlab/login", `{"jwt":"hidden-jwt","role":"ci"}`, "hidden-jwt"},
		"GitHub's":         {[]string{"VAULT_AUTH_ROLE=ci", "VAULT_ID_TOKEN_AUDIENCE=latch", "ACTIONS_ID_TOKEN_REQUEST_URL=" + github.URL + "/?api=1", "ACTIONS_ID_TOKEN_REQUEST_TOKEN=ask-me"}, "auth/jwt/login", `{"jwt":"from-github","role":"ci"}`, "from-github"},
		"a pod's":          {[]string{"VAULT_AUTH_METHOD=kubernetes", "VAULT_AUTH_ROLE=ci", "VAULT_ID_TOKEN_FILE=" + file}, "auth/kubernetes/login", `{"jwt":"from-a-file","role":"ci"}`, "from-a-file"},
		"one that is said": {[]string{"VAULT_AUTH_METHOD=jwt", "VAULT_TOKEN=not-this", "VAULT_AUTH_ROLE=ci", "VAULT_ID_TOKEN=hidden-jwt"}, "auth/jwt/login", `{"jwt":"hidden-jwt","role":"ci"}`, "hidden-jwt"},
	} {
		s, path, sent := loginServer(t, false)
		if _, err := at(t, append([]string{"VAULT_ADDR=" + s.URL}, c.environ...), "team")().List(t.Context()); err != nil || *path != c.path || *sent != c.sent {
			t.Errorf("%s: %v, %s %s", way, err, *path, *sent)
		}
		s, _, _ = loginServer(t, true)
		_, err := at(t, append([]string{"VAULT_ADDR=" + s.URL}, c.environ...), "team")().List(t.Context())
		if !fault.Is(err, fault.Locked) || strings.Contains(err.Error(), c.refused) || fault.HintOf(err) == "" {
			t.Errorf("%s, refused: %v", way, err)
		}
	}
}

// A token that has run out is had anew, where it came by a login.
func TestATokenThatRunsOut(t *testing.T) {
	t.Parallel()
	s, _, _ := loginServer(t, false)
	logins, login := 0, s.Before
	s.Before = func(w http.ResponseWriter, r *http.Request) bool {
		if strings.HasSuffix(r.URL.Path, "/login") {
			if logins++; logins == 1 {
				_, _ = w.Write([]byte(`{"auth":{"client_token":"soon-gone"}}`))
				return true
			}
		}
		return login(w, r)
	}
	environ := []string{"VAULT_ADDR=" + s.URL, "VAULT_ROLE_ID=r", "VAULT_SECRET_ID=s"}
	if _, err := at(t, environ, "team")().List(t.Context()); err != nil || logins != 2 {
		t.Error(err, logins)
	}
}

// Many ask at the same time with a token that has just run out: each goes on.
func TestATokenThatRunsOutForMany(t *testing.T) {
	t.Parallel()
	s := vaulttest.Start(t)
	for i := range 16 {
		keystoretest.Must(t, at(t, s.Environ(), "team")().Put(t.Context(), fmt.Sprint("key-", i), keystoretest.NewSeed(t, keys.Cluster)))
	}
	var mu sync.Mutex
	logins, good := 0, ""
	s.Before = func(w http.ResponseWriter, r *http.Request) bool {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case strings.HasSuffix(r.URL.Path, "/login"):
			logins++
			good = fmt.Sprint("token-", logins)
			_, _ = w.Write([]byte(`{"auth":{"client_token":"` + good + `"}}`))
			return true
		case logins == 1 && strings.Contains(r.URL.Path, "metadata/team/key-"):
			good = "" // all who look have the old one
		}
		if r.Header.Get("X-Vault-Token") == good {
			r.Header.Set("X-Vault-Token", vaulttest.RootToken)
		}
		return false
	}
	environ := []string{"VAULT_ADDR=" + s.URL, "VAULT_ROLE_ID=r", "VAULT_SECRET_ID=s"}
	if entries, err := at(t, environ, "team")().List(t.Context()); err != nil || len(entries) != 16 || logins != 2 {
		t.Error(len(entries), err, logins)
	}
}

// A login of the vault command is used; without any, it is said how to log in. The
// process' own variables are not looked at.
func TestWhoAsks(t *testing.T) {
	t.Parallel()
	s, home := vaulttest.Start(t), t.TempDir()
	environ := []string{"VAULT_ADDR=" + s.URL, "HOME=" + home}
	_, err := at(t, environ, "team")().List(t.Context())
	if !fault.Is(err, fault.Locked) || !strings.Contains(fault.HintOf(err), "vault login") {
		t.Error(err)
	}
	keystoretest.Write(t, filepath.Join(home, ".vault-token"), vaulttest.RootToken)
	if _, err := at(t, environ, "team")().List(t.Context()); err != nil {
		t.Error(err)
	}
}

// A server of a name, over a proxy: that what is sent is not encrypted is said once.
func TestInClearIsSaid(t *testing.T) {
	t.Parallel()
	s := vaulttest.Start(t)
	for _, proxy := range []string{"VAULT_PROXY_ADDR=", "http_proxy="} {
		var said []string
		store := keystoretest.Open(t, "vault:secret/team", keystore.Deps{
			Environ: []string{"VAULT_ADDR=http://vault.example.org:8200", "VAULT_TOKEN=" + vaulttest.RootToken, proxy + s.URL},
			Notice:  func(message string) { said = append(said, message) },
		})
		for range 2 {
			if _, err := store.List(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if len(said) != 1 || !strings.Contains(said[0], "http://vault.example.org:8200 is not encrypted") {
			t.Error(said)
		}
	}
}

// caFile is a file with the certificate that vouches for a server.
func caFile(t *testing.T, s *httptest.Server) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ca.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw})
	keystoretest.Must(t, os.WriteFile(path, block, 0o600))
	return path
}
