package env

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/oracle"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// A program reads env files, each in a run of its own, and gives the environments
// that result: nil where it could not read the file.
type program func(t *testing.T, paths []string) []map[string]string

// agree has the program read files that Write made, and an empty one, whose
// variables are the program's own and do not count.
func agree(t *testing.T, d Dialect, read program) {
	t.Helper()
	envs := corpus(t, d)
	dir := filepath.Join(t.TempDir(), "env")
	report, err := write(t.Context(), dir, d, envs...)
	if err != nil || len(report.Files) == 0 {
		t.Fatalf("no files to read: %v", err)
	}
	empty := filepath.Join(dir, "empty"+d.Extension())
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	paths := []string{empty}
	for _, o := range report.Files {
		paths = append(paths, o.Path)
	}
	found := read(t, paths)
	if len(found) != len(paths) {
		t.Fatalf("%d of %d files were read", len(found), len(paths))
	}
	own := found[0]
	for i, e := range envs {
		got := found[i+1]
		if got == nil {
			t.Fatalf("%s cannot read the file of host %q", t.Name(), e.Host)
		}
		maps.DeleteFunc(got, func(name, _ string) bool { _, ignored := own[name]; return ignored })
		compare(t, t.Name(), e, got, nil)
	}
	oracle.Figure(t, "%d files read back to the same values", len(envs))
}

// corpus is every target with everything that its hosts can be told, some drawn
// manifests, and one environment that has all that is odd and that the dialect
// carries.
func corpus(t *testing.T, d Dialect) []Environment {
	t.Helper()
	all := []Environment{plainly(t, "V", "x")}
	all[0].Assignments = slices.Concat(all[0].Assignments, everyCharacter(t), oddities(t, d))
	for _, target := range wasmcloud.AllTargets() {
		all = append(all, full(t, target.String(), true), web2(t, target.String()))
	}
	for seed := range 6 {
		all = append(all, anyEnvironments().Example(seed)...)
	}
	for i := range all {
		all[i].Host = "h" + strconv.Itoa(i) // each a file of its own
	}
	return all
}

// full is an environment of everything that a host of the target can be told.
func full(t *testing.T, target string, tls bool) Environment {
	t.Helper()
	m := connected(t, target)
	if tls {
		m = withTLS(m)
	}
	return mustLogIn(t, m, "web-1", parseSeed(t, docsSeed), loggedIn(t, m))
}

// everyCharacter is every character of the common subset, at each place.
func everyCharacter(t *testing.T) []Assignment {
	t.Helper()
	var all []Assignment
	for c := range rune(128) {
		if s := string(c); isCommon(c) {
			for i, value := range placed(s) {
				all = append(all, Assignment{Name: "V_" + strconv.Itoa(int(c)) + "_" + strconv.Itoa(i), plain: value})
			}
		}
	}
	for i, value := range []string{"[fd00::1]", "{a,b}", "x{1..3}y", "a[b]c", "[a]=[b]", "!!", "!x", "*.*", "/*", "./?", "[!a]*", "^a^b^", "{}", "[]"} {
		all = append(all, Assignment{Name: "PAIR_" + strconv.Itoa(i), plain: value})
	}
	if len(all) < 8*70 {
		t.Fatalf("only %d characters", len(all)/8)
	}
	return all
}

// placed is a character at each place of a value, but for those where zsh reads =
// otherwise.
func placed(s string) []string {
	all := []string{s, s + s, s + "x", "x" + s, "x" + s + "x", s + "=" + s, "x:" + s + "ls", "x" + s + "=ls", "x" + s + ",x" + s}
	return slices.DeleteFunc(all, func(value string) bool { return strings.HasPrefix(value, "=") || strings.Contains(value, ":=") })
}

// odd are values that some reader or other takes for something else than they
// are.
func odd() []string {
	all := []string{
		"", "a b", " lead", "trail ", "\ttab\t", "a\nb", "\n", "trail\n", "a\rb", "a\r\nb", "trail\r",
		"'", "''", `it's`, `"`, `say "x"`, "`id`", "$HOME", "${HOME}", "$(id)", "$", "$$", "%PATH%", "!history", "~", "~root", "*", "?", "[a]", "{a,b}",
		`\`, `\\`, `\n`, `\'`, `\"`, `a\`, "#", "# c", "a#b", "a #b", ";", "a;b", "|", "&", "a&&b", "<", ">", "<<EOF", "EOF", "END", "a\nEND\nEND_\nb",
		"=", "=a", "=ls", "a:=ls", "a=b", "export A=b", "null", "true", "0x1f", "1e3", "- a", "? a", "a: b", "@a", "%a", "|-", "é", "ü€😀", "\u00a0", "\u2018x\u2019", "\u2028", "\ufeff", "\u0085",
		"\ufdd0", "\ufffe", "\U0001ffff", "\x01", "\x07", "\x1b[31m", "\x7f", "::add-mask::x", "A<<B",
	}
	for c := range rune(128) {
		if c > 0 {
			all = append(all, string(c)+"x"+string(c))
		}
	}
	return all
}

// oddities are the odd values that the dialect does not refuse.
func oddities(t *testing.T, d Dialect) []Assignment {
	t.Helper()
	var all []Assignment
	for i, value := range odd() {
		e := plainly(t, "ODD_"+strconv.Itoa(i), value)
		if _, err := d.Render(e, Revealed); err == nil {
			all = append(all, e.Assignments...)
		}
	}
	return all
}

// TestWhatDialectsCarry: as many odd values as stated here, so that no dialect
// passes by refusing.
func TestWhatDialectsCarry(t *testing.T) {
	t.Parallel()
	want := map[string]int{
		"sh": len(odd()), "fish": len(odd()), "systemd": len(odd()) - 3, "json": len(odd()), "k8s": len(odd()),
	}
	for _, d := range Dialects() {
		carried, stated := len(oddities(t, d)), want[d.Name()]
		t.Logf("%s carries %d of %d", d.Name(), carried, len(odd()))
		if stated > 0 && carried != stated {
			t.Errorf("%s carries %d of %d odd values, want %d", d.Name(), carried, len(odd()), stated)
		}
	}
}
