package lattice

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"testing"
)

const head = "version: 1\nlattice: prod\ntarget: otp\n"

const twoIssuers = "issuers: [{name: one, public_key: KEY0}, {name: two, public_key: KEY1}]\n"

// edits are what the layout tests do to a document.
var edits = map[string]func(*Document) (*Document, error){
	"add":    func(d *Document) (*Document, error) { return d.AddHost(Host{Name: "new", SignsWith: "one"}) },
	"remove": func(d *Document) (*Document, error) { return d.RemoveHost("a") },
	"signs":  func(d *Document) (*Document, error) { return d.SetSignsWith("a", "two") },
	"bump":   func(d *Document) (*Document, error) { return d.BumpGeneration() },
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

		{"block, only", "remove", "hosts:  # x\n  # above\n  - name: a # in\n    # in\n    signs_with: one\n    # deep\n  # below\n" + gen, "hosts: []  # x\n  # above\n  # below\n" + gen},
		{"block, first", "remove", "hosts:\n  - name: a\n    signs_with: one\n\n  # b\n  - name: b\n    signs_with: one\n" + gen, "hosts:\n\n  # b\n  - name: b\n    signs_with: one\n" + gen},
		{"block, last", "remove", gen + "hosts:\n  - name: b\n    signs_with: one\n  # a\n  -\n    # a\n    name: a\n    signs_with: one", gen + "hosts:\n  - name: b\n    signs_with: one\n  # a"},
		{"block of flow, several lines", "remove", "hosts:\n  - {name: a,\n     signs_with: one}\n  - {name: b, signs_with: one}\n" + gen, "hosts:\n  - {name: b, signs_with: one}\n" + gen},
		{"flow, only", "remove", "hosts: [ {name: a, signs_with: one} ]\n" + gen, "hosts: [  ]\n" + gen},
		{"flow, first", "remove", "hosts: [{name: a, signs_with: one}, {name: b, signs_with: one}]\n" + gen, "hosts: [{name: b, signs_with: one}]\n" + gen},
		{"flow, last", "remove", "hosts: [{name: b, signs_with: one}, {name: a, signs_with: one}]\n" + gen, "hosts: [{name: b, signs_with: one}]\n" + gen},
		{"flow, last, comma", "remove", "hosts: [{name: b, signs_with: one}, {name: a, signs_with: one},]\n" + gen, "hosts: [{name: b, signs_with: one},]\n" + gen},
		{"flow, lines, last", "remove", "hosts: [\n  {name: b, signs_with: one}, # b\n  {name: a, signs_with: one} # a\n]\n" + gen, "hosts: [\n  {name: b, signs_with: one} # b\n]\n" + gen},
		{"flow, lines, first", "remove", "hosts: [\n  {name: a, signs_with: one}, # a\n  # b\n  {name: b, signs_with: one}\n]\n" + gen, "hosts: [\n  # b\n  {name: b, signs_with: one}\n]\n" + gen},
		{"flow, staggered", "remove", "hosts: [{name: b, signs_with: one},\n  {name: a, signs_with: one}]\n" + gen, "hosts: [{name: b, signs_with: one}\n  ]\n" + gen},

		{"plain", "signs", "hosts: [{name: a, signs_with: one}]\n" + gen, "hosts: [{name: a, signs_with: two}]\n" + gen},
		{"single quotes", "signs", "hosts:\n- signs_with: 'one'  # c\n  name: a\n" + gen, "hosts:\n- signs_with: 'two'  # c\n  name: a\n" + gen},
		{"double quotes", "signs", "hosts: [{\"signs_with\":\"\\x6fne\",name: a}]\n" + gen, "hosts: [{\"signs_with\":\"two\",name: a}]\n" + gen},

		{"comment", "bump", "generation: 1 # é\n", "generation: 1 # é\n"},
		{"quoted name", "bump", "\"generation\" : 1\n", "\"generation\" : 1\n"},
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
	d, err := d.AddHost(Host{Name: "a", SignsWith: "one"})
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
	unused, err := d.AddIssuer(Issuer{Name: "three", PublicKey: testKey(2), Created: testTime.Add(1)})
	if err != nil {
		t.Fatal(err)
	}
	if is, _ := unused.Manifest().Issuer("three"); !is.Created.Equal(testTime) {
		t.Errorf("created is kept finer than the second: %v", is.Created)
	}
	for name, edit := range map[string]func() (*Document, error){
		"add host": func() (*Document, error) {
			return unused.AddHost(Host{Name: "n", SignsWith: "one", Target: target(t, "rust-0.78")})
		},
		"remove host":   func() (*Document, error) { return unused.RemoveHost("web-2") },
		"add issuer":    func() (*Document, error) { return unused.AddIssuer(Issuer{Name: "four", PublicKey: testKey(3)}) },
		"remove issuer": func() (*Document, error) { return unused.RemoveIssuer("three") },
		"signs with":    func() (*Document, error) { return unused.SetSignsWith("web-2", "three") },
		"bump":          unused.BumpGeneration,
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
	if same, err := unused.SetSignsWith("web-1", "one"); err != nil || same.Manifest().Generation != 8 {
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
		is   error
		want string
	}{
		{"host twice", func() (*Document, error) { return d.AddHost(Host{Name: "WEB-1", SignsWith: "one"}) }, ErrTaken, "there is a host named web-1 already"},
		{"host name", func() (*Document, error) { return d.AddHost(Host{Name: "a b", SignsWith: "one"}) }, nil, `"a b" is no name`},
		{"host's issuer", func() (*Document, error) { return d.AddHost(Host{Name: "x", SignsWith: "onee"}) }, ErrNotFound, "did you mean one?"},
		{"no such host", func() (*Document, error) { return d.RemoveHost("web1") }, ErrNotFound, "did you mean web-1?"},
		{"issuer twice", func() (*Document, error) { return d.AddIssuer(Issuer{Name: "ONE", PublicKey: testKey(3)}) }, ErrTaken, "an issuer named one already"},
		{"key twice", func() (*Document, error) { return d.AddIssuer(Issuer{Name: "x", PublicKey: user}) }, ErrTaken, "is the key of the issuer two already"},
		{"no key", func() (*Document, error) { return d.AddIssuer(Issuer{Name: "x"}) }, nil, "not a cluster key"},
		{"issuer name", func() (*Document, error) { return d.AddIssuer(Issuer{PublicKey: testKey(3)}) }, nil, "must not be empty"},
		{"no such issuer", func() (*Document, error) { return d.RemoveIssuer("x") }, ErrNotFound, `no issuer is named "x"`},
		{"issuer in use", func() (*Document, error) { return d.RemoveIssuer("two") }, ErrInUse, "the host web-2 signs with two"},
		{"last issuer", func() (*Document, error) { return single.RemoveIssuer("one") }, ErrInUse, "only issuer"},
		{"signs: no host", func() (*Document, error) { return d.SetSignsWith("x", "one") }, ErrNotFound, `no host is named "x"`},
		{"signs: no issuer", func() (*Document, error) { return d.SetSignsWith("web-1", "x") }, ErrNotFound, `no issuer is named "x"`},
		{"generation", full.BumpGeneration, nil, "cannot grow"},
	} {
		after, err := c.edit()
		if err == nil || after != nil || !strings.Contains(err.Error(), c.want) || c.is != nil && !errors.Is(err, c.is) {
			t.Errorf("%s: got %v, want %q", c.name, err, c.want)
		}
	}
}

// What cannot be spliced in must fail whole, not half.
func TestAnEditThatDoesNotFitChangesNothing(t *testing.T) {
	t.Parallel()
	d := mustDecode(t, fill(sample))
	after, err := d.edit(func(e *editor) error {
		e.insert(0, "lattice: twice\n")
		return nil
	})
	if err == nil || after != nil || errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), "cannot edit lattice.yaml") {
		t.Errorf("got %v", err)
	}
	if after, err = d.edit(func(e *editor) error { e.setText(value(e.root, "lattice"), "x"); return nil }); err == nil || after != nil {
		t.Errorf("an outcome that says something else is accepted: %v", err)
	}
}
