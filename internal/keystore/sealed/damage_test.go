package sealed_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
)

// What is damaged is named, never taken for "nothing there", and never
// repeated.
func TestDamagedFilesAreNamed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		file, text string
	}{
		"no age file":      {"a.age", "hunter2"},
		"an empty file":    {"a.age", ""},
		"a plain seed":     {"a.age", "SCAAHUNTER2"},
		"another's key":    {"a.pub", "OTHER"},
		"no public key":    {"a.pub", "hunter2\n"},
		"a bad time":       {"a.pub", "SELF hunter2\n"},
		"too much":         {"a.age", strings.Repeat("hunter2", 200_000)},
		"two kinds of end": {"a.pub", "SELF\n\n"},
	} {
		m := newTeam(t)
		seeds := m.put(t, "a", "b")
		text := strings.ReplaceAll(c.text, "SELF", seeds["a"].PublicKey().String())
		text = strings.ReplaceAll(text, "OTHER", seeds["b"].PublicKey().String()+"\n")
		keystoretest.Write(t, filepath.Join(m.dir, c.file), text)
		_, err := m.open(t).Get(t.Context(), "a")
		if !keystoretest.Corrupt(err) || fault.Is(err, fault.NotFound) || !strings.Contains(err.Error(), "a.") {
			t.Errorf("%s: %v", name, err)
		}
		if strings.Contains(strings.ToLower(err.Error()), "hunter2") {
			t.Errorf("%s: it is repeated: %v", name, err)
		}
		if err := m.open(t).Put(t.Context(), "a", seeds["a"]); !keystoretest.Corrupt(err) {
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
		keystoretest.Write(t, filepath.Join(m.dir, "recipients.txt"), text)
		for doing, err := range map[string]error{
			"Put":     m.open(t).Put(t.Context(), "b", seeds["a"]),
			"Unshare": func() error { _, _, err := m.sharer(t).Unshare(t.Context(), "x", true); return err }(),
		} {
			if !keystoretest.Corrupt(err) || strings.Contains(strings.ToLower(err.Error()), "hunter2") {
				t.Errorf("%s: %s: %v", name, doing, err)
			}
		}
		if err := m.opens(t, seeds); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Nothing acts on a journal of an earlier latch, which may have come by git: it
// held what becomes of seeds. It is named, and left where it is.
func TestJournalsOfAnEarlierLatch(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"garbage":   "hunter2",
		"removes":   `{"version":1,"changes":[{"file":"a.age","remove":true}]}`,
		"exchanges": `{"version":1,"changes":[{"file":"a.age","data":"eA=="}]}`,
		"invites":   `{"version":1,"changes":[{"file":"recipients.txt","data":"eA=="}]}`,
	} {
		m := newTeam(t)
		seeds := m.put(t, "a")
		path := filepath.Join(m.dir, ".latch-journal")
		keystoretest.Write(t, path, text)
		before := contents(t, m.dir)
		if _, err := m.open(t).List(t.Context()); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		_, findings, err := keystore.Check(t.Context(), m.open(t))
		if err != nil || named(findings) != ".latch-journal" || strings.Contains(findings[0].Message, "hunter2") {
			t.Errorf("%s: %v, %v", name, findings, err)
		}
		if contents(t, m.dir) != before {
			t.Errorf("%s: something was changed", name)
		}
		if err := m.open(t).Put(t.Context(), "b", seeds["a"]); err != nil {
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
	keystoretest.Write(t, filepath.Join(m.dir, "b.pub"), "hunter2")
	keystoretest.Write(t, filepath.Join(m.dir, "c.pub"), seeds["a"].PublicKey().String()+"\n")
	keystoretest.Write(t, filepath.Join(m.dir, "stray.pub"), seeds["a"].PublicKey().String()+"\n")
	keystoretest.Write(t, filepath.Join(m.dir, "notes.pub"), "ssh-ed25519 not ours\n")
	keystoretest.Write(t, filepath.Join(m.dir, "friend.pub"), seeds["b"].PublicKey().String()+" 2026-11-21T12:00:00Z\n")
	findings, err := keystore.Reconcile(t.Context(), m.open(t), false)
	if err != nil || named(findings) != "a b c" {
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
	for _, name := range []string{"stray", "notes", "friend"} {
		if _, err := os.Stat(filepath.Join(m.dir, name+".pub")); err != nil {
			t.Error("what may be somebody's own was removed:", err)
		}
	}
}

func named(findings []keystore.Finding) string {
	var names []string
	for _, f := range findings {
		names = append(names, f.Name)
	}
	return strings.Join(names, " ")
}
