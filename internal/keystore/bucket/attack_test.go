package bucket_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/nats.go/jetstream"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// operator runs the servers: everything that is stored can be read, dropped, changed
// and put back by them. They have no key of the team's.
type operator struct {
	*testing.T
	js jetstream.JetStream
}

// stored is one revision as a server has it.
type stored struct {
	subject string
	data    []byte
}

func newOperator(t *testing.T, server *natstest.Server) operator {
	t.Helper()
	js, err := jetstream.New(server.Connect(t, natsconn.Login{}).Conn)
	if err != nil {
		t.Fatal(err)
	}
	return operator{t, js}
}

// all is what the bucket holds, in its order.
func (o operator) all() []stored {
	o.Helper()
	s, err := o.js.Stream(o.Context(), "KV_team")
	if err != nil {
		o.Fatal(err)
	}
	var found []stored
	for seq := uint64(1); seq <= s.CachedInfo().State.LastSeq; seq++ {
		m, err := s.GetMsg(o.Context(), seq)
		if err != nil {
			o.Fatalf("revision %d: %v", seq, err)
		}
		found = append(found, stored{m.Subject, m.Data})
	}
	return found
}

// become makes the bucket anew, with these revisions in these places.
func (o operator) become(all []stored) {
	o.Helper()
	s, err := o.js.Stream(o.Context(), "KV_team")
	if err != nil {
		o.Fatal(err)
	}
	config := s.CachedInfo().Config
	if err := o.js.DeleteStream(o.Context(), "KV_team"); err != nil {
		o.Fatal(err)
	}
	until(o.T, "the server has done away with the old bucket", func() bool {
		_, err := o.js.CreateStream(o.Context(), config)
		return err == nil
	})
	for _, m := range all {
		o.publish(m)
	}
}

func (o operator) publish(m stored) {
	o.Helper()
	if _, err := o.js.Publish(o.Context(), m.subject, m.data); err != nil {
		o.Fatal(err)
	}
}

// newest gives the last revision of a key.
func newest(o operator, key string) stored {
	o.Helper()
	all := o.all()
	for i := len(all) - 1; i >= 0; i-- {
		if strings.HasSuffix(all[i].subject, "."+key) {
			return all[i]
		}
	}
	o.Fatalf("there is no %s", key)
	return stored{}
}

// robbed is a team whose bucket an operator has got to, and somebody else who has used
// it too.
func robbed(t *testing.T) (alice person, o operator, seeds map[string]keys.Seed) {
	t.Helper()
	server := natstest.Start(t, natstest.JetStream(t))
	alice = newTeam(t, "team", server)
	seeds = alice.put(t, "a", "b")
	return alice, newOperator(t, server), seeds
}

// refuses makes sure that a keystore is neither read nor written, and says why.
func refuses(t *testing.T, p person, says string) {
	t.Helper()
	_, listErr := p.open(t).List(t.Context())
	_, getErr := p.open(t).Get(t.Context(), "a")
	putErr := p.open(t).Put(t.Context(), "new", keystoretest.NewSeed(t, keys.Cluster))
	for doing, err := range map[string]error{"List": listErr, "Get": getErr, "Put": putErr} {
		if err == nil || !strings.Contains(err.Error(), says) || fault.HintOf(err) == "" {
			t.Errorf("%s: %v, want %q", doing, err, says)
		}
	}
}

// The operator adds himself: in what a maintainer has signed, or signed by himself.
func TestTheOperatorCannotAddHimself(t *testing.T) {
	t.Parallel()
	alice, o, _ := robbed(t)
	mallory := newPerson(t, "elsewhere")
	changed := newest(o, "root")
	changed.data = append(bytes.Clone(changed.data), 0)
	o.publish(changed)
	refuses(t, alice, "is no list of keys")

	alice, o, _ = robbed(t)
	o.publish(forged(t, mallory))
	refuses(t, alice, "it is not the keystore that was there before")
	pinned := newcomer(t, alice)
	pinned.uri += "?maintainer=" + alice.signingKey(t).String()
	refuses(t, pinned, "who is not trusted here")
}

// forged is a root that somebody has signed who is no maintainer anywhere else.
func forged(t *testing.T, by person) stored {
	t.Helper()
	server := natstest.Start(t, natstest.JetStream(t))
	by.uri = server.URL() + "/team"
	if err := by.open(t).Init(t.Context(), []recipientOf{by.recipient(t)}, nil); err != nil {
		t.Fatal(err)
	}
	by.put(t, "a", "b")
	return newest(newOperator(t, server), "root")
}

// newcomer has never seen the keystore of somebody.
func newcomer(t *testing.T, of person) person {
	t.Helper()
	p := newPerson(t, "team")
	p.uri = of.uri
	return p
}

func (p person) signingKey(t *testing.T) keys.PublicKey {
	t.Helper()
	all := p.open(t).SigningKeys(t.Context())
	if len(all) != 1 {
		t.Fatalf("signing keys: %v", all)
	}
	return all[0]
}

// One seed in place of another, one of its own earlier revisions, another bucket's, or
// none: the list of keys means one revision only.
func TestTheOperatorCannotExchangeASeed(t *testing.T) {
	t.Parallel()
	for how, exchange := range map[string]func(all []stored, a, b int){
		"another name's": func(all []stored, a, b int) { all[a].data = all[b].data },
		"nothing":        func(all []stored, a, _ int) { all[a].data = nil },
		"garbage":        func(all []stored, a, _ int) { all[a].data = []byte("garbage") },
		"another place":  func(all []stored, a, b int) { all[a], all[b] = all[b], all[a] },
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			alice, o, _ := robbed(t)
			all := o.all()
			at := map[string]int{}
			for i, m := range all {
				at[m.subject] = i
			}
			exchange(all, at["$KV.team.seeds.a"], at["$KV.team.seeds.b"])
			o.become(all)
			if got, err := alice.open(t).Get(t.Context(), "a"); !keystoretest.Corrupt(err) || !strings.Contains(err.Error(), "it was exchanged") {
				t.Errorf("Get gave %v, %v", got, err)
			}
			if findings, err := alice.open(t).Reconcile(t.Context(), false); err != nil || len(findings) == 0 || findings[0].Name != "a" {
				t.Errorf("nothing was found: %v, %v", findings, err)
			}
		})
	}
}

// A seed written over what is in use, without a word in the list, changes nothing.
func TestWhatTheListDoesNotMeanDoesNotCount(t *testing.T) {
	t.Parallel()
	alice, o, seeds := robbed(t)
	o.publish(stored{"$KV.team.seeds.a", newest(o, "seeds.b").data})
	got, err := alice.open(t).Get(t.Context(), "a")
	if err != nil || got.PublicKey() != seeds["a"].PublicKey() {
		t.Fatal(got, err)
	}
}

// An older list put on top, or the whole bucket as it was: who has seen the newer one
// notices. Who has never seen it cannot.
func TestARollBackIsNoticed(t *testing.T) {
	t.Parallel()
	for how, roll := range map[string]func(o operator, before []stored, root stored){
		"an older list on top": func(o operator, _ []stored, root stored) { o.publish(root) },
		"the bucket as it was": func(o operator, before []stored, _ stored) { o.become(before) },
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			alice, o, _ := robbed(t)
			before, root := o.all(), newest(o, "root")
			alice.put(t, "c")
			roll(o, before, root)
			refuses(t, alice, "was rolled back")
			if entries, err := newcomer(t, alice).open(t).List(t.Context()); err != nil || len(entries) != 2 {
				t.Errorf("who has seen nothing: %v, %v", entries, err)
			}
		})
	}
}

// A bucket restored from a backup, in which somebody has gone on since: it is newer than
// what was seen, and yet does not follow from it.
func TestTwoHistoriesAreNoticed(t *testing.T) {
	t.Parallel()
	for later := range 3 {
		alice, o, _ := robbed(t)
		before := o.all()
		alice.put(t, "c")
		o.become(before)
		elsewhere := alice // the same identity on another machine, that has seen nothing
		elsewhere.dir = t.TempDir()
		text, err := os.ReadFile(filepath.Join(alice.dir, "id"))
		keystoretest.Must(t, err)
		keystoretest.Write(t, filepath.Join(elsewhere.dir, "id"), string(text))
		for i := range later + 1 {
			elsewhere.put(t, "d"+strings.Repeat("d", i))
		}
		refuses(t, alice, "the keystore has two histories")
	}
}

// Another keystore in its place, made by who runs the server.
func TestAnotherKeystoreInItsPlace(t *testing.T) {
	t.Parallel()
	alice, o, _ := robbed(t)
	if err := o.js.DeleteStream(o.Context(), "KV_team"); err != nil {
		t.Fatal(err)
	}
	mallory := newcomer(t, alice)
	if err := mallory.open(t).Init(t.Context(), []recipientOf{mallory.recipient(t)}, nil); err != nil {
		t.Fatal(err)
	}
	refuses(t, alice, "it is not the keystore that was there before")
	pinned := newcomer(t, alice)
	pinned.uri += "?maintainer=" + alice.signingKey(t).String()
	refuses(t, pinned, "who is not trusted here")
}

// A maintainer who was dismissed signs no more, for who has seen that.
func TestADismissedMaintainerSignsNoMore(t *testing.T) {
	t.Parallel()
	alice, o, _ := robbed(t)
	bob := newcomer(t, alice)
	if err := bob.open(t).Put(t.Context(), "x", keystoretest.NewSeed(t, keys.Cluster)); !fault.Is(err, fault.Refused) {
		t.Fatalf("a stranger writes: %v", err)
	}
	_, err := alice.open(t).Introduce(t.Context(), bob.signingKey(t), "bob")
	keystoretest.Must(t, err)
	bob.put(t, "by-bob")
	before := o.all()
	if gone, err := alice.open(t).Dismiss(t.Context(), "bob"); err != nil || gone != bob.signingKey(t) {
		t.Fatal(gone, err)
	}
	if err := bob.open(t).Put(t.Context(), "x", keystoretest.NewSeed(t, keys.Cluster)); !fault.Is(err, fault.Refused) {
		t.Fatalf("who was dismissed writes: %v", err)
	}
	// He and the operator together: the bucket as it was, and more by him.
	o.become(before)
	bob.dir = func() string {
		dir := t.TempDir()
		text, err := os.ReadFile(filepath.Join(bob.dir, "id"))
		keystoretest.Must(t, err)
		keystoretest.Write(t, filepath.Join(dir, "id"), string(text))
		return dir
	}()
	bob.put(t, "x", "y", "z")
	refuses(t, alice, "who is not trusted here")
}

// What was trusted without having been compared is said once.
func TestTheFirstUseIsSaid(t *testing.T) {
	t.Parallel()
	alice, _, _ := robbed(t)
	bob := newcomer(t, alice)
	for range 2 {
		if _, err := bob.open(t).List(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if said := *bob.notices; len(said) != 1 || !strings.Contains(said[0], "for the first time") || !strings.Contains(said[0], alice.signingKey(t).String()) {
		t.Errorf("said %q", said)
	}
	trusting, err := alice.open(t).Trusting(t.Context())
	keystoretest.Must(t, err)
	carol := newcomer(t, alice)
	carol.uri = trusting
	if _, err := carol.open(t).List(t.Context()); err != nil || len(*carol.notices) > 0 {
		t.Errorf("said %q, %v", *carol.notices, err)
	}
}
