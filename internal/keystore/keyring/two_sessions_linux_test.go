package keyring_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/keystore/secretservicetest"
)

// tick is how finely gnome-keyring tells the times of its file apart: what
// another service has written within it, it does not notice.
const tick = 1100 * time.Millisecond

// Two sessions of one person, each with a keyring service of its own over the
// same files: each comes to see what the other stores, until then it says that
// it does not have it, and nothing is lost.
func TestTwoSessionsAtOnce(t *testing.T) {
	t.Parallel()
	first := secretservicetest.Start(t, secretservicetest.Unlocked)
	second := first.Beside(t)
	dir := keystoretest.Folder(t)
	for _, name := range []string{"a", "b"} {
		keystoretest.Write(t, filepath.Join(dir, "seed-"+name), string(keystoretest.NewSeed(t, keys.Cluster).Reveal()))
	}
	time.Sleep(tick)
	inside(t, first, "put", "a", dir)
	inside(t, second, "get", "a", dir)
	time.Sleep(tick)
	inside(t, second, "put", "b", dir)
	inside(t, first, "get", "b", dir)
	inside(t, first, "reconcile", "-", dir)
	third := first.Beside(t)
	inside(t, third, "get", "a", dir)
	inside(t, third, "get", "b", dir)
	time.Sleep(tick)
	inside(t, second, "delete", "a", dir)
	time.Sleep(tick)
	inside(t, third, "gone", "a", dir)
}

// inside does one thing in a process of the session.
func inside(t *testing.T, s *secretservicetest.Session, words ...string) {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestInsideSession$", "-test.v")
	child.Env = append(append(os.Environ(), s.Environ...), inSession+"="+strings.Join(words, " "))
	out, err := child.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "PASS: TestInsideSession") {
		t.Fatalf("%q: %v\n%s", words, err, out)
	}
}

func TestInsideSession(t *testing.T) {
	words := strings.Fields(os.Getenv(inSession))
	if len(words) != 3 {
		t.Skip("it is what TestTwoSessionsAtOnce does in each session")
	}
	doing, name, dir := words[0], words[1], words[2]
	store := keystoretest.Open(t, "keyring:", keystore.Deps{Environ: os.Environ(), IndexDir: filepath.Join(dir, "index")})
	switch doing {
	case "put":
		keystoretest.Must(t, store.Put(t.Context(), name, keystoretest.ReadSeed(filepath.Join(dir, "seed-"+name))))
		return
	case "delete":
		keystoretest.Must(t, keystoretest.Delete(t, store, name))
		return
	case "reconcile":
		if findings, err := keystore.Reconcile(t.Context(), store, false); err != nil || len(findings) > 0 {
			t.Fatal(findings, err)
		}
		return
	case "gone":
		if _, err := store.Get(t.Context(), name); !fault.Is(err, fault.NotFound) {
			t.Fatal(err)
		}
		if findings, err := keystore.Reconcile(t.Context(), store, false); err != nil || len(findings) > 0 {
			t.Fatal(findings, err)
		}
		return
	}
	deadline := time.Now().Add(time.Minute)
	for {
		got, err := store.Get(t.Context(), name)
		switch {
		case err == nil && got.PublicKey() == keystoretest.ReadSeed(filepath.Join(dir, "seed-"+name)).PublicKey():
			return
		case err == nil:
			t.Fatalf("%s gives %v", name, got)
		case !fault.Is(err, fault.NotFound) || time.Now().After(deadline):
			t.Fatal(err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}
