package keyring_test

import (
	"os"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore/keyring"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/safefile"
)

const (
	one   = `{"name":"a","public_key":"CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMYMD","created":"2026-01-02T03:04:05Z"}`
	upper = `{"name":"A","public_key":"CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMYMD","created":"2026-01-02T03:04:05Z"}`
)

// A corrupt index is never taken for an empty one, and never written over.
func TestCorruptIndex(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty":          "",
		"not JSON":       "keys",
		"cut":            `{"version":1,"keys":[` + one,
		"no version":     `{"keys":[]}`,
		"later version":  `{"version":2,"keys":[]}`,
		"unknown field":  `{"version":1,"keys":[],"more":1}`,
		"trailing":       `{"version":1,"keys":[]} {}`,
		"bad name":       `{"version":1,"keys":[` + strings.Replace(one, `"a"`, `"../a"`, 1) + `]}`,
		"bad key":        `{"version":1,"keys":[` + strings.Replace(one, "CDM", "CDN", 1) + `]}`,
		"no key":         `{"version":1,"keys":[{"name":"a","public_key":"","created":"2026-01-02T03:04:05Z"}]}`,
		"bad time":       `{"version":1,"keys":[` + strings.Replace(one, "2026", "x", 1) + `]}`,
		"twice":          `{"version":1,"keys":[` + one + "," + one + `]}`,
		"twice but case": `{"version":1,"keys":[` + one + "," + upper + `]}`,
		"unknown state":  `{"version":1,"keys":[` + strings.Replace(one, "}", `,"state":"x"}`, 1) + `]}`,
	} {
		d := newDesk(t)
		keystoretest.Write(t, d.index(), text)
		_, listErr := d.open().List(t.Context())
		_, getErr := d.open().Get(t.Context(), "a")
		putErr := d.open().Put(t.Context(), "b", keystoretest.NewSeed(t, keys.Cluster))
		for doing, err := range map[string]error{"List": listErr, "Get": getErr, "Put": putErr, "Delete": keystoretest.Delete(t, d.open(), "a")} {
			if !keystoretest.Corrupt(err) || !strings.Contains(err.Error(), d.index()) || fault.HintOf(err) == "" {
				t.Errorf("%s: %s: %v", name, doing, err)
			}
		}
		if data, _ := os.ReadFile(d.index()); string(data) != text {
			t.Errorf("%s: the index was written over", name)
		}
	}
}

func TestIndexOfAnEarlierRun(t *testing.T) {
	t.Parallel()
	d := newDesk(t)
	keystoretest.Write(t, d.index(), `{"version":1,"keys":[`+one+`]}`)
	entries, err := d.open().List(t.Context())
	if err != nil || len(entries) != 1 || entries[0].Name != "a" || entries[0].Created.Year() != 2026 {
		t.Fatalf("entries are %v, %v", entries, err)
	}
	if err := os.Chmod(d.index(), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := d.open().List(t.Context()); !fault.Is(err, fault.Refused) {
		t.Fatalf("an index that anybody can change was read: %v", err)
	}
}

func TestNoFolderForTheIndex(t *testing.T) {
	t.Parallel()
	store := keystoretest.RingStore(safefile.Disk{}, newFakeRing(), "", calm, nil)
	_, err := store.List(t.Context())
	putErr := store.Put(t.Context(), "a", keystoretest.NewSeed(t, keys.Cluster))
	for _, err := range []error{err, putErr} {
		if !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.HintOf(err), "HOME") {
			t.Fatalf("error is %v", err)
		}
	}
}

// Whatever is in the index, listing it neither panics nor changes it.
func FuzzIndex(f *testing.F) {
	f.Add(`{"version":1,"keys":[` + one + `]}`)
	f.Add(`{"version":1,"keys":null}`)
	f.Add(`{"version":1,"version":2}`)
	f.Fuzz(func(t *testing.T, text string) {
		found, err := keyring.ParseIndex([]byte(text))
		if err != nil {
			return
		}
		again, err := keyring.EncodeIndex(found)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := keyring.ParseIndex(again); err != nil {
			t.Fatalf("what was read cannot be read back: %v\n%s", err, again)
		}
	})
}
