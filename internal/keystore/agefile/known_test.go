package agefile_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/agefile/agetest"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/oracle"
)

// The stock tools say whom an identity opens for; so does LookAt, asking nothing.
func TestLookAtAgreesWithTheStockTools(t *testing.T) {
	t.Parallel()
	keygen, ssh := oracle.Need(t, "age-keygen"), oracle.Need(t, "ssh-keygen")
	dir := keystoretest.Folder(t)
	run := func(name string, args ...string) string {
		out, err := exec.Command(name, args...).Output()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return strings.TrimSpace(string(out))
	}
	at := func(name string) string { return filepath.Join(dir, name) }
	text, _, err := agefile.NewIdentity(time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	keystoretest.Write(t, at("ours"), string(text))
	run(keygen, "-o", at("stock"))
	run(ssh, "-q", "-t", "ed25519", "-N", "", "-C", "", "-f", at("ssh"))
	run(ssh, "-q", "-t", "ed25519", "-N", "words", "-C", "", "-f", at("locked"))
	for name, want := range map[string]string{
		"ours":   run(keygen, "-y", at("ours")),
		"stock":  run(keygen, "-y", at("stock")),
		"ssh":    run(ssh, "-y", "-f", at("ssh")),
		"locked": run(ssh, "-y", "-P", "words", "-f", at("locked")),
	} {
		known, err := agefile.LookAt(t.Context(), at(name))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		to, err := agefile.ParseRecipient(want)
		if err != nil || !slices.Equal(known.Recipients, []string{to.Text}) || known.Sealed {
			t.Errorf("%s opens for %v, want %s (%v)", name, known.Recipients, want, err)
		}
	}
	if _, err := agefile.LookAt(t.Context(), at("ssh.pub")); err == nil {
		t.Error("a public key passes for an identity")
	}
}

// Of an identity that a passphrase or a plugin hides nobody can say that it opens for
// others.
func TestAreOthers(t *testing.T) {
	t.Parallel()
	dir := keystoretest.Folder(t)
	mine, theirs := filepath.Join(dir, "mine"), filepath.Join(dir, "theirs")
	text := map[string]string{}
	for _, path := range []string{mine, theirs} {
		keystoretest.NewIdentity(t, path)
		known, err := agefile.LookAt(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		text[path] = known.Recipients[0]
	}
	held, _, err := agetest.New(agetest.Opens)
	if err != nil {
		t.Fatal(err)
	}
	token := filepath.Join(dir, "token")
	if err := os.WriteFile(token, []byte(held+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		files []string
		to    string
		want  bool
	}{
		{[]string{mine}, text[theirs], true},
		{[]string{mine}, text[mine], false},
		{[]string{mine, theirs}, text[theirs], false},
		{[]string{mine, token}, text[theirs], false},
		{nil, text[theirs], false},
	} {
		u := agefile.Unlock{IdentityFiles: c.files, Named: true}.Unlocker("it")
		if got := u.AreOthers(t.Context(), []string{c.to}); got != c.want {
			t.Errorf("%v, sealed to %s: %v", c.files, c.to, got)
		}
	}
}
