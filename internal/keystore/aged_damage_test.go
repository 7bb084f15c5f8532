package keystore_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keystore"
)

// What is damaged is named, never taken for "nothing there", and never
// repeated.
func TestDamagedFilesAreNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, text string
		kind       error
	}{
		"no age file":      {"a.age", "hunter2", keystore.ErrCorrupt},
		"an empty file":    {"a.age", "", keystore.ErrCorrupt},
		"a plain seed":     {"a.age", "SCAAHUNTER2", keystore.ErrCorrupt},
		"another's key":    {"a.pub", "OTHER", keystore.ErrCorrupt},
		"no public key":    {"a.pub", "hunter2\n", keystore.ErrCorrupt},
		"a bad time":       {"a.pub", "SELF hunter2\n", keystore.ErrCorrupt},
		"too much":         {"a.age", strings.Repeat("hunter2", 200_000), keystore.ErrCorrupt},
		"two kinds of end": {"a.pub", "SELF\n\n", keystore.ErrCorrupt},
	} {
		m := newTeam(t)
		seeds := m.put(t, "a", "b")
		text := strings.ReplaceAll(c.text, "SELF", seeds["a"].PublicKey().String())
		text = strings.ReplaceAll(text, "OTHER", seeds["b"].PublicKey().String()+"\n")
		file(t, filepath.Join(m.dir, c.file), text)
		_, err := m.open(t).Get(t.Context(), "a")
		if !errors.Is(err, c.kind) || errors.Is(err, keystore.ErrNotFound) || !strings.Contains(err.Error(), "a.") {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(strings.ToLower(err.Error()), "hunter2") {
			t.Errorf("%s: it is repeated: %v", name, err)
		}
		if err := m.open(t).Put(t.Context(), "a", seeds["a"]); !errors.Is(err, keystore.ErrCorrupt) {
			t.Errorf("%s: Put: %v", name, err)
		}
		checked, findings, err := keystore.Check(t.Context(), m.open(t))
		if bad := len(findings) > 0 || len(checked) > 0 && checked[0].Err != nil; err != nil || !bad {
			t.Errorf("%s: check finds nothing: %v", name, err)
		}
		if got, err := m.open(t).Get(t.Context(), "b"); err != nil || got.PublicKey() != seeds["b"].PublicKey() {
			t.Errorf("%s is in the way of another key: %v", name, err)
		}
	}
}

// Recipients that cannot be read keep everything from being stored: nobody is
// guessed.
func TestDamagedRecipients(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"empty": "", "comments": "# nobody\n", "malformed": "age1hunter2\n", "an identity": "AGE-SECRET-KEY-1HUNTER2\n"} {
		m := newTeam(t)
		seeds := m.put(t, "a")
		file(t, filepath.Join(m.dir, "recipients.txt"), text)
		for doing, err := range map[string]error{
			"Put":     m.open(t).Put(t.Context(), "b", seeds["a"]),
			"Unshare": func() error { _, _, err := m.sharer(t).Unshare(t.Context(), "x", true); return err }(),
		} {
			if !errors.Is(err, keystore.ErrCorrupt) || strings.Contains(strings.ToLower(err.Error()), "hunter2") {
				t.Errorf("%s: %s: %v", name, doing, err)
			}
		}
		if err := m.opens(t, seeds); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A journal that is not latch's own is left where it is, and stops all writing.
func TestForeignJournals(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"garbage":       "hunter2",
		"empty":         "",
		"later version": `{"version":2,"changes":[]}`,
		"unknown field": `{"version":1,"changes":[],"x":1}`,
		"outside":       `{"version":1,"changes":[{"file":"../x.age","data":"eA=="}]}`,
		"other file":    `{"version":1,"changes":[{"file":"a.pub","data":"eA=="}]}`,
		"both":          `{"version":1,"changes":[{"file":"a.age","data":"eA==","remove":true}]}`,
		"neither":       `{"version":1,"changes":[{"file":"a.age"}]}`,
		"more":          `{"version":1,"changes":[]}{}`,
	} {
		m := newTeam(t)
		seeds := m.put(t, "a")
		path := filepath.Join(m.dir, ".latch-journal")
		file(t, path, text)
		err := m.open(t).Put(t.Context(), "b", seeds["a"])
		if !errors.Is(err, keystore.ErrCorrupt) || !strings.Contains(err.Error(), ".latch-journal") || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
		if data, _ := os.ReadFile(path); string(data) != text {
			t.Errorf("%s: the journal was changed", name)
		}
		if err := m.opens(t, seeds); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Repairing makes anew what is public, but never decides which of two keys is
// the right one.
func TestReconcileAge(t *testing.T) {
	t.Parallel()
	m := newTeam(t)
	seeds := m.put(t, "a", "b", "c")
	if err := os.Remove(filepath.Join(m.dir, "a.pub")); err != nil {
		t.Fatal(err)
	}
	file(t, filepath.Join(m.dir, "b.pub"), "hunter2")
	file(t, filepath.Join(m.dir, "c.pub"), seeds["a"].PublicKey().String()+"\n")
	file(t, filepath.Join(m.dir, "stray.pub"), seeds["a"].PublicKey().String()+"\n")
	file(t, filepath.Join(m.dir, "notes.pub"), "ssh-ed25519 not ours\n")
	findings, err := keystore.Reconcile(t.Context(), m.open(t), false)
	if err != nil || named(findings) != "stray a b c" {
		t.Fatalf("%q, %v", named(findings), err)
	}
	findings, err = keystore.Reconcile(t.Context(), m.open(t), true)
	if err != nil || named(findings) != "a b c" {
		t.Fatalf("%q, %v", named(findings), err)
	}
	for _, f := range findings {
		if f.Mended != (f.Name != "c") || f.Remedy == "" != (f.Name == "c") {
			t.Errorf("%+v", f)
		}
	}
	findings, err = keystore.Reconcile(t.Context(), m.open(t), false)
	if err != nil || named(findings) != "c" {
		t.Fatalf("%q, %v", named(findings), err)
	}
	if data, _ := os.ReadFile(filepath.Join(m.dir, "notes.pub")); string(data) != "ssh-ed25519 not ours\n" {
		t.Error("what is not ours was changed")
	}
}

func named(findings []keystore.Finding) string {
	var names []string
	for _, f := range findings {
		names = append(names, f.Name)
	}
	return strings.Join(names, " ")
}
