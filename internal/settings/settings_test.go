package settings_test

import (
	"os"
	"path/filepath"
	"runtime"
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

// Whoever names a settings file does not mean the defaults.
func TestNamedFileMustExist(t *testing.T) {
	t.Parallel()
	missing := filepath.Join(t.TempDir(), "nosuch.yaml")
	_, err := settings.Read(source(t, "", map[string]string{"LATCH_CONFIG": missing}, nil))
	if !fault.Is(err, fault.NotFound) || !strings.Contains(err.Error(), missing) {
		t.Errorf("%v, want it not found", err)
	}
	if _, err := settings.Read(source(t, "", nil, nil)); err != nil {
		t.Errorf("without a file: %v", err)
	}
}

// An error names the variable or the field, and what would be right.
func TestErrorsNameTheirSource(t *testing.T) {
	t.Parallel()
	for want, from := range map[string]settings.Source{
		"env LATCH_COLOR / auto, always, never":        source(t, "", map[string]string{"LATCH_COLOR": "pink"}, nil),
		"env LATCH_QUIET / true, false":                source(t, "", map[string]string{"LATCH_QUIET": "perhaps"}, nil),
		"no_input / true, false":                       source(t, "no_input: maybe\n", nil, nil),
		`"colour" / output, manifest, keystore, color`: source(t, "colour: never\n", nil, nil),
		"twice, in line 1 and in line 3 / one of them": source(t, "color: never\nquiet: true\nCOLOR: always\n", nil, nil),
		"env LATCH_IDENTITY_FILE / in full":            source(t, "", map[string]string{"LATCH_IDENTITY_FILE": "~/id.txt"}, nil),
		"identity_file / $HOME":                        source(t, "identity_file: ~/id.txt\n", nil, nil),
		"flag --manifest / in full":                    source(t, "", nil, map[string]string{"manifest": "~/lattice.yaml"}),
	} {
		_, err := settings.Read(from)
		place, good, _ := strings.Cut(want, " / ")
		if !fault.Is(err, fault.Usage) || !strings.Contains(err.Error(), place) || !strings.Contains(fault.HintOf(err), good) {
			t.Errorf("%v (hint: %s), want %s", err, fault.HintOf(err), want)
		}
	}
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

// A file of comments keeps them.
func TestSetBelowComments(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "config.yaml")
	const comments = "# what I like\n\n# and why\n"
	if err := os.Chmod(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(comments), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := settings.Set(t.Context(), path, "color", "never"); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(path); err != nil || string(text) != comments+"color: never\n" {
		t.Errorf("%q (%v)", text, err)
	}
}

// A settings file that is a link to one's own, as dotfiles are kept, stays a link.
func TestSetThroughALink(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("links are for who may make them there")
	}
	dir := t.TempDir()
	file, link := filepath.Join(dir, "dotfiles", "latch.yaml"), filepath.Join(dir, "latch", "config.yaml")
	for _, path := range []string{file, link} {
		if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(file, []byte("# mine\ncolor: never\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(file, link); err != nil {
		t.Fatal(err)
	}
	if err := settings.Set(t.Context(), link, "color", "always"); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(file); err != nil || string(text) != "# mine\ncolor: always\n" {
		t.Errorf("it holds %q, %v", text, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("it is no link any more: %v", err)
	}
}
