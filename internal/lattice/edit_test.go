package lattice

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
)

const head = "version: 1\nlattice: prod\ntarget: otp\n"

const twoIssuers = "issuers: [{name: one, public_key: KEY0}, {name: two, public_key: KEY1}]\n"

// edits are what the layout tests do to a document.
var edits = map[string]func(*Document) (*Document, error){
	"add":    func(d *Document) (*Document, error) { return addHost(d, Host{Name: "new", SignsWith: "one"}) },
	"remove": func(d *Document) (*Document, error) { return removeHost(d, "a") },
	"signs":  func(d *Document) (*Document, error) { return setSignsWith(d, "a", "two") },
}

func TestEditsKeepTheLayout(t *testing.T) {
	t.Parallel()
	const gen = "generation: 1\n"
	cases := []struct{ name, edit, before, after string }{
		{"no hosts", "add", gen, gen + "hosts:\n  - name: new\n    signs_with: one\n"},
		{"empty", "add", "hosts: [] # none\n# end\n" + gen, "hosts: # none\n  - name: new\n    signs_with: one\n# end\n" + gen},
		{"empty, spread", "add", "hosts:  [ ] # none\n" + gen, "hosts:  [{name: new, signs_with: one} ] # none\n" + gen},
		{"empty, at the end", "add", gen + "hosts: []", gen + "hosts:\n  - name: new\n    signs_with: one"},
		{
			"block", "add",
			"hosts:\n  # above\n  - name: a # in\n    signs_with: one\n    # deep\n\n  # below\n" + gen,
			"hosts:\n  # above\n  - name: a # in\n    signs_with: one\n    # deep\n  - name: new\n    signs_with: one\n\n  # below\n" + gen,
		},
		{"block, flush", "add", "hosts:\n- name: a\n  signs_with: one\n" + gen, "hosts:\n- name: a\n  signs_with: one\n- name: new\n  signs_with: one\n" + gen},
		{"block, wide", "add", "hosts:\n  -   name: a\n      signs_with: one\n" + gen, "hosts:\n  -   name: a\n      signs_with: one\n  -   name: new\n      signs_with: one\n" + gen},
		{"block, dash alone", "add", "hosts:\n  - # a\n    name: a\n    signs_with: one\n" + gen, "hosts:\n  - # a\n    name: a\n    signs_with: one\n  - name: new\n    signs_with: one\n" + gen},
		{"block of flow", "add", "hosts:\n  - {name: a, signs_with: one}\n" + gen, "hosts:\n  - {name: a, signs_with: one}\n  - {name: new, signs_with: one}\n" + gen},
		{"block, CRLF", "add", "hosts:\r\n  - name: a\r\n    signs_with: one\r\n" + gen, "hosts:\r\n  - name: a\r\n    signs_with: one\r\n  - name: new\r\n    signs_with: one\r\n" + gen},
		{"block, at the end", "add", gen + "hosts:\n  - name: a\n    signs_with: one", gen + "hosts:\n  - name: a\n    signs_with: one\n  - name: new\n    signs_with: one"},
		{"flow", "add", "hosts: [{name: a, signs_with: one}] # x\n" + gen, "hosts: [{name: a, signs_with: one}, {name: new, signs_with: one}] # x\n" + gen},
		{"flow, comma", "add", "hosts: [{name: a, signs_with: one}, ]\n" + gen, "hosts: [{name: a, signs_with: one}, {name: new, signs_with: one}, ]\n" + gen},
		{
			"flow, lines", "add",
			"hosts: [\n  {name: a, signs_with: one} # ], x\n]\n" + gen,
			"hosts: [\n  {name: a, signs_with: one}, # ], x\n  {name: new, signs_with: one}\n]\n" + gen,
		},
		{
			"flow, lines, comma", "add",
			"hosts: [\n  {name: a, signs_with: one}, # x\n  # y\n]\n" + gen,
			"hosts: [\n  {name: a, signs_with: one}, # x\n  {name: new, signs_with: one},\n  # y\n]\n" + gen,
		},
		{
			"flow, staggered", "add",
			"hosts: [\n  {name: a, signs_with: one} ] # x\n" + gen,
			"hosts: [\n  {name: a, signs_with: one}, {name: new, signs_with: one} ] # x\n" + gen,
		},
		{"no generation", "add", "hosts: []\n", "hosts:\n  - name: new\n    signs_with: one\ngeneration: 1\n"},
		{"markers", "add", "hosts: []\n...\n# end\n", "hosts:\n  - name: new\n    signs_with: one\ngeneration: 1\n...\n# end\n"},

		{"block, only", "remove", "hosts:  # x\n  # head\n\n  # above\n  - name: a # in\n    # in\n    signs_with: one\n    # deep\n  # below\n" + gen, "hosts: []  # x\n  # head\n\n  # below\n" + gen},
		{"block, first", "remove", "hosts:\n  - name: a\n    signs_with: one\n\n  # b\n  - name: b\n    signs_with: one\n" + gen, "hosts:\n\n  # b\n  - name: b\n    signs_with: one\n" + gen},
		{"block, last", "remove", gen + "hosts:\n  - name: b\n    signs_with: one\n  # a\n  -\n    # a\n    name: a\n    signs_with: one", gen + "hosts:\n  - name: b\n    signs_with: one"},
		{"block of flow, several lines", "remove", "hosts:\n  - {name: a,\n     signs_with: one}\n  - {name: b, signs_with: one}\n" + gen, "hosts:\n  - {name: b, signs_with: one}\n" + gen},
		{"flow, only", "remove", "hosts: [ {name: a, signs_with: one} ]\n" + gen, "hosts: [  ]\n" + gen},
		{"flow, first", "remove", "hosts: [{name: a, signs_with: one}, {name: b, signs_with: one}]\n" + gen, "hosts: [{name: b, signs_with: one}]\n" + gen},
		{"flow, last", "remove", "hosts: [{name: b, signs_with: one}, {name: a, signs_with: one}]\n" + gen, "hosts: [{name: b, signs_with: one}]\n" + gen},
		{"flow, last, comma", "remove", "hosts: [{name: b, signs_with: one}, {name: a, signs_with: one},]\n" + gen, "hosts: [{name: b, signs_with: one},]\n" + gen},
		{"flow, lines, last", "remove", "hosts: [\n  {name: b, signs_with: one}, # b\n  {name: a, signs_with: one} # a\n]\n" + gen, "hosts: [\n  {name: b, signs_with: one} # b\n]\n" + gen},
		{"flow, lines, first", "remove", "hosts: [\n  {name: a, signs_with: one}, # a\n  # b\n  {name: b, signs_with: one}\n]\n" + gen, "hosts: [\n  # b\n  {name: b, signs_with: one}\n]\n" + gen},
		{"block, comments above", "remove", "hosts:\n  # a's\n  # own\n  - name: a\n    signs_with: one\n  # b's own\n  - name: b\n    signs_with: one\n" + gen, "hosts:\n  # b's own\n  - name: b\n    signs_with: one\n" + gen},
		{"block, comments set off", "remove", "hosts:\n# all\n  # group\n\n  - name: a\n    signs_with: one\n  - name: b\n    signs_with: one\n" + gen, "hosts:\n# all\n  # group\n\n  - name: b\n    signs_with: one\n" + gen},
		{"flow, comments above", "remove", "hosts: [\n  # b\n  {name: b, signs_with: one},\n  # a\n  {name: a, signs_with: one},\n  # end\n]\n" + gen, "hosts: [\n  # b\n  {name: b, signs_with: one},\n  # end\n]\n" + gen},
		{"flow, staggered", "remove", "hosts: [{name: b, signs_with: one},\n  {name: a, signs_with: one}]\n" + gen, "hosts: [{name: b, signs_with: one}\n  ]\n" + gen},

		{"plain", "signs", "hosts: [{name: a, signs_with: one}]\n" + gen, "hosts: [{name: a, signs_with: two}]\n" + gen},
		{"single quotes", "signs", "hosts:\n- signs_with: 'one'  # c\n  name: a\n" + gen, "hosts:\n- signs_with: 'two'  # c\n  name: a\n" + gen},
		{"double quotes", "signs", "hosts: [{\"signs_with\":\"\\x6fne\",name: a}]\n" + gen, "hosts: [{\"signs_with\":\"two\",name: a}]\n" + gen},

		{"comment", "add", "hosts: []\ngeneration: 1 # é\n", "hosts:\n  - name: new\n    signs_with: one\ngeneration: 1 # é\n"},
		{"quoted name", "add", "hosts: []\n\"generation\" : 1\n", "hosts:\n  - name: new\n    signs_with: one\n\"generation\" : 1\n"},
	}
	for _, c := range cases {
		t.Run(c.edit+"/"+c.name, func(t *testing.T) {
			t.Parallel()
			before := mustDecode(t, fill(head+twoIssuers+c.before))
			after, err := edits[c.edit](before)
			if err != nil {
				t.Fatal(err)
			}
			want := head + twoIssuers + c.after
			if before.Manifest().Generation == 1 {
				want = strings.NewReplacer("generation: 1", "generation: 2", `generation" : 1`, `generation" : 2`).Replace(want)
			}
			if got := string(after.Bytes()); got != fill(want) {
				t.Errorf("got\n%s\nwant\n%s", got, fill(want))
			}
			if string(before.Bytes()) != fill(head+twoIssuers+c.before) {
				t.Error("the old document changed")
			}
		})
	}
}

func TestEditsOfFlowRoot(t *testing.T) {
	t.Parallel()
	d := mustDecode(t, fill("{version: 1, lattice: prod, target: otp, issuers: [{name: one, public_key: KEY0}]}\n"))
	d, err := addHost(d, Host{Name: "a", SignsWith: "one"})
	if err != nil {
		t.Fatal(err)
	}
	want := fill("{version: 1, lattice: prod, target: otp, issuers: [{name: one, public_key: KEY0}], generation: 1, hosts: [{name: a, signs_with: one}]}\n")
	if got := string(d.Bytes()); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestEveryEditRaisesTheGenerationByOne(t *testing.T) {
	t.Parallel()
	d := mustDecode(t, fill(sample))
	unused, err := addIssuer(d, Issuer{Name: "three", PublicKey: testKey(2), Created: testTime.Add(1)})
	if err != nil {
		t.Fatal(err)
	}
	if is, _ := unused.Manifest().Issuer("three"); !is.Created.Equal(testTime) {
		t.Errorf("created is kept finer than the second: %v", is.Created)
	}
	for name, edit := range map[string]func() (*Document, error){
		"add host": func() (*Document, error) {
			return addHost(unused, Host{Name: "n", SignsWith: "one", Target: target(t, "rust-0.78")})
		},
		"remove host":   func() (*Document, error) { return removeHost(unused, "web-2") },
		"add issuer":    func() (*Document, error) { return addIssuer(unused, Issuer{Name: "four", PublicKey: testKey(3)}) },
		"remove issuer": func() (*Document, error) { return removeIssuer(unused, "three") },
		"signs with":    func() (*Document, error) { return setSignsWith(unused, "web-2", "three") },
	} {
		after, err := edit()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := after.Manifest().Generation; got != 9 {
			t.Errorf("%s: got generation %d, want 9", name, got)
		}
	}
	if same, err := setSignsWith(unused, "web-1", "one"); err != nil || same.Manifest().Generation != 8 {
		t.Errorf("an edit that changes nothing raised the generation: %v", err)
	}
}

func TestEditsRefuse(t *testing.T) {
	t.Parallel()
	d := mustDecode(t, fill(sample))
	single, err := New("m.yaml", Manifest{Lattice: "p", Target: target(t, "otp"), Issuers: []Issuer{{Name: "one", PublicKey: testKey(0)}}})
	if err != nil {
		t.Fatal(err)
	}
	full := mustDecode(t, fill(strings.Replace(sample, "generation: 7", "generation: "+strconv.Itoa(math.MaxInt64), 1)))
	user := testSeed(1).PublicKey()
	for _, c := range []struct {
		name string
		edit func() (*Document, error)
		is   fault.Kind
		want string
	}{
		{"host twice", func() (*Document, error) { return addHost(d, Host{Name: "WEB-1", SignsWith: "one"}) }, fault.Exists, "there is a host named web-1 already"},
		{"host name", func() (*Document, error) { return addHost(d, Host{Name: "a b", SignsWith: "one"}) }, fault.Failed, `the name "a b" has`},
		{"host's issuer", func() (*Document, error) { return addHost(d, Host{Name: "x", SignsWith: "onee"}) }, fault.NotFound, "did you mean one?"},
		{"no such host", func() (*Document, error) { return removeHost(d, "web1") }, fault.NotFound, "did you mean web-1?"},
		{"issuer twice", func() (*Document, error) { return addIssuer(d, Issuer{Name: "ONE", PublicKey: testKey(3)}) }, fault.Exists, "an issuer named one already"},
		{"key twice", func() (*Document, error) { return addIssuer(d, Issuer{Name: "x", PublicKey: user}) }, fault.Exists, "is the key of the issuer two already"},
		{"no key", func() (*Document, error) { return addIssuer(d, Issuer{Name: "x"}) }, fault.Failed, "not a cluster key"},
		{"issuer name", func() (*Document, error) { return addIssuer(d, Issuer{PublicKey: testKey(3)}) }, fault.Failed, "must not be empty"},
		{"no such issuer", func() (*Document, error) { return removeIssuer(d, "x") }, fault.NotFound, `no issuer is named "x"`},
		{"issuer in use", func() (*Document, error) { return removeIssuer(d, "two") }, fault.Refused, "the host web-2 signs with two"},
		{"last issuer", func() (*Document, error) { return removeIssuer(single, "one") }, fault.Refused, "only issuer"},
		{"generation", func() (*Document, error) { return removeHost(full, "web-1") }, fault.Failed, "cannot grow"},
	} {
		after, err := c.edit()
		if err == nil || after != nil || !strings.Contains(err.Error(), c.want) || fault.KindOf(err) != c.is {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

// What cannot be spliced in must fail whole, not half.
func TestAnEditThatDoesNotFitChangesNothing(t *testing.T) {
	t.Parallel()
	d := mustDecode(t, fill(sample))
	after, err := updated(d, func(m Manifest) (Manifest, error) {
		slices.Reverse(m.Hosts)
		return m, nil
	})
	if err == nil || after != nil || isInvalid(err) || !strings.Contains(err.Error(), "cannot edit lattice.yaml") || fault.HintOf(err) == "" {
		t.Errorf("got %v", err)
	}
	fields := mustDecode(t, fill(strings.Replace(sample, "    signs_with: two\n    target: otp\n", "    target: otp\n    signs_with: two\n", 1)))
	if _, err = updated(fields, func(m Manifest) (Manifest, error) { m.Hosts[1].Target = Target{}; return m, nil }); err != nil {
		t.Fatal(err)
	}
	first := mustDecode(t, fill(strings.Replace(sample, "  - name: web-2\n    signs_with: two\n    target: otp\n", "  - target: otp\n    name: web-2\n    signs_with: two\n", 1)))
	if after, err = updated(first, func(m Manifest) (Manifest, error) { m.Hosts[1].Target = Target{}; return m, nil }); err == nil || after != nil {
		t.Errorf("the line of a dash is taken out: %s", after.Bytes())
	}
}
