package scan_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/latch-keys/latch/internal/scan"
)

// Whatever a file begins with, an archive or not, reading it ends; a seed on a line
// of its own is found, unless the file is told as not read to its end.
func FuzzReader(f *testing.F) {
	seed, key := newSeed(f)
	for _, text := range []string{"", "a line\n", "\x1f\x8b", "BZh9", "\xfd7zXZ\x00", "\x28\xb5\x2f\xfd", "\x5d\x00\x00\x80\x00", "!<arch>\n", "PK\x03\x04", "7z\xbc\xaf\x27\x1c", "SCAB\n"} {
		f.Add([]byte(text))
	}
	f.Add(packZstd(f, []byte("a line")))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := scan.New()
		whole := append(bytes.Clone(data), "\n"+seed+"\n"...)
		err := s.Reader(t.Context(), "stdin", bytes.NewReader(whole))
		for _, leak := range s.Leaks() {
			if leak.Key == key {
				return
			}
		}
		if err == nil && len(s.Coverage().Unread) == 0 && !mayBePacked(data) {
			t.Errorf("the seed behind %q is overlooked", data)
		}
	})
}

// mayBePacked tells whether data begins as an archive, of which what follows may be a part.
func mayBePacked(data []byte) bool {
	for _, magic := range []string{"\x1f\x8b", "BZh", "\xfd7zXZ", "\x28\xb5\x2f\xfd", "\x5d", "PK"} {
		if bytes.HasPrefix(data, []byte(magic)) {
			return true
		}
	}
	return bytes.Contains(data, []byte("ustar"))
}

// Each entry of a list that is taken has a reason and a date that is past.
func FuzzParseAccepted(f *testing.F) {
	_, key := newSeed(f)
	f.Add("# for a demo\n" + key.String() + " 2026-03-01 was only ever used in a demo\n")
	f.Add(key.String() + " 2026-03-01 \n" + strings.Repeat("x", 100))
	now := time.Date(2026, 6, 1, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		all, err := scan.ParseAccepted([]byte(text), now)
		if err != nil {
			return
		}
		for key, entry := range all {
			if entry.Reason == "" || entry.Since.After(now) || key.IsZero() {
				t.Errorf("%s is accepted: %+v", key, entry)
			}
		}
	})
}
