package lattice_test

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

// A span that is taken and spelled again is the same.
func FuzzParseSpan(f *testing.F) {
	for _, text := range []string{"90d", "15m", "1s", "24h", "0d", "999999d"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		span, err := lattice.ParseSpan(text)
		if err != nil {
			return
		}
		if again, err := lattice.ParseSpan(lattice.FormatSpan(span)); err != nil || again != span || span <= 0 {
			t.Errorf("%q is %v, spelled %s", text, span, lattice.FormatSpan(span))
		}
	})
}

// A user's JWT that is taken is read alike again.
func FuzzParseUserJWT(f *testing.F) {
	login := natstest.NewOperator(f).Account(f, "lattice").User(f, "web-1")
	f.Add(login.JWT)
	f.Add(strings.Repeat("a", 30) + ".b.c")
	f.Fuzz(func(t *testing.T, text string) {
		user, err := lattice.ParseUserJWT(text)
		if err != nil {
			return
		}
		again, err := lattice.ParseUserJWT(user.Text)
		if err != nil || again.Subject != user.Subject || again.Account != user.Account || !again.Expires.Equal(user.Expires) {
			t.Errorf("%+v is read as %+v, %v", user, again, err)
		}
	})
}

// FuzzUserClaims: whatever a JWT that is well signed says, a user that is taken has
// times that can be written, and rights that can be compared.
func FuzzUserClaims(f *testing.F) {
	account, user := natstest.Key(f, keys.Account), natstest.Key(f, keys.User)
	signer, err := account.Signer()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(`"iat":1,"exp":2,"nbf":3,"nats":{"type":"user","version":2,"pub":{"allow":["a.>"],"deny":["b"]},"sub":{},"resp":{"max":1,"ttl":7}}`)
	f.Add(`"exp":9223372036854775807,"iat":-9223372036854775808,"nats":{"type":"user","version":2,"issuer_account":"ACCOUNT"}`)
	f.Add(`"nats":{"type":"user","version":2,"bearer_token":true,"times":[null],"src":[""]}`)
	f.Add(`"type":"user","nats":{"pub":null}`)
	f.Fuzz(func(t *testing.T, more string) {
		body := `{"iss":"ACCOUNT","sub":"USER",` + more + `}`
		body = strings.NewReplacer("ACCOUNT", account.PublicKey().String(), "USER", user.PublicKey().String()).Replace(body)
		text := base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"JWT","alg":"ed25519-nkey"}`)) + "." + base64.RawURLEncoding.EncodeToString([]byte(body))
		signature, err := signer.Sign([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		read, err := lattice.ParseUserJWT(text + "." + base64.RawURLEncoding.EncodeToString(signature))
		if err != nil {
			return
		}
		if read.Subject != user.PublicKey() && !strings.Contains(more, `"sub"`) || read.Account.IsZero() {
			t.Fatalf("%s is of %s in %s", body, read.Subject, read.Account)
		}
		for _, at := range []time.Time{read.Issued, read.NotBefore, read.Expires} {
			if _, err := json.Marshal(at); err != nil {
				t.Fatalf("%s: %v cannot be written: %v", body, at, err)
			}
		}
	})
}
