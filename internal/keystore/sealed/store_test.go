package sealed_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/keystore/sealed"
)

// with is the same team with another way in.
func (m team) with(unlock agefile.Unlock) team { return team{dir: m.dir, unlock: unlock} }

func (m team) put(t *testing.T, names ...string) map[string]keys.Seed {
	t.Helper()
	seeds := map[string]keys.Seed{}
	for _, name := range names {
		seeds[name] = keystoretest.NewSeed(t, keys.Cluster)
		if err := m.open(t).Put(t.Context(), name, seeds[name]); err != nil {
			t.Fatal(err)
		}
	}
	return seeds
}

func (m team) opens(t *testing.T, seeds map[string]keys.Seed) error {
	t.Helper()
	var errs []error
	for name, seed := range seeds {
		got, err := m.open(t).Get(t.Context(), name)
		if err == nil && got.PublicKey() != seed.PublicKey() {
			t.Fatalf("%s is %v", name, got)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// newcomer is somebody with an identity of their own.
func newcomer(t *testing.T, m team) (agefile.Recipient, team) {
	t.Helper()
	path := filepath.Join(keystoretest.Folder(t), "id")
	r := keystoretest.NewIdentity(t, path)
	return r, m.with(agefile.Unlock{IdentityFiles: []string{path}, Named: true})
}

func TestShareAndUnshare(t *testing.T) {
	t.Parallel()
	alice := newTeam(t)
	seeds := alice.put(t, "a", "b", "c")
	r, bob := newcomer(t, alice)
	if err := bob.opens(t, seeds); !fault.Is(err, fault.Locked) {
		t.Fatalf("error is %v", err)
	}
	if _, _, err := bob.sharer(t).Share(t.Context(), []agefile.Recipient{r}); !fault.Is(err, fault.Locked) {
		t.Fatalf("he let himself in: %v", err)
	}
	added, resealed, err := alice.sharer(t).Share(t.Context(), []agefile.Recipient{r, r})
	if err != nil || resealed != 3 || len(added) != 1 {
		t.Fatalf("%v, %d, %v", added, resealed, err)
	}
	if err := errors.Join(alice.opens(t, seeds), bob.opens(t, seeds)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := bob.sharer(t).Unshare(t.Context(), r.Text, false); !fault.Is(err, fault.Refused) {
		t.Fatalf("he locked himself out: %v", err)
	}
	if gone, resealed, err := alice.sharer(t).Unshare(t.Context(), r.Text, false); err != nil || resealed != 3 || gone.Text != r.Text {
		t.Fatalf("%v, %d, %v", gone, resealed, err)
	}
	if err := bob.opens(t, seeds); !fault.Is(err, fault.Locked) {
		t.Fatalf("error is %v", err)
	}
	if err := alice.opens(t, seeds); err != nil {
		t.Fatal(err)
	}
	if _, _, err := alice.sharer(t).Unshare(t.Context(), r.Text, false); !fault.Is(err, fault.NotFound) {
		t.Fatalf("error is %v", err)
	}
	all, err := alice.sharer(t).Recipients(t.Context())
	if err != nil || len(all) != 1 {
		t.Fatalf("%v, %v", all, err)
	}
	if _, _, err := alice.sharer(t).Unshare(t.Context(), all[0].Text, true); !fault.Is(err, fault.Refused) {
		t.Fatalf("the last one: %v", err)
	}
}

// One seed that cannot be opened, and nothing is changed.
func TestShareIsAllOrNothing(t *testing.T) {
	t.Parallel()
	alice := newTeam(t)
	alice.put(t, "a", "b", "c")
	r, _ := newcomer(t, alice)
	if err := os.WriteFile(filepath.Join(alice.dir, "b.age"), []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	before := contents(t, alice.dir)
	_, _, err := alice.sharer(t).Share(t.Context(), []agefile.Recipient{r})
	if !keystoretest.Corrupt(err) || !strings.Contains(err.Error(), "b.age") || strings.Contains(err.Error(), "precious") {
		t.Fatalf("error is %v", err)
	}
	if after := contents(t, alice.dir); after != before {
		t.Fatal("something was changed")
	}
}

func contents(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	keystoretest.Must(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		all.WriteString(path + "\n" + string(data) + "\n")
		return err
	}))
	return all.String()
}

func TestPassphraseGivesWayToRecipients(t *testing.T) {
	t.Parallel()
	m := newSecretTeam(t)
	seeds := m.put(t, "a", "b")
	wrong := m.with(agefile.Unlock{Passphrase: says("open barley"), WorkFactor: 2})
	if err := wrong.opens(t, seeds); !fault.Is(err, fault.Locked) {
		t.Fatalf("error is %v", err)
	}
	if err := wrong.open(t).Put(t.Context(), "c", keystoretest.NewSeed(t, keys.Cluster)); !fault.Is(err, fault.Locked) {
		t.Fatalf("a second passphrase: %v", err)
	}
	r, bob := newcomer(t, m)
	if _, resealed, err := m.sharer(t).Share(t.Context(), []agefile.Recipient{r}); err != nil || resealed != 2 {
		t.Fatal(resealed, err)
	}
	if err := bob.opens(t, seeds); err != nil {
		t.Fatal(err)
	}
	if err := m.opens(t, seeds); !fault.Is(err, fault.Locked) {
		t.Fatalf("the passphrase still opens it: %v", err)
	}
	if files := contents(t, m.dir); strings.Contains(files, ".passphrase") {
		t.Fatal("the passphrase's file was left")
	}
}

func TestInitOnce(t *testing.T) {
	t.Parallel()
	for _, m := range []team{newTeam(t), newSecretTeam(t)} {
		before := contents(t, m.dir)
		r, _ := newcomer(t, m)
		for range 2 {
			if err := m.sharer(t).Init(t.Context(), []agefile.Recipient{r}, nil); !fault.Is(err, fault.Exists) {
				t.Errorf("error is %v", err)
			}
			if err := m.sharer(t).Init(t.Context(), nil, []byte("x")); !fault.Is(err, fault.Exists) {
				t.Errorf("error is %v", err)
			}
		}
		if contents(t, m.dir) != before {
			t.Error("something was changed")
		}
	}
	empty := team{dir: filepath.Join(keystoretest.Folder(t), "k")}
	if err := empty.sharer(t).Init(t.Context(), nil, nil); err == nil {
		t.Error("made for nobody")
	}
}

// A folder that nobody has settled takes no keys; one with keys that age made
// can be settled.
func TestFolderThatAgeMade(t *testing.T) {
	t.Parallel()
	alice := newTeam(t)
	seeds := alice.put(t, "a")
	for _, gone := range []string{"recipients.txt", "a.pub"} {
		if err := os.Remove(filepath.Join(alice.dir, gone)); err != nil {
			t.Fatal(err)
		}
	}
	if err := alice.opens(t, seeds); err != nil {
		t.Fatal(err)
	}
	err := alice.open(t).Put(t.Context(), "b", keystoretest.NewSeed(t, keys.Cluster))
	if !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.HintOf(err), "latch keystore init age:") {
		t.Fatalf("error is %v", err)
	}
	r, bob := newcomer(t, alice)
	if _, resealed, err := alice.sharer(t).Share(t.Context(), []agefile.Recipient{r}); err != nil || resealed != 1 {
		t.Fatal(resealed, err)
	}
	if err := bob.opens(t, seeds); err != nil {
		t.Fatal(err)
	}
}

// settling is a place where somebody settles what was announced of a seed just as a
// reader looks for it.
type settling struct{ *keystoretest.Memory }

func (s settling) Read(ctx context.Context, name string, limit int64) ([]byte, error) {
	if name == ".latch-new-a.pub" {
		if open, err := s.Lock(ctx, false); err == nil {
			_ = open.Rename(ctx, name, "a.pub")
			open.Release()
		}
	}
	return s.Memory.Read(ctx, name, limit)
}

// A list beside somebody who stores a seed finds what is public of it under whichever
// name it has at the moment: it asks for no identity.
func TestListBesideAWriter(t *testing.T) {
	t.Parallel()
	place, path := &keystoretest.Memory{}, filepath.Join(keystoretest.Folder(t), "id")
	id := keystoretest.NewIdentity(t, path)
	writer := sealed.New("memory:", place, agefile.Unlock{IdentityFiles: []string{path}, Named: true}, time.Now, "none")
	keystoretest.Must(t, writer.Init(t.Context(), []agefile.Recipient{id}, nil))
	keystoretest.Must(t, writer.Put(t.Context(), "a", keystoretest.NewSeed(t, keys.Cluster)))
	open, err := place.Lock(t.Context(), false)
	keystoretest.Must(t, err)
	keystoretest.Must(t, open.Rename(t.Context(), "a.pub", ".latch-new-a.pub"))
	open.Release()
	reader := sealed.New("memory:", settling{place}, agefile.Unlock{}, time.Now, "none")
	if entries, err := reader.List(t.Context()); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
}
