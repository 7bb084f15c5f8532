package agefile_test

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore/agefile"
)

// asksFor is a file sealed with a passphrase that asks for 2^work steps. Making it
// takes none of them: it is the header that asks.
func asksFor(t *testing.T, work string) []byte {
	t.Helper()
	knower, err := age.NewScryptRecipient("right")
	if err != nil {
		t.Fatal(err)
	}
	knower.SetWorkFactor(2)
	var out bytes.Buffer
	w, err := age.Encrypt(&out, knower)
	if err == nil {
		_, err = w.Write([]byte("x"))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	head, tail, found := bytes.Cut(out.Bytes(), []byte(" 2\n"))
	if !found {
		t.Fatal("the header is another")
	}
	return bytes.Join([][]byte{head, tail}, []byte(" "+work+"\n"))
}

// A file may ask for so much work that nothing ends it: nobody is asked for the
// passphrase, and none is done.
func TestWorkThatAFileAsksForIsBounded(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "id")
	if err := os.WriteFile(path, asksFor(t, "22"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		sealed []byte
		unlock agefile.Unlock
	}{
		"the file":               {asksFor(t, "21"), agefile.Unlock{}},
		"far too much":           {asksFor(t, "60"), agefile.Unlock{}},
		"an identity to open it": {sealTo(t, "x", newPerson(t)), agefile.Unlock{IdentityFiles: []string{path}, Named: true}},
	} {
		who := &asked{answers: map[string]string{"it": "right", path: "right"}}
		c.unlock.Passphrase = who.ask
		_, err := c.unlock.Unlocker("it").Open(t.Context(), "f", c.sealed)
		if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "2^20") || !strings.Contains(fault.HintOf(err), "age -d") {
			t.Errorf("%s: %v", name, err)
		}
		if len(who.times) > 0 {
			t.Errorf("%s: asked %v", name, who.times)
		}
	}
}

// An identity can come by the standard input, and is read once.
func TestIdentityFromStandardInput(t *testing.T) {
	t.Parallel()
	alice := newPerson(t)
	text, err := os.ReadFile(alice.path)
	if err != nil {
		t.Fatal(err)
	}
	stdin := strings.NewReader(string(text))
	u := agefile.Unlock{IdentityFiles: []string{"-"}, Named: true, Stdin: func(context.Context) io.Reader { return stdin }}.Unlocker("it")
	for range 2 {
		if plain, err := u.Open(t.Context(), "f", sealTo(t, "x", alice)); err != nil || string(plain) != "x" {
			t.Fatalf("%q, %v", plain, err)
		}
	}
	for says, input := range map[string]string{"empty": "", "no file of age identities": "hunter2\n", "too large": strings.Repeat("#\n", 1<<20)} {
		empty := agefile.Unlock{IdentityFiles: []string{"-"}, Named: true, Stdin: func(context.Context) io.Reader { return strings.NewReader(input) }}
		_, err := empty.Unlocker("it").Open(t.Context(), "f", sealTo(t, "x", alice))
		if err == nil || !strings.Contains(err.Error(), says) || !strings.Contains(err.Error(), "standard input") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", says, err)
		}
	}
}
