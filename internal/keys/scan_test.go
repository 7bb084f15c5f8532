package keys_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/latch-keys/latch/internal/keys"
)

func scanned(t *testing.T, text string) []string {
	t.Helper()
	slots := map[string]keys.Slot{
		"SEED": {Want: keys.Want{Role: keys.RoleSeed}},
		"LIST": {Want: keys.Want{Role: keys.RolePublic}, List: true},
	}
	var got []string
	err := keys.Scan(strings.NewReader(text), slots, keys.Want{}, func(f keys.Found) bool {
		got = append(got, fmt.Sprintf("%d %s %d %v %q", f.Line, f.Variable, f.Entry, f.Want.Role, f.Text))
		return true
	})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func TestScan(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"A\nB\n":                       `1  0 key "A"|2  0 key "B"`,
		"A\r\nB":                       `1  0 key "A"|2  0 key "B"`,
		"\n# no\n  \n A \n":            `4  0 key " A "`,
		"A, B,":                        `1  1 key "A"|1  2 key " B"|1  3 key ""`,
		"SEED=x\nOTHER=y\n":            `1 SEED 0 seed "x"`,
		"export LIST=a,b":              `1 LIST 1 public key "a"|1 LIST 2 public key "b"`,
		"SEED=a,b":                     `1 SEED 0 seed "a,b"`,
		`LIST="a"`:                     `1 LIST 0 public key "\"a\""`,
		strings.Repeat("A", 56) + "==": `1  0 key "` + strings.Repeat("A", 56) + `=="`,
		"":                             "",
	} {
		if got := strings.Join(scanned(t, text), "|"); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// TestScanTexts: of a text only the keys are judged, for the variable in front.
func TestScanTexts(t *testing.T) {
	t.Parallel()
	encoded := base64.StdEncoding.EncodeToString([]byte(docsSeed))
	for text, want := range map[string]string{
		"Seed: " + docsSeed: `1  0 key "` + docsSeed + `"`,
		"12:00 [info] no key here\nPublic Key: " + docsPublic:        `2  0 key "` + docsPublic + `"`,
		`{"SEED": "` + docsSeed + `", "LIST": "` + docsPublic + `"}`: `1 SEED 0 seed "` + docsSeed + `"|1 LIST 0 public key "` + docsPublic + `"`,
		"  SEED: " + encoded:                                   `1 SEED 0 seed "` + docsSeed + `"`,
		"    - SEED=" + docsSeed[:50]:                          `1 SEED 0 seed "` + docsSeed[:50] + `"`,
		"key: " + docsPublic[:30] + "0" + docsPublic[31:]:      `1  0 key "` + docsPublic[:30] + "0" + docsPublic[31:] + `"`,
		docsPublic + " " + otherPublic:                         `1  0 key "` + docsPublic + `"|1  0 key "` + otherPublic + `"`,
		"[\n\"" + docsPublic + "\",\n'" + otherPublic + "'\n]": `2  0 key "` + docsPublic + `"|3  0 key "` + otherPublic + `"`,
		docsPublic[:20] + " " + docsPublic[20:]:                `1  0 key "` + docsPublic[:20] + " " + docsPublic[20:] + `"`,
		"hello":                                                `1  0 key "hello"`,
		" " + docsPublic + " ":                                 `1  0 key " ` + docsPublic + ` "`,
	} {
		if got := strings.Join(scanned(t, text), "|"); got != want {
			t.Errorf("%d characters: %s, want %s", len(text), got, want)
		}
	}
}

func TestScanStopsAndFails(t *testing.T) {
	t.Parallel()
	n := 0
	stop := func(keys.Found) bool { n++; return n < 2 }
	if err := keys.Scan(strings.NewReader("A\nB\nC\nD"), nil, keys.Want{}, stop); err != nil || n != 2 {
		t.Errorf("%d found, %v", n, err)
	}
	all := func(keys.Found) bool { return true }
	if err := keys.Scan(strings.NewReader(strings.Repeat("A", 70_000)), nil, keys.Want{}, all); err == nil {
		t.Error("a line without end was taken")
	}
	broken := errors.New("broken")
	if err := keys.Scan(io.MultiReader(strings.NewReader("A\n"), iotest.ErrReader(broken)), nil, keys.Want{}, all); !errors.Is(err, broken) {
		t.Errorf("a reader that fails: %v", err)
	}
}

func FuzzScan(f *testing.F) {
	f.Add("A\nSEED=x\nLIST=a,b\n# c\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		line := 0
		_ = keys.Scan(strings.NewReader(text), map[string]keys.Slot{"LIST": {List: true}}, keys.Want{}, func(f keys.Found) bool {
			if f.Line < line || strings.Contains(string(f.Text), "\n") {
				t.Fatalf("line %d after %d: %q", f.Line, line, f.Text)
			}
			line = f.Line
			return true
		})
	})
}
