package vault_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
)

// Every way to log in works on a real server, and one that it refuses is said as such.
func TestInteropLogins(t *testing.T) {
	server := startReal(t)
	server.must("POST", "sys/policies/acl/team", map[string]string{"policy": `path "secret/metadata/team" { capabilities = ["list"] }`})
	issuer := newIssuer(t)
	for method, config := range map[string]any{
		"approle":    nil,
		"jwt":        map[string]any{"jwt_validation_pubkeys": []string{issuer.public}},
		"kubernetes": map[string]any{"kubernetes_host": tokenReviewer(t), "token_reviewer_jwt": issuer.token("reviewer"), "disable_local_ca_jwt": true},
	} {
		server.must("POST", "sys/auth/"+method, map[string]string{"type": method})
		if config != nil {
			server.must("POST", "auth/"+method+"/config", config)
		}
	}
	server.must("POST", "auth/approle/role/ci", map[string]any{"token_policies": "team"})
	server.must("POST", "auth/jwt/role/ci", map[string]any{
		"role_type": "jwt", "user_claim": "sub", "bound_audiences": []string{"latch"}, "token_policies": "team",
	})
	server.must("POST", "auth/kubernetes/role/ci", map[string]any{
		"bound_service_account_names": "hosts", "bound_service_account_namespaces": "lattice", "token_policies": "team",
	})
	roleID := server.must("GET", "auth/approle/role/ci/role-id", nil)["data"].(map[string]any)["role_id"].(string)
	secretID := server.must("POST", "auth/approle/role/ci/secret-id", nil)["data"].(map[string]any)["secret_id"].(string)
	file := filepath.Join(t.TempDir(), "token")
	keystoretest.Write(t, file, issuer.token("system:serviceaccount:lattice:hosts")+"\n")
	for way, environ := range map[string][]string{
		"approle":    {"VAULT_ROLE_ID=" + roleID, "VAULT_SECRET_ID=" + secretID},
		"jwt":        {"VAULT_AUTH_ROLE=ci", "VAULT_ID_TOKEN=" + issuer.token("job")},
		"kubernetes": {"VAULT_AUTH_ROLE=ci", "VAULT_AUTH_METHOD=kubernetes", "VAULT_ID_TOKEN_FILE=" + file},
	} {
		all := append([]string{"VAULT_ADDR=" + server.address}, environ...)
		if _, err := at(t, all, "team")().List(t.Context()); err != nil {
			t.Errorf("%s: %v", way, err)
		}
		wrong := slices.Clone(all)
		wrong[len(wrong)-1] += "x"
		if _, err := at(t, wrong, "team")().List(t.Context()); err == nil || fault.HintOf(err) == "" {
			t.Errorf("%s with a wrong secret: %v", way, err)
		}
	}
}

// issuer signs tokens as a CI system does.
type issuer struct {
	t      *testing.T
	key    *rsa.PrivateKey
	public string
}

func newIssuer(t *testing.T) issuer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	keystoretest.Must(t, err)
	der, err := x509.MarshalPKIXPublicKey(&key.PublicKey)
	keystoretest.Must(t, err)
	return issuer{t, key, string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))}
}

func (i issuer) token(sub string) string {
	i.t.Helper()
	part := func(v any) string {
		text, err := json.Marshal(v)
		keystoretest.Must(i.t, err)
		return base64.RawURLEncoding.EncodeToString(text)
	}
	signed := part(map[string]string{"alg": "RS256", "typ": "JWT"}) + "." + part(map[string]any{
		"sub": sub, "aud": []string{"latch"}, "exp": time.Now().Add(time.Hour).Unix(), "iat": time.Now().Add(-time.Minute).Unix(),
		"kubernetes.io": map[string]any{"namespace": "lattice", "serviceaccount": map[string]string{"name": "hosts", "uid": "1"}},
	})
	sum := sha256.Sum256([]byte(signed))
	signature, err := rsa.SignPKCS1v15(rand.Reader, i.key, crypto.SHA256, sum[:])
	keystoretest.Must(i.t, err)
	return signed + "." + base64.RawURLEncoding.EncodeToString(signature)
}

// tokenReviewer answers for the API server that tells Vault whose a pod's token is.
func tokenReviewer(t *testing.T) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_ = json.NewEncoder(w).Encode(map[string]any{
			"apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview",
			"status": map[string]any{"authenticated": true, "audiences": []string{"latch"}, "user": map[string]any{"username": "system:serviceaccount:lattice:hosts", "uid": "1"}},
		})
	}))
	t.Cleanup(s.Close)
	return s.URL
}
