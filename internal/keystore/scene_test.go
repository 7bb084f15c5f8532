package keystore_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/keystore/keyring"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/safefile"
)

// step runs ahead of every step that a store takes outside this process: of the
// disk, and of the keyring.
type step = func(step, path string) error

// opener opens the store in a folder, each of whose steps is announced.
type opener func(dir string, at step) (keystore.Store, error)

// sceneOpeners are the stores that can be written.
func sceneOpeners() map[string]opener {
	return map[string]opener{
		"dir": func(dir string, at step) (keystore.Store, error) {
			return keystore.Open("dir:"+filepath.Join(dir, "keys"), keystore.Deps{Now: time.Now, Disk: safefile.Interposed(at)})
		},
		"age": func(dir string, at step) (keystore.Store, error) {
			return keystore.Open("age:"+filepath.Join(dir, "keys"), keystore.Deps{
				Now: time.Now, Disk: safefile.Interposed(at),
				Unlock: agefile.Unlock{IdentityFiles: []string{filepath.Join(dir, "id")}, Named: true},
			})
		},
		"keyring": func(dir string, at step) (keystore.Store, error) {
			return keystoretest.RingStore(safefile.Interposed(at), &fileRing{dir: dir, at: at}, filepath.Join(dir, "keys"), time.Minute, nil), nil
		},
	}
}

// fileRing is a keyring that outlives the process that uses it.
type fileRing struct {
	dir string
	at  step
}

func (r *fileRing) item(user string) string { return filepath.Join(r.dir, "item-"+user) }

func (r *fileRing) Set(_, user, secret string) error {
	if err := r.at("keyring set", user); err != nil {
		return err
	}
	return os.WriteFile(r.item(user), []byte(secret), 0o600)
}

func (r *fileRing) Get(_, user string) (string, error) {
	if err := r.at("keyring get", user); err != nil {
		return "", err
	}
	data, err := os.ReadFile(r.item(user))
	if errors.Is(err, os.ErrNotExist) {
		return "", keyring.ErrNoItem
	}
	return string(data), err
}

func (r *fileRing) Delete(_, user string) error {
	if err := r.at("keyring delete", user); err != nil {
		return err
	}
	if err := os.Remove(r.item(user)); errors.Is(err, os.ErrNotExist) {
		return keyring.ErrNoItem
	}
	return nil
}

func (r *fileRing) Items(context.Context) ([]string, error) {
	files, err := filepath.Glob(r.item("*"))
	var users []string
	for _, file := range files {
		users = append(users, filepath.Base(file)[len("item-"):])
	}
	return users, err
}

func undisturbed(string, string) error { return nil }

// scene is a store in a folder with the seeds a and b in it, and what is needed
// for the actions on it.
type scene struct {
	dir   string
	open  opener
	seeds map[string]keys.Seed // also those that an action brings: new, c
}

// newScene writes the seeds beside the store too, so that another process finds
// them there.
func newScene(t *testing.T, kind string) scene {
	t.Helper()
	s := scene{dir: keystoretest.Folder(t), open: sceneOpeners()[kind], seeds: map[string]keys.Seed{}}
	if err := os.Mkdir(filepath.Join(s.dir, "keys"), 0o700); err != nil {
		t.Fatal(err)
	}
	us := keystoretest.NewIdentity(t, filepath.Join(s.dir, "id"))
	them := keystoretest.NewIdentity(t, filepath.Join(s.dir, "id2"))
	keystoretest.Write(t, filepath.Join(s.dir, "id2.pub"), them.Text)
	for _, name := range []string{"a", "b", "c", "new", "next"} {
		s.seeds[name] = keystoretest.NewSeed(t, keys.Cluster)
		keystoretest.Write(t, filepath.Join(s.dir, "seed-"+name), string(s.seeds[name].Reveal()))
	}
	store := s.store(t)
	if sharer, ok := store.(keystore.Sharer); ok {
		if err := sharer.Init(t.Context(), []agefile.Recipient{us}, nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"a", "b"} {
		if err := store.Put(t.Context(), name, s.seeds[name]); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func (s scene) store(t *testing.T) keystore.Store {
	t.Helper()
	store, err := s.open(s.dir, undisturbed)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

// seedFile is a seed that the scene keeps beside the store.
func seedFile(dir, name string) keys.Seed {
	return keystoretest.ReadSeed(filepath.Join(dir, "seed-"+name))
}

// publicIn is the public key of a seed that the scene keeps beside the store.
func publicIn(dir, name string) keys.PublicKey {
	seed := seedFile(dir, name)
	defer seed.Wipe()
	return seed.PublicKey()
}

// action is something done to a scene, which works on a folder alone so that
// another process can do it.
type action func(ctx context.Context, store keystore.Store, dir string) error

func actions(kind string) map[string]action {
	all := map[string]action{
		"put": func(ctx context.Context, store keystore.Store, dir string) error {
			return store.Put(ctx, "new", seedFile(dir, "new"))
		},
		"rename": func(ctx context.Context, store keystore.Store, dir string) error {
			return store.Rename(ctx, "a", "z", publicIn(dir, "a"))
		},
		"delete": func(ctx context.Context, store keystore.Store, dir string) error {
			return store.Delete(ctx, "a", publicIn(dir, "a"))
		},
		"restore": restoring,
	}
	if kind == "age" {
		all["share"] = sharing
		all["unshare"] = unsharing
		all["repair"] = repairing
	}
	return all
}

// restoring puts back a backup of b and of what the store does not have.
func restoring(ctx context.Context, store keystore.Store, dir string) error {
	plain, err := keystore.Open("dir:"+filepath.Join(dir, "backup"), keystore.Deps{})
	if err != nil {
		return err
	}
	for _, name := range []string{"b", "c", "new"} {
		if err := plain.Put(ctx, name, seedFile(dir, name)); err != nil {
			return err
		}
	}
	backup, err := keystore.TakeBackup(ctx, plain, time.Now())
	if err != nil {
		return err
	}
	_, err = backup.Restore(ctx, store)
	return err
}

func other(dir string) agefile.Recipient {
	text, err := os.ReadFile(filepath.Join(dir, "id2.pub"))
	if err != nil {
		panic(err)
	}
	r, err := agefile.ParseRecipient(string(text))
	if err != nil {
		panic(err)
	}
	return r
}

func sharing(ctx context.Context, store keystore.Store, dir string) error {
	_, _, err := store.(keystore.Sharer).Share(ctx, []agefile.Recipient{other(dir)})
	return err
}

// unsharing removes what an undisturbed sharing has added.
func unsharing(ctx context.Context, store keystore.Store, dir string) error {
	calm, err := sceneOpeners()["age"](dir, undisturbed)
	if err == nil {
		err = sharing(ctx, calm, dir)
	}
	if err == nil {
		_, _, err = store.(keystore.Sharer).Unshare(ctx, other(dir).Text, false)
	}
	return err
}

// repairing mends a list of recipients that was changed behind our back, and
// public keys that were lost.
func repairing(ctx context.Context, store keystore.Store, dir string) error {
	folder := filepath.Join(dir, "keys")
	list, err := os.ReadFile(filepath.Join(folder, "recipients.txt"))
	if err != nil {
		return err
	}
	_ = os.Remove(filepath.Join(folder, "b.pub"))
	text := string(list)
	if them := other(dir).Text; !strings.Contains(text, them) {
		text += them + "\n"
	}
	if err := os.WriteFile(filepath.Join(folder, "recipients.txt"), []byte(text), 0o600); err != nil {
		return err
	}
	_, err = keystore.Reconcile(ctx, store, true)
	return err
}
