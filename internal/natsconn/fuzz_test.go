package natsconn_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/natsconn"
)

// Addresses that are taken are read alike again.
func FuzzParseURLs(f *testing.F) {
	for _, text := range []string{"nats://127.0.0.1:4222", "tls://a,b:1", "[::1]:4222", "nats://user:word@host", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		urls, err := natsconn.ParseURLs(text)
		if err != nil {
			return
		}
		again, err := natsconn.ParseURLs(strings.Join(urls, ","))
		if err != nil || strings.Join(again, ",") != strings.Join(urls, ",") {
			t.Errorf("%q is read as %q, and that as %q, %v", text, urls, again, err)
		}
	})
}

// Whatever a server says, what is taken for a denial names a subject of it.
func FuzzParseDenial(f *testing.F) {
	f.Add(`Permissions Violation for Publish to "wasmbus.rpc.prod"`)
	f.Add(`permissions violation for subscription to "a.>" using queue "q"`)
	f.Add(`Subscription Violation - User "u", Subject "a.b", Queue: "q"`)
	f.Fuzz(func(t *testing.T, text string) {
		if d, denied := natsconn.ParseDenial(text); denied && (d.Subject == "" || !strings.Contains(text, d.Subject) || !strings.Contains(text, d.Queue)) {
			t.Errorf("%q is taken for %+v", text, d)
		}
	})
}

// Whatever a context of the nats command holds, an error repeats no secret of it.
func FuzzReadContext(f *testing.F) {
	const secret = "wordsecret"
	f.Add(`{"url":"nats://127.0.0.1:4222","user":"u","password":"wordsecret"}`)
	f.Add(`{"url":"nats://wordsecret@127.0.0.1:4222","token":"wordsecret"`)
	f.Add(`{"nsc":"nsc://a/b/c","user_seed":"wordsecret"}`)
	dir := f.TempDir()
	folder := filepath.Join(dir, "nats", "context")
	if err := os.MkdirAll(folder, 0o700); err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if err := os.WriteFile(filepath.Join(folder, "one.json"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := natsconn.ReadContext(dir, dir, "one"); err != nil && strings.Contains(err.Error(), secret) {
			t.Errorf("the error repeats a secret: %v", err)
		}
	})
}
