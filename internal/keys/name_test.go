package keys_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

func TestNamesRefused(t *testing.T) {
	t.Parallel()
	for name, says := range map[string]string{
		"":                      "empty",
		strings.Repeat("n", 65): "at most 64",
		".x":                    "does not start",
		"a b":                   "position 2",
		"aé":                    "position 2",
		"nul":                   "device",
		"Con.nk":                "device",
		"COM0":                  "device",
		"LPT1.a.b":              "device",
	} {
		err := keys.CheckName(name)
		if err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, name := range []string{"nul1", "com", "com12", "comX", "null", "a.con", strings.Repeat("S", 49)} {
		if err := keys.CheckName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func FuzzCheckName(f *testing.F) {
	for _, name := range []string{"web-1", "a.b_c", "", "con", "CON.x", "com1", "é", "a/b", strings.Repeat("S", 58)} {
		f.Add(name)
	}
	shape := regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`)
	device := regexp.MustCompile(`(?i)^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$`)
	f.Fuzz(func(t *testing.T, name string) {
		err := keys.CheckName(name)
		if keys.MayHoldSeed(name) {
			if err == nil || strings.Contains(err.Error(), name) {
				t.Fatalf("what may be a seed is taken for a name, or repeated: %v", err)
			}
			return
		}
		if want := shape.MatchString(name) && !device.MatchString(name); (err == nil) != want {
			t.Fatalf("%q: %v", name, err)
		}
	})
}
