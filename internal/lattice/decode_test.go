package lattice

import (
	"errors"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
)

func sampleManifest(t *testing.T) Manifest {
	t.Helper()
	return Manifest{
		Lattice: "prod", Target: target(t, "rust-0.82"), Keystore: "dir:k", Generation: 7,
		Issuers: []Issuer{{"one", testKey(0), testTime}, {Name: "two", PublicKey: testKey(1)}},
		Hosts:   []Host{{Name: "web-1", SignsWith: "one"}, {Name: "web-2", SignsWith: "two", Target: target(t, "otp")}},
	}
}

func TestDecodeReadsEveryLayout(t *testing.T) {
	t.Parallel()
	block := fill(sample)
	flow := fill(`{version: 1, lattice: "prod", target: 'rust-0.82', keystore: dir:k,
  issuers: [ {name: one, public_key: KEY0, created: "2026-11-21T21:55:00+01:00"}, # the first
    {"name":"two","public_key":"KEY1"} ],
  hosts: [{name: web-1, signs_with: one}, {name: web-2, signs_with: two, target: otp},], generation: 7}`)
	layouts := map[string]string{
		"block":            block,
		"flow":             flow,
		"CRLF":             strings.ReplaceAll(block, "\n", "\r\n"),
		"byte order mark":  "\ufeff" + block,
		"no final newline": strings.TrimSuffix(block, "\n"),
		"markers":          "%YAML 1.1\n---\n" + block + "...\n# the end\n",
	}
	for name, text := range layouts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := mustDecode(t, text)
			if got, want := d.Manifest(), sampleManifest(t); !got.Equal(want) {
				t.Errorf("got %+v, want %+v", got, want)
			}
			if string(d.Bytes()) != text {
				t.Error("the text is not the one decoded")
			}
		})
	}
}

func TestDecodeKeepsToItself(t *testing.T) {
	t.Parallel()
	text := []byte(fill(sample))
	d, err := Decode("lattice.yaml", text)
	if err != nil {
		t.Fatal(err)
	}
	clear(text)
	clear(d.Bytes())
	m := d.Manifest()
	m.Hosts[0].Name = "changed"
	if string(d.Bytes()) != fill(sample) || !d.Manifest().Equal(sampleManifest(t)) {
		t.Error("a caller changed the document")
	}
}

// refusal is a manifest in which a part was replaced, and the errors it gives, in
// order and no other.
type refusal struct {
	name, old, new string
	want           []string
}

func refusals() []refusal {
	return []refusal{
		{"unknown field", "keystore: dir:k", "keystor: dir:k", []string{`5:1: unknown field "keystor"; did you mean keystore?`}},
		{"unknown field in a host", "    target: otp", "    sign-with: otp", []string{`19:5: hosts[1]: unknown field "sign-with"; did you mean signs_with?`}},
		{"merge key", "generation: 7", "<<: {a: b}", []string{`20:1: unknown field "<<"`}},
		{"field twice", "generation: 7", "generation: 7\ngeneration: 8", []string{"21:1: generation stands here a second time"}},
		{"no version", "version: 1\n", "", []string{"2:1: version is missing"}},
		{"newer version", "version: 1", "version: 2", []string{`2:10: version: this latch reads version 1 of the format, not "2"`}},
		{"version as text", "version: 1", "version: '1'", []string{"2:10: version: must be a whole number in plain digits, not a text"}},
		{"bad prefix", "lattice: prod", "lattice: prod.eu", []string{`3:10: lattice: "prod.eu" is no lattice prefix: a dot would`}},
		{"prefix is a number", "lattice: prod", "lattice: 12", []string{"3:10: lattice: must be a text, but YAML reads it as a number"}},
		{"no prefix", "lattice: prod", "lattice:", []string{"3:9: lattice: must be a text, not nothing"}},
		{"unknown target", "target: rust-0.82", "target: rust-2", []string{`4:9: target: unknown target "rust-2": must be one of otp-0.51, otp, rust-0.78,`}},
		{"empty keystore", "dir:k", `""`, []string{"5:11: keystore: the URI of the keystore is empty"}},
		{"control character in a keystore", "dir:k", `"dir:\a"`, []string{"5:11: keystore: the URI of the keystore holds what cannot be printed"}},
		{"lower-case key", "KEY1", strings.ToLower(testKey(1).String()), []string{"11:17: issuers[1].public_key: character 1 is in lower case"}},
		{"blank in a key", "KEY1", "'KEY1 '", []string{"11:17: issuers[1].public_key: white space stands after the public key, at character 57"}},
		{"another kind", "KEY1", "NAGASFIHF5SBGTNTZUOVWT3O63SJUMIFUL7BH52T3UAFKQW7PPP46KFU", []string{"11:17: issuers[1].public_key: this is a server public key, not a cluster public key"}},
		{"bad time", "2026-11-21T20:55:00Z", "2026-11-21", []string{`9:14: issuers[0].created: "2026-11-21" is no RFC 3339 time`}},
		{"bad name", "web-1", "web/1", []string{`14:11: hosts[0].name: the name "web/1" has`}},
		{"name is a truth", "web-1", "true", []string{"14:11: hosts[0].name: must be a text, but YAML reads it as true or false"}},
		{"name twice", "web-2", "WEB-1", []string{`17:11: hosts[1].name: "WEB-1" is the name of hosts[0] too`}},
		{"issuer twice", "name: two", "name: One", []string{
			`10:11: issuers[1].name: "One" is the name of issuers[0] too`,
			`18:17: hosts[1].signs_with: no issuer is named "two"`,
		}},
		{"unknown issuer", "signs_with: two", "signs_with: twoo", []string{`18:17: hosts[1].signs_with: no issuer is named "twoo"; did you mean two?`}},
		{"no issuer named", "    signs_with: one\n", "", []string{"14:5: hosts[0]: signs_with is missing"}},
		{"list of issuers", "signs_with: one", "signs_with: [one, two]", []string{"15:17: hosts[0].signs_with: must be a text, not a list"}},
		{"host is a word", "  # Paris", "  - web-3", []string{"16:5: hosts[1]: must hold fields (name: value), not a text"}},
		{"no generation", "generation: 7\n", "", nil},
		{"not closed", "prod", "[prod", []string{"2: not YAML, here or further down: "}},
		{"negative generation", "generation: 7", "generation: -7", []string{"20:13: generation: must be a whole number"}},
		{"octal generation", "generation: 7", "generation: 07", []string{"20:13: generation: must be a whole number"}},
		{"huge generation", "generation: 7", "generation: 9223372036854775808", []string{"20:13: generation: the number is too large"}},
		{"anchor", "lattice: prod", "lattice: &p prod", []string{"3:10: an anchor stands here"}},
		{"alias", "lattice: prod\ntarget: rust-0.82", "lattice: &p prod\ntarget: *p", []string{"3:10: an anchor", "4:9: an alias"}},
		{"unknown alias", "lattice: prod", "lattice: *p", []string{"1: not YAML, here or further down: an alias"}},
		{"tag", "lattice: prod", "lattice: !!str prod", []string{"3:10: a tag"}},
		{"bare tag", "lattice: prod", "lattice: ! prod", []string{"3:10: a tag"}},
		{"block text", "lattice: prod", "lattice: |\n  prod", []string{"3:10: a value must stand on one line"}},
		{"folded", "lattice: prod", "lattice: pr\n  od", []string{"3:10: a value must stand on one line"}},
		{"folded in quotes", "lattice: prod", "lattice: \"pr\\\n  od\"", []string{"3:10: a value must stand on one line"}},
		{"explicit key", "lattice: prod", "? lattice\n: prod", []string{"2:1: a colon must follow"}},
		{"second document", "generation: 7\n", "---\na: b\n", []string{"20:1: a second document"}},
		{"tab", "  - name: two", "\t- name: two", []string{"10:1: not YAML: a tab"}},
		{"carriage return", "lattice: prod", "lattice: prod\r", nil},
		{"old line ends", "lattice: prod\n", "lattice: prod\r", []string{"3:14: a carriage return without a line feed"}},
		{"line separator", "# The lattice.", "# The\u2028lattice.", []string{"1:6: the line break U+2028"}},
		{"not UTF-8", "# The lattice.", "# Th\xe9", []string{"1:5: a byte that is not UTF-8"}},
		{"after wide characters", "name: web-1", "\"name\" : [é, ü]", []string{"14:14: hosts[0].name: must be a text, not a list"}},
		{"issuers that are no list, beside denied keys", sample, head + "issuers: one\ndenied: [{public_key: KEY0}]\n", []string{"4:10: issuers: must be a list, not a text"}},
		{
			"a rotation's keys that are no list", "generation: 7\n",
			"rotation: {phase: switch, started: 2026-11-21T20:55:00Z, entered: 2026-11-21T20:55:00Z, generation: 7, keys: one}\n",
			[]string{"20:110: rotation.keys: must be a list, not a text"},
		},
		{"many", "lattice: prod\ntarget: rust-0.82", "lattice: a b\ntarget: x", []string{"3:10: lattice:", "4:9: target:"}},
	}
}

func TestDecodeRefuses(t *testing.T) {
	t.Parallel()
	for _, c := range refusals() {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			text := fill(strings.Replace(sample, c.old, c.new, 1))
			if text == fill(sample) {
				t.Fatal("the case changes nothing")
			}
			_, err := Decode("lattice.yaml", []byte(text))
			expect(t, err, c.want)
		})
	}
}

func expect(t *testing.T, err error, want []string) {
	t.Helper()
	var got Errors
	if err != nil && (!errors.As(err, &got)) {
		t.Fatalf("the error is not of type Errors: %v", err)
	}
	if len(got) != len(want) {
		t.Fatalf("got %d errors, want %d:\n%v", len(got), len(want), err)
	}
	for i, e := range got {
		if !strings.HasPrefix(e.Error(), "lattice.yaml:"+want[i]) {
			t.Errorf("got  %s\nwant lattice.yaml:%s", e, want[i])
		}
		if e.Rule == "" {
			t.Errorf("no rule: %s", e)
		}
	}
}

func TestDecodeRefusesWhatIsNoMapping(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"":                               "1:1: the file is empty",
		"# nothing\n":                    "1:1: the file is empty",
		"?":                              "1:1: a colon must follow",
		"[]":                             "1:1: must hold fields",
		"prod":                           "1:1: must hold fields",
		"{[a]: b}":                       "1:1: a field's name must be a single word",
		"a: [b: c]":                      "1:5: a mapping within brackets needs braces",
		"{a, b: c}":                      "1:1: a colon must follow",
		strings.Repeat("#", sizeLimit+1): "1:1: too large",
	} {
		_, err := Decode("lattice.yaml", []byte(text))
		if err == nil || !strings.Contains(err.Error(), "lattice.yaml:"+want) {
			t.Errorf("%.20q: got %v, want %s", text, err, want)
		}
	}
}

func TestErrorsAreFindingsToo(t *testing.T) {
	t.Parallel()
	_, err := Decode("lattice.yaml", []byte(fill(strings.Replace(sample, "KEY1", "'KEY1 '", 1))))
	var errs Errors
	if !errors.As(err, &errs) {
		t.Fatal(err)
	}
	var problem *keys.Problem
	if !errors.As(err, &problem) || problem.Code != keys.CodeWhitespace {
		t.Errorf("the cause is lost: %v", err)
	}
	f := errs.Findings()[0]
	if f.Line != 11 || f.Column != 17 || f.Rule != RuleKey || f.Severity != finding.Error || f.Hint == "" || f.Hint != errs.Hint() {
		t.Errorf("got %+v", f)
	}
	if want := "lattice.yaml:11:17: error: issuers[1].public_key: white space"; !strings.HasPrefix(f.String(), want) {
		t.Errorf("got %s, want %s…", f, want)
	}
}
