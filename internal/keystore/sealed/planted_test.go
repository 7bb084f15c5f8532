package sealed_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/safefile"
)

// stopped is a team whose last change of recipients was stopped, as if killed,
// before the seed b was exchanged.
func stopped(t *testing.T) (team, map[string]keys.Seed) {
	t.Helper()
	m := newTeam(t)
	seeds := m.put(t, "a", "b")
	m.stop(t, "b.age")
	return m, seeds
}

// stop has somebody new come in, and stops that before a file is exchanged.
func (m team) stop(t *testing.T, before string) (bob team) {
	t.Helper()
	killed, dead := errors.New("killed"), false
	deps := m.deps()
	deps.Disk = safefile.Interposed(func(step, path string) error {
		if dead = dead || step == "rename" && path == before; dead {
			return killed
		}
		return nil
	})
	sharer := keystoretest.Open(t, "age:"+m.dir, deps).(keystore.Sharer)
	r, bob := newcomer(t, m)
	if _, _, err := sharer.Share(t.Context(), []agefile.Recipient{r}); !errors.Is(err, killed) {
		t.Fatal(err)
	}
	return bob
}

// A passphrase gives way to recipients, and that is cut short: what is there of two kinds
// is read by nobody, and it is said how to finish it.
func TestAChangeOfKindThatWasCutShort(t *testing.T) {
	t.Parallel()
	for _, before := range []string{"b.age", "recipients.txt", ".latch-store"} {
		m := newSecretTeam(t)
		seeds := m.put(t, "a", "b")
		bob := m.stop(t, before)
		for _, who := range []team{m, bob} {
			if _, err := who.open(t).Get(t.Context(), "a"); !fault.Is(err, fault.Refused) || !strings.Contains(fault.HintOf(err), "latch keys list --repair") {
				t.Errorf("before %s: %v, %s", before, err, fault.HintOf(err))
			}
		}
		if _, err := keystore.Reconcile(t.Context(), bob.open(t), true); err != nil {
			t.Fatalf("before %s: %v", before, err)
		}
		if err := bob.opens(t, seeds); err != nil {
			t.Errorf("before %s: %v", before, err)
		}
	}
}

// Reading finishes nothing; the next change does, and says so.
func TestAChangeCutShortIsFinishedByTheNextAndSaid(t *testing.T) {
	t.Parallel()
	m, seeds := stopped(t)
	before := contents(t, m.dir)
	if err := m.opens(t, seeds); err != nil {
		t.Fatal(err)
	}
	if entries, err := m.open(t).List(t.Context()); err != nil || len(entries) != 2 {
		t.Fatal(entries, err)
	}
	if findings, err := keystore.Reconcile(t.Context(), m.open(t), false); err != nil || !strings.Contains(named(findings), ".latch-set") {
		t.Fatal(findings, err)
	}
	if contents(t, m.dir) != before {
		t.Fatal("reading changed something")
	}
	var said []string
	deps := m.deps()
	deps.Notice = func(message string) { said = append(said, message) }
	if err := keystoretest.Open(t, "age:"+m.dir, deps).Put(t.Context(), "c", seeds["a"]); err != nil {
		t.Fatal(err)
	}
	if len(said) != 1 || !strings.Contains(said[0], "killed midway; it has been finished") || !strings.Contains(said[0], m.dir) {
		t.Fatalf("said %q", said)
	}
	if _, findings, err := keystore.Check(t.Context(), m.open(t)); err != nil || len(findings) > 0 {
		t.Fatal(findings, err)
	}
}

// A key that a colleague has stored since is not overwritten by what an older
// change would have made of its file.
func TestAnOldChangeOverwritesNoNewerKey(t *testing.T) {
	t.Parallel()
	m, seeds := stopped(t)
	newer := keystoretest.NewSeed(t, keys.Cluster)
	elsewhere := newTeam(t)
	keystoretest.Must(t, elsewhere.open(t).Put(t.Context(), "b", newer))
	for _, file := range []string{"b.age", "b.pub"} { // as git would bring them
		data, err := os.ReadFile(filepath.Join(elsewhere.dir, file))
		keystoretest.Must(t, err)
		keystoretest.Must(t, os.Remove(filepath.Join(m.dir, file)))
		keystoretest.Write(t, filepath.Join(m.dir, file), string(data))
	}
	before := contents(t, m.dir)
	if err := m.open(t).Put(t.Context(), "c", seeds["a"]); !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "b.age") {
		t.Fatal(err)
	}
	if contents(t, m.dir) != before {
		t.Fatal("something was changed")
	}
}

// A journal that came with the folder removes no seed, though it names it with
// the right digest.
func TestPlantedJournalsRemoveNoSeed(t *testing.T) {
	t.Parallel()
	m := newTeam(t)
	seeds := m.put(t, "a")
	data, err := os.ReadFile(filepath.Join(m.dir, "a.age"))
	keystoretest.Must(t, err)
	keystoretest.Must(t, os.MkdirAll(filepath.Join(m.dir, ".latch-set", "old"), 0o700))
	keystoretest.Write(t, filepath.Join(m.dir, ".latch-set", "journal"), fmt.Sprintf("latch set 2\nremove %x - a.age\n", sha256.Sum256(data)))
	if _, err := m.open(t).List(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := m.open(t).Put(t.Context(), "b", seeds["a"]); !fault.Is(err, fault.Refused) {
		t.Fatal(err)
	}
	if err := m.opens(t, seeds); err != nil {
		t.Fatal(err)
	}
}
