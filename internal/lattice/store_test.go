package lattice

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
)

func TestSaveCreatesThenReplaces(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lattice.yaml")
	if _, err := Load(path); !errors.Is(err, fs.ErrNotExist) || !strings.Contains(fault.HintOf(err), "latch lattice init") {
		t.Fatalf("got %v, hint %q", err, fault.HintOf(err))
	}
	fresh, err := New(path, sampleManifest(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := fresh.Save(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := fresh.Save(t.Context()); !errors.Is(err, fs.ErrExist) || fault.HintOf(err) == "" {
		t.Errorf("a fresh document replaced a file: %v", err)
	}
	loaded, err := Load(path)
	if err != nil || !loaded.Manifest().Equal(sampleManifest(t)) || loaded.Path() != path {
		t.Fatalf("got %+v, %v", loaded, err)
	}
	edited, err := removeHost(loaded, "web-1")
	if err != nil {
		t.Fatal(err)
	}
	if err := edited.Save(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != string(edited.Bytes()) {
		t.Errorf("got %s, %v", got, err)
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); err != nil || len(left) != 1 {
		t.Errorf("files are left over: %v", left)
	}
}

func TestSaveRefusesAFileThatChanged(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lattice.yaml")
	for name, change := range map[string]func() error{
		"edited":    func() error { return os.WriteFile(path, []byte(fill(sample)+"# new\n"), 0o600) },
		"truncated": func() error { return os.WriteFile(path, nil, 0o600) },
		"too large": func() error { return os.WriteFile(path, make([]byte, sizeLimit+1), 0o600) },
		"removed":   func() error { return os.Remove(path) },
	} {
		if err := os.WriteFile(path, []byte(fill(sample)), 0o600); err != nil {
			t.Fatal(err)
		}
		d, err := Load(path)
		if err != nil {
			t.Fatal(err)
		}
		edited, err := removeHost(d, "web-1")
		if err != nil {
			t.Fatal(err)
		}
		if err := change(); err != nil {
			t.Fatal(err)
		}
		before, _ := os.ReadFile(path)
		if err := edited.Save(t.Context()); !fault.Is(err, fault.Refused) || fault.HintOf(err) == "" {
			t.Errorf("%s: got %v", name, err)
		}
		if after, _ := os.ReadFile(path); string(after) != string(before) {
			t.Errorf("%s: the file was written", name)
		}
	}
}

func TestSaveGivesUpWithItsContext(t *testing.T) {
	t.Parallel()
	d, err := New(filepath.Join(t.TempDir(), "lattice.yaml"), sampleManifest(t))
	if err != nil {
		t.Fatal(err)
	}
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Save(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(d.Path()); !errors.Is(err, fs.ErrNotExist) {
		t.Error("the file was written")
	}
}

func TestLoadOfWhatIsNoManifest(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if _, err := Load(dir); err == nil || isInvalid(err) {
		t.Errorf("a folder: got %v", err)
	}
	path := filepath.Join(dir, "m.yaml")
	if err := os.WriteFile(path, []byte("version: 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); !isInvalid(err) || !strings.HasPrefix(err.Error(), path+":1:1: lattice is missing") {
		t.Errorf("got %v", err)
	}
}
