package natsconn_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

func TestParseURLs(t *testing.T) {
	t.Parallel()
	got, err := natsconn.ParseURLs("a, tls://b, nats://[::1]:7,wss://c/")
	want := []string{"nats://a:4222", "tls://b:4222", "nats://[::1]:7", "wss://c"}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v, want %q", got, err, want)
	}
	for _, bad := range []string{"", "a,", "http://a", "nats://a:b", "nats://a/path", "nats://ann:secret@a", "nats://a?x=1", "nats://"} {
		if got, err := natsconn.ParseURLs(bad); !fault.Is(err, fault.Usage) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %q, %v", bad, got, err)
		}
	}
}

// TestParseDenial: denials are found in the words of server, library and log.
func TestParseDenial(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`nats: permissions violation: Permissions Violation for Publish to "no.x"`:                 "publishing to no.x",
		`'Permissions Violation for Subscription to "q.a" using queue "other"'`:                    "subscribing to q.a in the queue other",
		`[1] [ERR] 127.0.0.1:1 - cid:5 - Publish Violation - Nkey "UABC", Subject "a"`:             "publishing to a",
		`[1] [ERR] 127.0.0.1:1 - cid:5 - Publish Violation - Subject "$JS.API.INFO"`:               "publishing to $JS.API.INFO",
		`[ERR] cid:5 - "v0.33:rust" - Subscription Violation - Subject "a.>", Queue: "q", SID 1`:   "subscribing to a.> in the queue q",
		`[ERR] cid:5 - Subscription Violation - User "u", Subject "a.>", SID 1`:                    "subscribing to a.>",
		`event: server error: nats: permissions violation for subscription to "a.*"`:               "subscribing to a.*",
		`[ERR] cid:5 - Publish Violation - Reply "_R_.x"`:                                          "",
		`2024 ERROR async_nats: Permissions Violation for Subscription to "wasmbus.rpc.default.>"`: "subscribing to wasmbus.rpc.default.>",
		"": "",
	} {
		got, found := natsconn.ParseDenial(text)
		if found != (want != "") || found && got.String() != want {
			t.Errorf("%s: %v, %t", text, got, found)
		}
	}
}

func TestReadContext(t *testing.T) {
	t.Parallel()
	configs, seed := t.TempDir(), natstest.Key(t, keys.User)
	write := func(name string, fields map[string]any) {
		text, _ := json.Marshal(fields)
		path := filepath.Join(configs, "nats", "context", name+".json")
		_ = os.MkdirAll(filepath.Dir(path), 0o700)
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("full", map[string]any{
		"url": "nats://a:1,nats://b:2", "creds": "~/u.creds", "ca": "/ca.pem", "tls_first": true, "inbox_prefix": "_INBOX_u",
		"user_jwt": "x", "user_seed": string(seed.Reveal()), "description": "of another program",
	})
	write("bare", nil)
	write("nsc", map[string]any{"nsc": "nsc://o/a/u"})
	write("proxy", map[string]any{"socks_proxy": "a:1"})
	write("text", map[string]any{"password": 7})

	if got := natsconn.Contexts(configs); !slices.Equal(got, []string{"bare", "full", "nsc", "proxy", "text"}) {
		t.Errorf("contexts %q", got)
	}
	full, err := natsconn.ReadContext(configs, "/home/ann", "full")
	if err != nil {
		t.Fatal(err)
	}
	if len(full.Server.URLs) != 2 || full.Creds != filepath.Join("/home/ann", "u.creds") || full.Server.TLS.CA != "/ca.pem" || !full.Server.TLS.First ||
		full.InboxPrefix != "_INBOX_u" || full.Login.JWT != "x" || full.Login.Seed.PublicKey() != seed.PublicKey() {
		t.Errorf("%+v", full)
	}
	if bare, err := natsconn.ReadContext(configs, "", "bare"); err != nil || bare.Server.URLs[0] != natsconn.DefaultURL || !bare.Login.IsZero() {
		t.Errorf("bare: %+v, %v", bare, err)
	}
	for name, says := range map[string]string{"nsc": "from nsc", "proxy": "SOCKS", "text": "no context", "none": "none.json", "../bare": "no name", "": "no name"} {
		if _, err := natsconn.ReadContext(configs, "", name); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", name, err, says)
		}
	}
}
