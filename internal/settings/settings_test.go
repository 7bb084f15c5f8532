package settings_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/settings"
)

// source reads from a settings file with the text, variables and flags.
func source(t *testing.T, file string, variables, flags map[string]string) settings.Source {
	t.Helper()
	dir := t.TempDir()
	if file != "" {
		if err := os.WriteFile(filepath.Join(dir, "config.yaml"), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	look := func(in map[string]string) func(string) (string, bool) {
		return func(name string) (string, bool) { value, ok := in[name]; return value, ok }
	}
	return settings.Source{Getenv: look(variables), Flag: look(flags), Dir: dir}
}

// A flag counts before a variable, a variable before the file, the file before
// the default; and each setting knows which it was.
func TestOrder(t *testing.T) {
	t.Parallel()
	const file = "color: never\nkeystore: 'dir:file'\nmanifest: file.yaml\n"
	variables := map[string]string{"LATCH_KEYSTORE": "dir:variable", "LATCH_MANIFEST": "variable.yaml"}
	s, err := settings.Read(source(t, file, variables, map[string]string{"manifest": "flag.yaml"}))
	if err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]struct{ value, origin string }{
		"manifest": {"flag.yaml", "flag --manifest"},
		"keystore": {"dir:variable", "env LATCH_KEYSTORE"},
		"color":    {"never", "file " + s.File()},
		"quiet":    {"false", "default"},
	} {
		if s.Value(key) != want.value || s.Origin(key) != want.origin {
			t.Errorf("%s is %q from %q, want %q from %q", key, s.Value(key), s.Origin(key), want.value, want.origin)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	seed := "SC" + strings.Repeat("A", 56)
	for name, from := range map[string]settings.Source{
		"a value outside its choices":       source(t, "", map[string]string{"LATCH_COLOR": "pink"}, nil),
		"a setting nobody knows":            source(t, "colour: never\n", nil, nil),
		"a file that is no YAML":            source(t, "a: b: c\n", nil, nil),
		"a seed where a folder belongs":     source(t, "keystore: "+seed+"\n", nil, nil),
		"an answer that is neither yes nor": source(t, "", map[string]string{"LATCH_QUIET": "perhaps"}, nil),
	} {
		_, err := settings.Read(from)
		if err == nil {
			t.Errorf("%s was accepted", name)
		} else if strings.Contains(err.Error()+fault.HintOf(err), seed) {
			t.Errorf("%s is told with the seed: %v", name, err)
		}
	}
}
