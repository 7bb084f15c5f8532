package agefile_test

import (
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keystore/agefile"
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
