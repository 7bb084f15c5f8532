package users

import (
	"encoding/base64"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// An account JWT that is taken is read alike again; an error repeats nothing of it.
func FuzzParseAccount(f *testing.F) {
	f.Add(natstest.NewOperator(f).Account(f, "lattice").JWT(f))
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAccount(text)
		if err != nil {
			if text = strings.TrimSpace(text); len(text) > 20 && strings.Contains(err.Error(), text) {
				t.Error("the error repeats the JWT")
			}
			return
		}
		again, err := ParseAccount(a.JWT())
		if err != nil || again.PublicKey() != a.PublicKey() || a.IsZero() {
			t.Errorf("%s is read as %s, %v", a.PublicKey(), again.PublicKey(), err)
		}
	})
}

// FuzzAccountClaims: whatever a JWT that is well signed says, its account is described,
// and a revocation that is added is there.
func FuzzAccountClaims(f *testing.F) {
	operator, account, user := natstest.Key(f, keys.Operator), natstest.Key(f, keys.Account), natstest.Key(f, keys.User)
	signer, err := operator.Signer()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(`"nats":{"type":"account","version":2,"limits":{"subs":-1,"data":-1,"payload":-1,"imports":-1,"exports":-1,"wildcards":true,"conn":-1,"leaf":-1},"revocations":{"*":7}}`)
	f.Add(`"exp":9223372036854775807,"nats":{"type":"account","version":2,"signing_keys":[{"kind":"user_scope","key":"ACCOUNT"},"ACCOUNT"]}`)
	f.Add(`"nats":{"type":"account","version":2,"imports":[null],"exports":[null],"mappings":{"a":null},"authorization":null,"trace":null}`)
	f.Add(`"type":"account","nats":{"imports":[null]}`)
	f.Fuzz(func(t *testing.T, more string) {
		body := `{"iss":"OPERATOR","sub":"ACCOUNT",` + more + `}`
		body = strings.NewReplacer("OPERATOR", operator.PublicKey().String(), "ACCOUNT", account.PublicKey().String(), "USER", user.PublicKey().String()).Replace(body)
		a, err := ParseAccount(signed(t, signer, body))
		if err != nil {
			return
		}
		_ = a.Check(time.Unix(1_800_000_000, 0))
		_, _ = a.scopeOf(account.PublicKey())
		if _, err := json.Marshal(a.Issued()); err != nil {
			t.Fatalf("%s: when it was issued cannot be written: %v", body, err)
		}
		at := time.Unix(1_800_000_000, 0).UTC()
		revoked := []lattice.RevokedUser{{PublicKey: user.PublicKey(), At: at}}
		b, err := a.WithRevoked(revoked, nil, operator)
		if err != nil {
			return // the library does not write all that it reads
		}
		if missing := b.Missing(revoked); len(missing) > 0 || b.PublicKey() != a.PublicKey() || b.Issuer() != operator.PublicKey() {
			t.Fatalf("%s: the revocation is not in %s", body, b.JWT())
		}
	})
}

// signed is a JWT with a body, whatever that is.
func signed(t *testing.T, signer keys.Signer, body string) string {
	t.Helper()
	text := base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"JWT","alg":"ed25519-nkey"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(body))
	signature, err := signer.Sign([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return text + "." + base64.RawURLEncoding.EncodeToString(signature)
}
