package lattice

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strconv"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/yamledit"
)

// Document is a manifest together with the text it was decoded from. It never
// changes: Update gives a new Document.
type Document struct {
	path     string
	yaml     *yamledit.Document
	loaded   []byte   // what the file held when it was read; nil if there was none
	own      Manifest // what the text says by itself
	base     *shared  // what it includes; nil where it does not
	manifest Manifest // what both say
}

// Path is where the document was loaded from and is saved to.
func (d *Document) Path() string { return d.path }

// Bytes is the document's text.
func (d *Document) Bytes() []byte { return d.yaml.Bytes() }

// Manifest is what the document says.
func (d *Document) Manifest() Manifest { return d.manifest.Clone() }

// Decode reads a manifest strictly. The path names the file in errors. Whatever
// is wrong is reported at once, as Errors. It opens no file: a text that includes
// another is refused.
func Decode(path string, text []byte) (*Document, error) { return decode(path, text, nil) }

func decode(path string, text []byte, open opener) (*Document, error) {
	doc, errs := parse(path, text)
	if len(errs) > 0 {
		return nil, errs
	}
	d := &decoder{file: path, doc: doc}
	own, f := manifestRecord().read(d, doc.Root(), "")
	base := d.include(own, open)
	m := own.over(base)
	if f.isMapping && m.Target.IsZero() && f.get("target") == nil && len(d.errs)+len(d.included) == 0 {
		d.fail(doc.Root(), RuleField, "", errors.New("target is missing"))
	}
	if len(d.errs)+len(d.included) > 0 {
		d.errs.sort()
		return nil, append(d.errs, d.included...)
	}
	return &Document{path: path, yaml: doc, loaded: doc.Bytes(), own: own, base: base, manifest: m}, nil
}

// New writes a fresh document that says what m says; a generation of 0 becomes
// 1. There need be no file at path, and Save replaces none.
func New(path string, m Manifest) (*Document, error) {
	if err := CheckPrefix(m.Lattice); err != nil {
		return nil, err
	}
	if m.Keystore != "" {
		if err := checkKeystore(m.Keystore); err != nil {
			return nil, err
		}
	}
	checked, err := Manifest{Denied: m.Denied}.WithIssuers(m.Issuers...)
	if err != nil {
		return nil, err
	}
	if checked, err = checked.WithHosts(m.Hosts...); err != nil {
		return nil, err
	}
	want := m.Clone()
	want.Issuers, want.Hosts, want.Generation = checked.Issuers, checked.Hosts, max(m.Generation, 1)
	text := "# The lattice " + strconv.Quote(m.Lattice) + ": who signs with which cluster key, and whom every host accepts.\n" +
		"# Holds no secret: keep it in git. latch edits it and keeps your comments.\n" +
		"# yaml-language-server: $schema=" + schemaID + "\n" +
		yamledit.Render(manifestRecord().write(want))
	d, err := Decode(path, []byte(text))
	if err != nil {
		return nil, err
	}
	d.loaded = nil
	return d, nil
}

// Update makes the document say what m says, in a text that differs only where it
// has to. What is new in a list stands after the rest. The generation is raised by
// one if any host's environment changes, whatever m says of it; a document that
// says it all already is returned as it is. The prefix cannot change: it would be
// another lattice.
func (d *Document) Update(m Manifest) (*Document, error) {
	want := m.Clone()
	want.Generation = d.manifest.Generation
	if r := want.Rotation; r != nil {
		r.Observed = slices.DeleteFunc(r.Observed, func(o Observation) bool { return !o.Certain() })
	}
	if want.Equal(d.manifest) {
		return d, nil
	}
	for _, is := range want.Issuers {
		if err := want.CheckDenied(is.PublicKey); err != nil {
			return nil, err
		}
	}
	if !sameEnvironments(d.manifest, want) {
		if want.Generation >= math.MaxInt64 {
			return nil, fault.New(fault.Failed, "the generation %d cannot grow", want.Generation).WithHint("set the generation to a smaller number by hand")
		}
		want.Generation++
	}
	own := d.ownOf(want)
	if !own.over(d.base).Equal(want) {
		return nil, fault.New(fault.Failed, "cannot edit %s: what is to change is said by %s, which it includes", d.path, d.Included()).
			WithHint("make the change by hand: in %s it concerns every lattice that includes it", d.Included())
	}
	record := manifestRecord()
	text, ok := d.yaml.Edit(record.write(d.own), record.write(own))
	if !ok || want.Lattice != d.manifest.Lattice || want.Include != d.manifest.Include {
		return nil, d.cannotEdit()
	}
	edited, err := decode(d.path, text, d.openAgain)
	if err != nil || !edited.manifest.Equal(want) {
		return nil, d.cannotEdit()
	}
	edited.loaded = d.loaded
	return edited, nil
}

// openAgain gives what the document includes, as it was read.
func (d *Document) openAgain(string) ([]byte, error) { return d.base.yaml.Bytes(), nil }

func (d *Document) cannotEdit() error {
	return fault.New(fault.Failed, "cannot edit %s: it is laid out in a way that the change cannot be fitted into", d.path).
		WithHint("make the change by hand, or lay the file out as latch lattice init does")
}

// sameEnvironments reports whether every host is told the same by both.
func sameEnvironments(a, b Manifest) bool {
	return a.NATS == b.NATS && a.Target == b.Target &&
		slices.EqualFunc(a.Issuers, b.Issuers, func(x, y Issuer) bool { return x.PublicKey == y.PublicKey }) &&
		slices.EqualFunc(a.Hosts, b.Hosts, hostRecord(nil).same)
}

// Load reads a manifest from its file. A file that is not there matches
// fs.ErrNotExist, a text that is no manifest is Errors.
func Load(path string) (*Document, error) {
	text, err := safefile.Read(path, safefile.Shared, sizeLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "there is no manifest at %s", path).Like(fs.ErrNotExist).
			WithHint("make one: latch lattice init; or name another: --manifest FILE")
	}
	if err != nil {
		return nil, fmt.Errorf("failed to read the manifest: %w", err)
	}
	return decode(path, text, openBeside(path))
}

// Save writes the document to its file, in one step and under a lock. It refuses
// if the file is no longer what was loaded. A document from New replaces no file: one
// that is there matches fs.ErrExist. Where the path is a link of the person's own to a
// file of theirs, that file is edited. To edit further after Save, load the file again.
func (d *Document) Save(ctx context.Context) error {
	path := safefile.Through(d.path)
	release, err := safefile.Lock(ctx, path)
	if err != nil {
		return fmt.Errorf("failed to save the manifest: %w", err)
	}
	defer release()
	if d.loaded == nil {
		return d.create()
	}
	now, err := safefile.Read(path, safefile.Shared, sizeLimit)
	if err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, safefile.ErrTooLarge) {
		return fmt.Errorf("failed to save the manifest: %w", err)
	}
	if err != nil || !bytes.Equal(now, d.loaded) {
		return changedSince(d.path)
	}
	if d.base != nil {
		if now, err := openBeside(d.path)(d.base.path); err != nil || !bytes.Equal(now, d.base.yaml.Bytes()) {
			return changedSince(d.base.path)
		}
	}
	if _, err := safefile.Write(path, d.yaml.Bytes(), safefile.Shared); err != nil {
		return fmt.Errorf("failed to save the manifest: %w", err)
	}
	return nil
}

func changedSince(path string) error {
	return fault.New(fault.Refused, "%s has changed since it was read", path).
		WithHint("nothing was saved: look at the file, then run the command again")
}

func (d *Document) create() error {
	err := safefile.Create(d.path, d.yaml.Bytes(), safefile.Shared)
	if errors.Is(err, fs.ErrExist) {
		return fault.New(fault.Exists, "there is a manifest at %s already", d.path).Like(fs.ErrExist).
			WithHint("move it away, or name another: --manifest FILE")
	}
	if err != nil {
		return fmt.Errorf("failed to save the manifest: %w", err)
	}
	return nil
}
