package vault_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/keystore/vault"
	"github.com/latch-keys/latch/internal/keystore/vault/vaulttest"
)

func TestVaultAddresses(t *testing.T) {
	t.Parallel()
	for _, good := range []string{"secret/team", "secret/a/b/c", "kv/team/", "a_b/c.d-e"} {
		if _, err := vault.ParseAddress(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"", "secret", "secret/", "/secret/team", "secret//team", "secret/../sys", "secret/te am", "secret/team?x", "secret/..", "https://vault/secret"} {
		if a, err := vault.ParseAddress(bad); !fault.Is(err, fault.Usage) || fault.HintOf(err) == "" {
			t.Errorf("%s: %v, %v", bad, a, err)
		}
	}
}

// What keeps the server from answering is told apart, with what to do about it.
func TestVaultErrors(t *testing.T) {
	t.Parallel()
	get := func(s *vaulttest.Server, uri string, environ ...string) error {
		_, err := keystoretest.Open(t, uri, keystore.Deps{Environ: append(environ, s.Environ()...)}).Get(t.Context(), "a")
		return err
	}
	plain, sealed, denied, gone := vaulttest.Start(t), vaulttest.Start(t), vaulttest.Start(t), vaulttest.Start(t)
	sealed.Seal()
	denied.Deny("GET secret/data/team/a")
	gone.Close()
	for what, c := range map[string]struct {
		err        error
		kind       fault.Kind
		says, hint string
	}{
		"sealed":          {get(sealed, "vault:secret/team"), fault.Unavailable, "is sealed", "vault operator unseal"},
		"not there":       {get(gone, "vault:secret/team"), fault.Unavailable, "connection refused", "VAULT_ADDR"},
		"forbidden":       {get(denied, "vault:secret/team"), fault.Unavailable, "does not let this token read secret/data/team/a", "vault token capabilities secret/data/team/a"},
		"an old token":    {get(plain, "vault:secret/team", "VAULT_TOKEN=old"), fault.Locked, "takes the token no longer", "vault login"},
		"OpenBao's first": {get(plain, "vault:secret/team", "BAO_TOKEN=old"), fault.Locked, "takes the token no longer", "vault login"},
		"version 1":       {get(plain, "vault:old/team"), fault.Refused, "KV version 1", "vault kv enable-versioning old"},
		"another engine":  {get(plain, "vault:cubbyhole/team"), fault.Refused, "of the type cubbyhole", "vault secrets list"},
		"no mount":        {get(plain, "vault:nowhere/team"), fault.Unavailable, "shows this token nothing at nowhere/team", "vault secrets list"},
		"no such key":     {get(plain, "vault:secret/team"), fault.NotFound, `no key named "a"`, "latch keys list"},
		"unverified":      {get(plain, "vault:secret/team", "VAULT_SKIP_VERIFY=1"), fault.Refused, "VAULT_SKIP_VERIFY is set", "VAULT_CACERT"},
		"a bad address":   {get(plain, "vault:secret/team", "VAULT_ADDR=vault.example.org"), fault.Usage, "VAULT_ADDR is no address", "https://"},
		"in clear":        {get(plain, "vault:secret/team", "VAULT_ADDR="+strings.Replace(plain.URL, "http", "https", 1)), fault.Unavailable, "does not speak TLS", "VAULT_ADDR=http://"},
		"half a pair":     {get(plain, "vault:secret/team", "VAULT_CLIENT_CERT=x"), fault.Usage, "only one of VAULT_CLIENT_CERT", "set both"},
	} {
		if !fault.Is(c.err, c.kind) || !strings.Contains(c.err.Error(), c.says) || !strings.Contains(fault.HintOf(c.err), c.hint) {
			t.Errorf("%s: %v (%s), want %q and %q of the kind %s", what, c.err, fault.HintOf(c.err), c.says, c.hint, c.kind)
		}
	}
}

// What is not Vault is not taken for an empty one.
func TestWhatIsNotVault(t *testing.T) {
	t.Parallel()
	s := vaulttest.Start(t)
	for body, says := range map[string]string{"<html>": "no Vault server", "{}": "no Vault server", `{"data":{}}`: "no Vault server"} {
		s.Before = func(w http.ResponseWriter, _ *http.Request) bool {
			_, _ = w.Write([]byte(body))
			return true
		}
		if _, err := at(t, s.Environ(), "team")().List(t.Context()); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", body, err)
		}
	}
}

// Secrets that somebody else has put there are read, if they are seeds, and named, if
// they are not.
func TestForeignSecrets(t *testing.T) {
	t.Parallel()
	s := vaulttest.Start(t)
	seed := keystoretest.NewSeed(t, keys.Cluster)
	put := func(name string, data map[string]any) {
		if status, answer := asked(t, s.URL, "POST", "secret/data/team/"+name, map[string]any{"data": data}); status != http.StatusOK {
			t.Fatal(status, answer)
		}
	}
	put("by-hand", map[string]any{"seed": string(seed.Reveal()), "owner": "bob"})
	asked(t, s.URL, "POST", "secret/metadata/team/by-hand", map[string]any{"custom_metadata": map[string]string{"owner": "payments"}})
	put("password", map[string]any{"password": "x"})
	put("number", map[string]any{"seed": 7})
	put("no name", map[string]any{"seed": string(seed.Reveal())})
	store := at(t, s.Environ(), "team")()
	entries, err := store.List(t.Context())
	if len(entries) != 1 || entries[0].PublicKey != seed.PublicKey() || entries[0].Created.IsZero() {
		t.Errorf("listed are %v", entries)
	}
	for _, name := range []string{"secret/team/password", "secret/team/number", "no name"} {
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s is not named: %v", name, err)
		}
	}
	if err := store.Put(t.Context(), "password", seed); err == nil {
		t.Error("a secret of somebody else was written over")
	}
	findings, err := keystore.Reconcile(t.Context(), store, true)
	if err != nil || len(findings) == 0 || !strings.Contains(findings[0].Message, "does not tell its public key") || !findings[0].Mended {
		t.Fatal(findings, err)
	}
	if _, answer := asked(t, s.URL, "GET", "secret/metadata/team/by-hand", nil); !strings.Contains(fmt.Sprint(answer), "owner:payments") {
		t.Errorf("what somebody else has noted there is gone: %v", answer)
	}
	s.Deny("GET secret/data/team/by-hand")
	if entries, _ := at(t, s.Environ(), "team")().List(t.Context()); len(entries) != 1 {
		t.Errorf("once it is mended the list needs no seed, and gives %v", entries)
	}
}

// A seed whose public key is told wrongly is not given.
func TestMetadataThatLie(t *testing.T) {
	t.Parallel()
	s := vaulttest.Start(t)
	store := at(t, s.Environ(), "team")()
	keystoretest.Must(t, store.Put(t.Context(), "a", keystoretest.NewSeed(t, keys.Cluster)))
	other := keystoretest.NewSeed(t, keys.Cluster).PublicKey()
	asked(t, s.URL, "POST", "secret/metadata/team/a", map[string]any{"custom_metadata": map[string]string{"public_key": other.String(), "version": "1"}})
	if _, err := store.Get(t.Context(), "a"); !keystoretest.Corrupt(err) {
		t.Error(err)
	}
	if findings, err := keystore.Reconcile(t.Context(), store, false); err != nil || len(findings) != 1 {
		t.Error(findings, err)
	}
}
