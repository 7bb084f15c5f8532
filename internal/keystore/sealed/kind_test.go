package sealed_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
)

// refusesAll makes sure that nothing is read from, added to or mended in a store,
// and that nothing in it changes.
func (m team) refusesAll(t *testing.T, name string) {
	t.Helper()
	before := contents(t, m.dir)
	_, getErr := m.open(t).Get(t.Context(), "a")
	_, listErr := m.open(t).List(t.Context())
	_, mendErr := keystore.Reconcile(t.Context(), m.open(t), true)
	r, _ := newcomer(t, m)
	_, _, shareErr := m.sharer(t).Share(t.Context(), []agefile.Recipient{r})
	putErr := m.open(t).Put(t.Context(), "new", keystoretest.NewSeed(t, keys.Cluster))
	for doing, err := range map[string]error{"Get": getErr, "List": listErr, "Put": putErr, "Share": shareErr, "Reconcile": mendErr} {
		if !fault.Is(err, fault.Refused) || fault.HintOf(err) == "" {
			t.Errorf("%s: %s: %v", name, doing, err)
		}
	}
	if contents(t, m.dir) != before {
		t.Errorf("%s: something was changed", name)
	}
}

// A store for a passphrase does not become one for recipients because somebody
// adds them, nor the other way round, whatever else they take away.
func TestAStoreIsOfOneKind(t *testing.T) {
	t.Parallel()
	attacker := keystoretest.NewIdentity(t, filepath.Join(keystoretest.Folder(t), "id")).Text + "\n"
	for name, plant := range map[string]func(t *testing.T, m team){
		"recipients appear": func(*testing.T, team) {},
		"recipients in place of the proof": func(t *testing.T, m team) {
			keystoretest.Must(t, os.Remove(filepath.Join(m.dir, ".passphrase.age")))
		},
		"recipients, and no record": func(t *testing.T, m team) {
			keystoretest.Must(t, os.Remove(filepath.Join(m.dir, ".latch-store")))
		},
	} {
		m := newSecretTeam(t)
		m.put(t, "a")
		keystoretest.Write(t, filepath.Join(m.dir, "recipients.txt"), attacker)
		plant(t, m)
		m.refusesAll(t, name)
	}
	other := newSecretTeam(t)
	proof, err := os.ReadFile(filepath.Join(other.dir, ".passphrase.age"))
	keystoretest.Must(t, err)
	for name, gone := range map[string][]string{"a passphrase appears": nil, "a passphrase in place": {"recipients.txt"}} {
		m := newTeam(t)
		m.put(t, "a")
		keystoretest.Write(t, filepath.Join(m.dir, ".passphrase.age"), string(proof))
		for _, file := range gone {
			keystoretest.Must(t, os.Remove(filepath.Join(m.dir, file)))
		}
		m.refusesAll(t, name)
	}
}

// Where every mark of the old kind is taken away, the seeds that are there still
// tell: nothing new is sealed to whoever was put in.
func TestSeedsTellTheKindOfTheirStore(t *testing.T) {
	t.Parallel()
	m := newSecretTeam(t)
	seeds := m.put(t, "a", "b")
	r, bob := newcomer(t, m)
	for _, file := range []string{".passphrase.age", ".latch-store"} {
		keystoretest.Must(t, os.Remove(filepath.Join(m.dir, file)))
	}
	keystoretest.Write(t, filepath.Join(m.dir, "recipients.txt"), r.Text+"\n")
	before := contents(t, m.dir)
	putErr := m.open(t).Put(t.Context(), "c", seeds["a"])
	_, getErr := m.open(t).Get(t.Context(), "a")
	for doing, err := range map[string]error{"Put": putErr, "Get": getErr} {
		if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), "with a passphrase") {
			t.Errorf("%s: %v", doing, err)
		}
	}
	findings, err := keystore.Reconcile(t.Context(), m.open(t), true)
	if err != nil || named(findings) != "a b" || findings[0].Mended || findings[0].Remedy != "" {
		t.Errorf("%v, %v", findings, err)
	}
	if contents(t, m.dir) != before {
		t.Error("something was changed")
	}
	if err := bob.opens(t, seeds); !fault.Is(err, fault.Refused) {
		t.Errorf("the other opens it: %v", err)
	}
}

// A seed that is sealed to somebody's identity is none of a store that has a
// passphrase, though that identity is at hand.
func TestSeedsOfAnotherKindAreNotOpened(t *testing.T) {
	t.Parallel()
	m, alice := newSecretTeam(t), newTeam(t)
	m.put(t, "a")
	foreign := alice.put(t, "b")["b"]
	data, err := os.ReadFile(filepath.Join(alice.dir, "b.age"))
	keystoretest.Must(t, err)
	keystoretest.Write(t, filepath.Join(m.dir, "b.age"), string(data))
	both := m.with(agefile.Unlock{IdentityFiles: alice.unlock.IdentityFiles, Named: true, Passphrase: says("open sesame"), WorkFactor: 2})
	if got, err := both.open(t).Get(t.Context(), "b"); !fault.Is(err, fault.Refused) {
		t.Fatalf("%v of %v, %v", got, foreign, err)
	}
	if err := both.open(t).Put(t.Context(), "c", foreign); !fault.Is(err, fault.Refused) {
		t.Fatal(err)
	}
}

// A store of an earlier latch says what it is from the next seed on.
func TestTheKindIsRecordedLater(t *testing.T) {
	t.Parallel()
	for _, m := range []team{newTeam(t), newSecretTeam(t)} {
		record := filepath.Join(m.dir, ".latch-store")
		before, err := os.ReadFile(record)
		keystoretest.Must(t, err)
		keystoretest.Must(t, os.Remove(record))
		seeds := m.put(t, "a", "b")
		if after, err := os.ReadFile(record); err != nil || string(after) != string(before) {
			t.Errorf("%q became %q, %v", before, after, err)
		}
		if err := m.opens(t, seeds); err != nil {
			t.Error(err)
		}
	}
}
