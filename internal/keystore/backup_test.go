package keystore

import (
	"bytes"
	"crypto/rand"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/keys"
)

func newSeed(t testing.TB) keys.Seed {
	t.Helper()
	seed, err := keys.Generate(keys.Cluster, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

// A backup that reads has sound seeds only, and is written the same.
func FuzzBackup(f *testing.F) {
	seed := newSeed(f)
	b := &Backup{Keystore: "dir:k", Created: time.Unix(1_800_000_000, 0).UTC(), seeds: map[string]keys.Seed{"a": seed}, entries: []Entry{{Name: "a", PublicKey: seed.PublicKey()}}}
	text, err := b.Encode()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	f.Add([]byte(`{"version":1,"keystore":"","created":"2026-11-21T12:00:00Z","keys":[]}`))
	f.Add(bytes.Replace(text, []byte(`"a"`), []byte(`"../a"`), 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := ParseBackup(data)
		if err != nil {
			return
		}
		text, err := b.Encode()
		if err != nil {
			t.Fatal(err)
		}
		again, err := ParseBackup(text)
		if err != nil {
			t.Fatal(err)
		}
		if differ := again.Compare(b.Entries()); len(differ) > 0 {
			t.Fatalf("%v", differ)
		}
	})
}

func TestBackupsThatAreNone(t *testing.T) {
	t.Parallel()
	seed, other := newSeed(t), newSeed(t)
	text := string(seed.Reveal())
	key := `{"name":"a","public_key":"` + seed.PublicKey().String() + `","seed":"` + text + `"}`
	head := `{"version":1,"keystore":"dir:k","created":"2026-11-21T12:00:00Z","keys":[`
	if b, err := ParseBackup([]byte(head + key + "]}")); err != nil || len(b.Entries()) != 1 {
		t.Fatal(err)
	}
	for name, doc := range map[string]string{
		"empty": "", "text": text, "cut short": head + key, "more": head + key + "]}{}",
		"later version": `{"version":2,"keystore":"","created":"2026-11-21T12:00:00Z","keys":[]}`,
		"unknown field": head + key + `],"x":1}`,
		"twice":         head + key + "," + key + "]}",
		"other key":     head + `{"name":"a","public_key":"` + other.PublicKey().String() + `","seed":"` + text + `"}]}`,
		"no seed":       head + `{"name":"a","public_key":"` + seed.PublicKey().String() + `","seed":""}]}`,
		"half a seed":   head + `{"name":"a","public_key":"` + seed.PublicKey().String() + `","seed":"` + text[:57] + `"}]}`,
		"bad name":      head + `{"name":"../a","public_key":"` + seed.PublicKey().String() + `","seed":"` + text + `"}]}`,
		"a seed's name": head + `{"name":"` + text + `","public_key":"` + seed.PublicKey().String() + `","seed":"` + text + `"}]}`,
	} {
		_, err := ParseBackup([]byte(doc))
		if err == nil || bytes.Contains([]byte(err.Error()), []byte(text[2:12])) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
