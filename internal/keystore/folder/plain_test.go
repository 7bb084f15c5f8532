package folder_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
)

// folder is a dir: store with one good key, "good", in it.
func folder(t *testing.T) (store keystore.Store, path string, good keys.Seed) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "deep", "keys")
	store = keystoretest.Open(t, "dir:"+path, keystore.Deps{})
	good = keystoretest.NewSeed(t, keys.Cluster)
	if err := store.Put(t.Context(), "good", good); err != nil {
		t.Fatal(err)
	}
	return store, path, good
}

func TestDirFilesAreWhatWashWrites(t *testing.T) {
	t.Parallel()
	_, path, good := folder(t)
	data, err := os.ReadFile(filepath.Join(path, "good.nk"))
	if err != nil || string(data) != string(good.Reveal()) || len(data) != 58 {
		t.Fatalf("%d bytes, %v", len(data), err)
	}
	for name, want := range map[string]os.FileMode{".": os.ModeDir | 0o700, "good.nk": 0o600} {
		if info, _ := os.Stat(filepath.Join(path, name)); info.Mode() != want {
			t.Errorf("%s has mode %v", name, info.Mode())
		}
	}
	if files, _ := os.ReadDir(path); len(files) != 1 {
		t.Errorf("the folder holds %v", files)
	}
}

func TestDirForgivesOneLineEnd(t *testing.T) {
	t.Parallel()
	store, path, good := folder(t)
	text := string(good.Reveal())
	for data, valid := range map[string]bool{
		text: true, text + "\n": true, text + "\r\n": true,
		text + "\n\n": false, text + "\r": false, "\n" + text: false, text + " ": false, `"` + text + `"`: false,
		text[:57]: false, text[:57] + "\n": false, strings.ToLower(text): false, "": false, "\n": false,
		strings.Repeat(text, 40): false, good.PublicKey().String(): false,
	} {
		keystoretest.Write(t, filepath.Join(path, "x.nk"), data)
		got, err := store.Get(t.Context(), "x")
		if valid && (err != nil || got.PublicKey() != good.PublicKey()) {
			t.Errorf("%d bytes: %v", len(data), err)
		}
		if valid {
			continue
		}
		if !keystoretest.Corrupt(err) || !strings.Contains(err.Error(), filepath.Join(path, "x.nk")) {
			t.Errorf("%d bytes: %v", len(data), err)
		}
		if strings.Contains(strings.ToUpper(err.Error()), text[2:12]) {
			t.Error("the error repeats the seed")
		}
	}
}

func TestDirListsTheRestBesideWhatIsCorrupt(t *testing.T) {
	t.Parallel()
	store, path, good := folder(t)
	keystoretest.Write(t, filepath.Join(path, "bad.nk"), "x")
	keystoretest.Write(t, filepath.Join(path, "my key.nk"), string(good.Reveal()))
	for _, ignored := range []string{"README", "good.nk.bak", ".hidden.nk", "good.pub", ".nk"} {
		keystoretest.Write(t, filepath.Join(path, ignored), "x")
	}
	entries, err := store.List(t.Context())
	if len(entries) != 1 || entries[0] != (keystore.Entry{Name: "good", PublicKey: good.PublicKey()}) {
		t.Errorf("entries are %v", entries)
	}
	if !keystoretest.Corrupt(err) || !fault.Is(err, fault.Usage) {
		t.Fatalf("error is %v", err)
	}
	for _, says := range []string{"bad.nk", "my key", "too short"} {
		if !strings.Contains(err.Error(), says) {
			t.Errorf("error %q lacks %q", err, says)
		}
	}
	for _, ignored := range []string{"README", "hidden", ".bak", ".pub"} {
		if strings.Contains(err.Error(), ignored) {
			t.Errorf("error %q has %q", err, ignored)
		}
	}
}

func TestDirNeverReplacesWhatIsCorrupt(t *testing.T) {
	t.Parallel()
	store, path, good := folder(t)
	bad := filepath.Join(path, "bad.nk")
	keystoretest.Write(t, bad, "precious")
	if err := store.Put(t.Context(), "bad", good); !keystoretest.Corrupt(err) {
		t.Fatalf("error is %v", err)
	}
	if data, _ := os.ReadFile(bad); string(data) != "precious" {
		t.Fatal("the file was replaced")
	}
	if err := keystoretest.Delete(t, store, "bad"); err != nil {
		t.Fatal(err)
	}
}

func TestDirRefusesWhatOthersCanReach(t *testing.T) {
	t.Parallel()
	store, path, good := folder(t)
	if err := os.Chmod(filepath.Join(path, "good.nk"), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Get(t.Context(), "good"); !fault.Is(err, fault.Refused) {
		t.Errorf("Get: %v", err)
	}
	if entries, err := store.List(t.Context()); !fault.Is(err, fault.Refused) || len(entries) != 0 {
		t.Errorf("List: %v %v", entries, err)
	}
	if err := os.Chmod(path, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := store.Put(t.Context(), "new", good); !fault.Is(err, fault.Refused) {
		t.Errorf("Put: %v", err)
	}
	if err := os.Symlink("good.nk", filepath.Join(path, "link.nk")); err != nil {
		t.Fatal(err)
	}
	if _, err := store.Get(t.Context(), "link"); !fault.Is(err, fault.Refused) {
		t.Errorf("Get through a link: %v", err)
	}
}

func TestMissingDirIsNotAnEmptyOne(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keys")
	notDir := filepath.Join(t.TempDir(), "file")
	keystoretest.Write(t, notDir, "")
	for _, path := range []string{path, notDir} {
		store := keystoretest.Open(t, "dir:"+path, keystore.Deps{})
		_, listErr := store.List(t.Context())
		_, getErr := store.Get(t.Context(), "x")
		for doing, err := range map[string]error{"List": listErr, "Get": getErr, "Delete": keystoretest.Delete(t, store, "x")} {
			if !fault.Is(err, fault.Unavailable) || fault.HintOf(err) == "" {
				t.Errorf("%s: %v", doing, err)
			}
		}
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the folder was made")
	}
}

// What a killed run left in clear is named, and taken away on request.
func TestLeftoversOfKilledRuns(t *testing.T) {
	t.Parallel()
	store, path, good := folder(t)
	left := filepath.Join(path, ".latch-tmp-24d56b6238fd6cfa")
	keystoretest.Write(t, left, string(good.Reveal()))
	for _, mend := range []bool{false, true} {
		findings, err := keystore.Reconcile(t.Context(), store, mend)
		if err != nil || len(findings) != 1 || !strings.Contains(findings[0].Message, left) || findings[0].Remedy == "" || findings[0].Mended != mend {
			t.Fatalf("%+v, %v", findings, err)
		}
		if _, err := os.Stat(left); errors.Is(err, fs.ErrNotExist) != mend {
			t.Fatal(err)
		}
	}
	if findings, err := keystore.Reconcile(t.Context(), store, false); err != nil || len(findings) > 0 {
		t.Fatalf("%+v, %v", findings, err)
	}
	if got, err := store.Get(t.Context(), "good"); err != nil || got.PublicKey() != good.PublicKey() {
		t.Fatal(err)
	}
}
