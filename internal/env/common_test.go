package env

import (
	"fmt"
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

// spelled is a file of NAME=VALUE with characters at each place of a value, and what
// it says.
type spelled struct {
	path string
	says map[string]string
}

func spell(t *testing.T, path string, characters ...string) spelled {
	t.Helper()
	says := map[string]string{}
	var text strings.Builder
	for i, c := range characters {
		for j, value := range placed(c) {
			name := fmt.Sprintf("V%d_%d", i, j)
			text.WriteString(name + "=" + value + "\n")
			says[name] = value
		}
	}
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return spelled{path, says}
}

// misread are the characters that a program reads otherwise than they are written. It
// is asked for all of them at once, and one by one only where it does not have them.
func misread(t *testing.T, read program, characters []string) []string {
	t.Helper()
	dir := t.TempDir()
	empty := spell(t, filepath.Join(dir, "empty.env"))
	differ := func(files ...spelled) []bool {
		paths := []string{empty.path}
		for _, f := range files {
			paths = append(paths, f.path)
		}
		found := read(t, paths)
		all := make([]bool, len(files))
		for i, f := range files {
			got := found[i+1]
			maps.DeleteFunc(got, func(name, _ string) bool { _, own := found[0][name]; return own })
			all[i] = !maps.Equal(got, f.says)
		}
		return all
	}
	if !differ(spell(t, filepath.Join(dir, "all.env"), characters...))[0] {
		return nil
	}
	files := make([]spelled, len(characters))
	for i, c := range characters {
		files[i] = spell(t, filepath.Join(dir, strconv.Itoa(i)+".env"), c)
	}
	var bad []string
	for i, differs := range differ(files...) {
		if differs {
			bad = append(bad, characters[i])
		}
	}
	return bad
}

// TestCommonSetIsWhatReadersAgreeOn has all readers of the dialect dotenv read every
// character: the common set is what all of them read alike, no more and no less. Of a
// character that one of them reads otherwise the next need not be asked.
func TestCommonSetIsWhatReadersAgreeOn(t *testing.T) {
	t.Parallel()
	agreed, refuser := printable(), map[string]string{}
	var readers []string
	for _, p := range programs() {
		if p.dialect != "dotenv" || p.name == "strict" {
			continue
		}
		t.Run(p.name, func(t *testing.T) {
			for _, c := range misread(t, p.read, agreed) {
				refuser[c] = p.name
			}
			agreed = slices.DeleteFunc(agreed, func(c string) bool { return refuser[c] != "" })
			readers = append(readers, p.name)
		})
	}
	for _, c := range printable() {
		common := isCommon([]rune(c)[0])
		if common == (refuser[c] != "") && (common || os.Getenv(oracle.Require) != "") {
			t.Errorf("%q is in the common set: %t, but who reads it otherwise is %q", c, common, refuser[c])
		}
	}
	slices.Sort(readers)
	oracle.Figure(t, "%d readers agree on %s", len(readers), strings.Join(agreed, ""))
}
