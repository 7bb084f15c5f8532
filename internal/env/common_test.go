package env

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/latch-keys/latch/internal/oracle"
)

// printable are the characters of ASCII that a line can hold, one letter and one
// digit for all of them.
func printable() []string {
	all := []string{"a", "Z", "7", "\t"}
	for c := ' '; c <= '~'; c++ {
		if !unicode.IsLetter(c) && !unicode.IsDigit(c) {
			all = append(all, string(c))
		}
	}
	return all
}

// TestCommonSetIsWhatReadersAgreeOn writes every character, at each place of a
// value, as NAME=VALUE, a file for each, and asks all readers of the dialect dotenv:
// the common set is what all of them read alike, no more and no less.
func TestCommonSetIsWhatReadersAgreeOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var paths []string
	want := map[string]map[string]string{} // by path
	character := map[string]string{}       // by path
	for i, c := range printable() {
		path := filepath.Join(dir, strconv.Itoa(i)+".env")
		var text strings.Builder
		want[path], character[path] = map[string]string{}, c
		for j, value := range placed(c) {
			name := "V" + strconv.Itoa(j)
			text.WriteString(name + "=" + value + "\n")
			want[path][name] = value
		}
		if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	empty := filepath.Join(dir, "empty.env")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	refusers := map[string][]string{} // of each character
	var readers []string
	for _, p := range programs() {
		if p.dialect != "dotenv" || p.name == "strict" {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			found := p.read(t, append([]string{empty}, paths...))
			for i, path := range paths {
				got := found[i+1]
				maps.DeleteFunc(got, func(name, _ string) bool { _, own := found[0][name]; return own })
				if c := character[path]; !maps.Equal(got, want[path]) {
					refusers[c] = append(refusers[c], p.name)
				}
			}
			readers = append(readers, p.name)
		})
	}
	var agreed string
	for _, c := range printable() {
		common := isCommon([]rune(c)[0])
		if len(refusers[c]) == 0 {
			agreed += c
		}
		if common != (len(refusers[c]) == 0) && (common || os.Getenv(oracle.Require) != "") {
			t.Errorf("%q is in the common set: %t, but these read it otherwise: %v", c, common, refusers[c])
		}
	}
	slices.Sort(readers)
	oracle.Figure(t, "%d readers agree on %s", len(readers), agreed)
}
