package lattice

import (
	"errors"
	"strings"
	"testing"
)

func TestCheckName(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"a", "0", "web-1", "Web_1.eu", "true", strings.Repeat("ab-", 21) + "c"} {
		if err := CheckName(name); err != nil {
			t.Errorf("%q: %v", name, err)
		}
	}
	for name, want := range map[string]string{
		"":                        "must not be empty",
		"-a":                      "does not start with a letter or digit",
		".hidden":                 "does not start with a letter or digit",
		"a/b":                     "not allowed",
		"../a":                    "does not start",
		"a b":                     "not allowed",
		"a\n":                     "not allowed",
		"naïve":                   "not allowed",
		"a\x00":                   "not allowed",
		strings.Repeat("ab-", 22): "at most 64 characters, not 66",
	} {
		if err := CheckName(name); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", name, err, want)
		}
	}
}

func TestCheckPrefix(t *testing.T) {
	t.Parallel()
	for _, prefix := range []string{"default", "a", "-", "_x-1", "1", strings.Repeat("a-", 120)} {
		if err := CheckPrefix(prefix); err != nil {
			t.Errorf("%q: %v", prefix, err)
		}
	}
	for prefix, want := range map[string]string{
		"":                        "must not be empty",
		"a.b":                     "two tokens",
		"*":                       "wildcard",
		"a>":                      "wildcard",
		"a b":                     "white space",
		"a\t":                     "white space",
		"a\n":                     "cannot stand in a stream or bucket name",
		"ä":                       "cannot stand in a stream or bucket name",
		strings.Repeat("a-", 121): "242 characters, 240 at most",
	} {
		err := CheckPrefix(prefix)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", prefix, err, want)
		}
		if errors.Is(err, ErrExposedSeed) {
			t.Errorf("%q is no seed", prefix)
		}
	}
}
