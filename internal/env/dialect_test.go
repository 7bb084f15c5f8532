package env

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/latch-keys/latch/internal/fault"
)

func TestParseDialect(t *testing.T) {
	t.Parallel()
	for _, d := range Dialects() {
		got, err := ParseDialect(d.Name())
		if err != nil || got.Name() != d.Name() {
			t.Errorf("ParseDialect(%q) = %v, %v", d.Name(), got, err)
		}
		if !strings.HasPrefix(d.Extension(), ".") || d.About() == "" {
			t.Errorf("%s: extension %q lacks its dot, or nothing is said about it", d.Name(), d.Extension())
		}
		for _, other := range Dialects() {
			if other.Name() != d.Name() && strings.HasSuffix(other.Extension(), d.Extension()) {
				t.Errorf("%s and %s: a host's file could be another's of the other dialect", d.Name(), other.Name())
			}
		}
	}
	if first := Dialects()[0].Name(); first != "dotenv" {
		t.Errorf("the default is %s", first)
	}
	for _, name := range []string{"", "yaml", "Dotenv", "dotenv "} {
		_, err := ParseDialect(name)
		if err == nil || !strings.Contains(err.Error(), "dotenv, sh, fish, ") {
			t.Errorf("ParseDialect(%q): %v does not list the dialects", name, err)
		}
	}
}

func TestDotenvRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ value, says string }{
		"empty":        {"", "empty"},
		"blank":        {"a b", "character 2 of the value ' '"},
		"line end":     {"ab\n", `character 3 of the value '\n'`},
		"carriage":     {"\rab", `character 1 of the value '\r'`},
		"double quote": {`a"`, "character 2"},
		"single quote": {"a'", "character 2"},
		"backslash":    {`a\`, "character 2"},
		"dollar":       {"$A", "character 1"},
		"backtick":     {"`", "character 1"},
		"comment":      {"a#b", "character 2"},
		"tilde":        {"~", "character 1"},
		"parenthesis":  {"(a", "character 1"},
		"semicolon":    {"a;b", "character 2"},
		"ampersand":    {"&", "character 1"},
		"after umlaut": {"é!", "character 1 of the value 'é'"},
		"NUL":          {"a\x00", "character 2"},
		"no UTF-8":     {"a\xff", "character 2"},
		"heredoc":      {"<<EOF", "character 1"},
		"program":      {"=ls", "character 1"},
		"later one":    {"a:=ls", "character 3"},
	}
	for name, c := range cases {
		out, err := dialect("dotenv").Render(plainly(t, "X", c.value), Revealed)
		if !fault.Is(err, fault.Refused) || out != nil {
			t.Errorf("%s: %q, %v", name, out, err)
			continue
		}
		if !strings.Contains(err.Error(), "X") || !strings.Contains(err.Error(), c.says) || hint(err) == "" {
			t.Errorf("%s: error %q with hint %q does not say %q", name, err, hint(err), c.says)
		}
	}
}

func TestDotenvRefusesInTheHeader(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"web-1\nX=1", "", `web\`} {
		e := web1(t, "otp")
		e.Host = host
		if out, err := dialect("dotenv").Render(e, Revealed); !fault.Is(err, fault.Refused) {
			t.Errorf("host %q gave %q, %v", host, out, err)
		}
	}
}

func TestJSONRefuses(t *testing.T) {
	t.Parallel()
	for value, place := range map[string]string{"a\x00b": "character 2", "é\xff": "character 2", "\xc3": "character 1"} {
		_, err := dialect("json").Render(plainly(t, "X", value), Revealed)
		if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), place) {
			t.Errorf("%q: %v", value, err)
		}
	}
	if _, err := dialect("json").Render(plainly(t, "X", "\ufffd"), Revealed); err != nil {
		t.Errorf("U+FFFD was refused: %v", err)
	}
}

// TestNamesOfTheRunner: the runner of GitHub Actions lets no step set them, in any case.
func TestNamesOfTheRunner(t *testing.T) {
	t.Parallel()
	for name, refused := range map[string]bool{"GITHUB_ENV": true, "runner_os": true, "NODE_OPTIONS": true, "Node_Options": true, "NODE_OPTION": false, "GITHUB": false} {
		if _, err := dialect("github").Render(plainly(t, name, "x"), Revealed); fault.Is(err, fault.Refused) != refused || refused && hint(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestRefusedSecretIsNotRepeated: no seed is refused today, so the message is made
// directly.
func TestRefusedSecretIsNotRepeated(t *testing.T) {
	t.Parallel()
	err := badCharacter(dialect("dotenv"), Assignment{Name: "X", seed: parseSeed(t, docsSeed)}, []byte("ab"), 1, "")
	if got, want := err.Error(), "X: character 2 of the value cannot be written as dotenv"; got != want {
		t.Errorf("error %q, want %q", got, want)
	}
}

// FuzzRefuseOrRoundTrip: a dialect refuses a value or every reader gets it back.
func FuzzRefuseOrRoundTrip(f *testing.F) {
	for _, value := range []string{"", "a", "=", "a=b", "#", " a", "a\n", "'a'", "${A}", "\x00", "\xff", "é", "<< EOF", "-", "%h", "\ufeff"} {
		f.Add(value)
	}
	f.Fuzz(roundTrip)
}

func TestRefuseOrRoundTrip(t *testing.T) {
	t.Parallel()
	for _, value := range odd() {
		roundTrip(t, value)
	}
	rapid.Check(t, func(r *rapid.T) {
		roundTrip(t, rapid.OneOf(rapid.String(), rapid.StringMatching(`[A-Za-z0-9._:/@%+=,-]{1,80}`)).Draw(r, "value"))
	})
}

func roundTrip(t *testing.T, value string) {
	sound := utf8.ValidString(value) && !strings.Contains(value, "\x00")
	for _, h := range readBacks() {
		e := plainly(t, h.variable, value)
		out, err := h.dialect.Render(e, Revealed)
		if err != nil {
			if !fault.Is(err, fault.Refused) || sound && everyText(h.dialect) {
				t.Errorf("%s refused %q: %v", h.dialect.Name(), value, err)
			}
			continue
		}
		want := map[string]string{h.variable: value}
		if h.dialect.Name() == "helm" && value == "" {
			want = map[string]string{} // a template takes it for no value
		}
		for name, read := range h.readers(e) {
			if got, err := read(out); err != nil || !maps.Equal(got, want) {
				t.Errorf("%s read %q of %q: %v", name, got, out, err)
			}
		}
	}
}

// everyText tells the dialects that carry all that an environment holds.
func everyText(d Dialect) bool {
	return slices.Contains([]string{"sh", "fish", "systemd", "json", "otp-json", "k8s", "helm"}, d.Name())
}

// TestEveryReaderAgrees: any manifest, rendered in any dialect, is refused, or
// reads back to the same values; twice rendered it is the same.
func TestEveryReaderAgrees(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, e := range anyEnvironments().Draw(t, "environments") {
			for _, h := range readBacks() {
				out, err := h.dialect.Render(e, Revealed)
				if fault.Is(err, fault.Refused) && mayRefuse(h.dialect, e) {
					continue
				}
				if err != nil {
					t.Fatalf("%s: %v", h.dialect.Name(), err)
				}
				for name, read := range h.readers(e) {
					got, err := read(out)
					compare(t, name, carried(h.dialect, e), got, err)
				}
				again, err := h.dialect.Render(e, Revealed)
				if err != nil || !bytes.Equal(out, again) {
					t.Fatalf("rendered twice, %q and %q: %v", out, again, err)
				}
			}
		}
	})
}

// mayRefuse repeats by hand what dialects have no place for in the environments
// that are drawn.
func mayRefuse(d Dialect, e Environment) bool {
	own := slices.ContainsFunc(e.Assignments, func(a Assignment) bool { return a.Name == "OWN" })
	switch d.Name() {
	case "k8s":
		return !isDNSName(e.Lattice + "-" + e.Host)
	case "otp-json":
		return !e.Target.IsOTP() || own
	case "helm":
		return e.Target.IgnoresClusterKeys() || own || slices.ContainsFunc(e.Assignments, func(a Assignment) bool {
			return e.Target.IsOTP() && strings.HasSuffix(a.Name, "_TLS") || !e.Target.IsOTP() && strings.HasPrefix(a.Name, "WASMCLOUD_PROV_RPC")
		})
	}
	return false
}
