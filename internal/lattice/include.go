package lattice

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice/schema"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/yamledit"
)

// shared is the file that a manifest includes, read: what several lattices share.
type shared struct {
	path string
	yaml *yamledit.Document
	says Manifest // with its paths as they are seen from the manifest's folder
}

// holds reports whether a node is one of the file's, and not of the manifest's.
func (s *shared) holds(n *yamledit.Node) bool {
	var within func(in *yamledit.Node) bool
	within = func(in *yamledit.Node) bool {
		return in == n || slices.ContainsFunc(in.Items, within) ||
			slices.ContainsFunc(in.Fields, func(f yamledit.Field) bool { return within(f.Key) || within(f.Value) })
	}
	return s != nil && n != nil && within(s.yaml.Root())
}

// opener gives the text of a file that a manifest includes, by its path.
type opener func(path string) ([]byte, error)

// openBeside opens what the manifest at a path includes. A manifest in a git
// repository includes nothing outside of it: no other clone would have that, and what
// is wrong with a file is told with parts of it.
func openBeside(manifest string) opener {
	return func(path string) ([]byte, error) {
		if err := withinRepository(filepath.Dir(manifest), path); err != nil {
			return nil, err
		}
		return safefile.Read(path, safefile.Shared, sizeLimit)
	}
}

func withinRepository(dir, path string) error {
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	if resolved, err = filepath.Abs(resolved); err != nil {
		return err
	}
	if dir, err = filepath.EvalSymlinks(dir); err != nil {
		return err
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return err
	}
	for root := dir; ; root = filepath.Dir(root) {
		if _, err := os.Lstat(filepath.Join(root, ".git")); err == nil {
			if within, err := filepath.Rel(root, resolved); err != nil || !filepath.IsLocal(within) {
				return fault.New(fault.Refused, "it lies outside the git repository of the manifest").WithHint("move it into the repository: no clone has it else")
			}
			return nil
		}
		if filepath.Dir(root) == root {
			return nil
		}
	}
}

// include reads the file that the manifest includes, if it does. What is wrong with
// it is said of that file; that there is none, of the manifest.
func (d *decoder) include(m Manifest, open opener) *shared {
	if m.Include == "" {
		return nil
	}
	at := d.doc.Root().Get("include")
	if open == nil {
		d.fail(at, RuleInclude, "include", fault.New(fault.Failed, "what it includes is not at hand: this text stands in no file").WithHint("latch lattice publish puts the whole into one text"))
		return nil
	}
	dir := path.Dir(m.Include)
	s := &shared{path: filepath.Join(filepath.Dir(d.file), filepath.FromSlash(m.Include))}
	text, err := open(s.path)
	if err != nil {
		d.fail(at, RuleInclude, "include", fmt.Errorf("cannot include %s: %w", m.Include, plain(err)))
		return nil
	}
	doc, errs := parse(s.path, text)
	if len(errs) == 0 {
		inner := &decoder{file: s.path, doc: doc}
		s.yaml = doc
		s.says, _ = sharedRecord().read(inner, doc.Root(), "")
		s.says = s.says.seenFrom(dir)
		inner.errs.sort()
		errs = inner.errs
	}
	d.included = errs
	return s
}

// plain is an error of the file system less the path, which stands beside it.
func plain(err error) error {
	var at *os.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

// checkInclude judges the path of a file to include. It is the same on all machines,
// and never what a person has beside the repository.
func checkInclude(name string) error {
	hint := "write the path from the folder of the manifest on, such as ../defaults.yaml"
	switch {
	case !utf8.ValidString(name) || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsPrint(r) }):
		return errors.New("the path holds what cannot be printed")
	case strings.HasPrefix(name, "/") || strings.HasPrefix(name, "~") || strings.ContainsAny(name, `\:`):
		return fault.New(fault.Failed, "%s is no path from the folder of the manifest on", shown(name)).WithHint("%s", hint)
	case path.Ext(name) != ".yaml" && path.Ext(name) != ".yml":
		return fault.New(fault.Failed, "%s is no YAML file by its name", shown(name)).WithHint("%s", hint)
	}
	return nil
}

func includeField() field[Manifest] {
	as := textForm(checkInclude, schema.Text(`^[^/~\\:][^\\:]*\.ya?ml$`))
	return scalar("include", RuleInclude, func(m *Manifest) *string { return &m.Include }, as).
		says("a file with what several lattices share, relative to the manifest: target, keystore, nats, nats_users, max_age, min_soak; what the manifest says itself counts")
}

// sharedRecord describes the file that manifests include: of what they say, all that
// concerns no lattice in particular.
func sharedRecord() record[Manifest] {
	r := record[Manifest]{}
	for _, f := range manifestRecord().fields {
		switch f.name {
		case "version", "target", "keystore", "nats", "max_age", "min_soak":
			r.fields = append(r.fields, f)
		case "nats_users":
			r.fields = append(r.fields, usersField(sharedUsersRecord()).says("how the hosts' NATS users are issued"))
		default:
			r.fields = append(r.fields, notShared(f.name))
		}
	}
	return r
}

// notShared refuses, in an included file, what belongs to one lattice.
func notShared(name string) field[Manifest] {
	return field[Manifest]{
		name: name, hidden: true,
		read: func(f *fields, _ *Manifest) {
			if f.get(name) == nil {
				return
			}
			if name == "include" {
				f.fail(name, RuleInclude, fault.New(fault.Failed, "an included file includes no other").WithHint("one file for what lattices share, and one manifest for each"))
				return
			}
			f.fail(name, RuleInclude, fault.New(fault.Failed, "an included file cannot say this: it is of one lattice").WithHint("write it into the lattice's manifest"))
		},
		write: func(*Manifest) yamledit.Value { return nil },
		same:  func(_, _ *Manifest) bool { return true },
	}
}

// over gives m with what it leaves open taken from what is shared.
func (m Manifest) over(s *shared) Manifest {
	if s == nil {
		return m
	}
	base := s.says
	m.Target = either(m.Target, base.Target)
	m.Keystore = either(m.Keystore, base.Keystore)
	m.MaxAge = either(m.MaxAge, base.MaxAge)
	m.MinSoak = either(m.MinSoak, base.MinSoak)
	m.NATS = m.NATS.over(base.NATS)
	m.NATSUsers = m.NATSUsers.over(base.NATSUsers)
	return m
}

// ownOf gives what the manifest itself has to say so that, over what is shared, it
// says m. What it does not say now, and need not, it is not made to say.
func (d *Document) ownOf(m Manifest) Manifest {
	if d.base == nil {
		return m
	}
	base, own := d.base.says, d.own
	m.Target = unsaid(m.Target, base.Target, own.Target)
	m.Keystore = unsaid(m.Keystore, base.Keystore, own.Keystore)
	m.MaxAge = unsaid(m.MaxAge, base.MaxAge, own.MaxAge)
	m.MinSoak = unsaid(m.MinSoak, base.MinSoak, own.MinSoak)
	m.NATS = m.NATS.unsaid(base.NATS, own.NATS)
	m.NATSUsers = m.NATSUsers.unsaid(base.NATSUsers, own.NATSUsers)
	return m
}

// unsaid is the zero value where the manifest does not say what is shared anyway.
func unsaid[T comparable](want, base, own T) T {
	var zero T
	if want == base && own == zero {
		return zero
	}
	return want
}

// seenFrom gives m with the paths in it as they are from a folder, in which dir is the
// folder of the file that says m.
func (m Manifest) seenFrom(dir string) Manifest {
	from := func(name string) string {
		if name == "" || path.IsAbs(name) || filepath.IsAbs(name) || strings.HasPrefix(name, "~") {
			return name
		}
		return path.Join(dir, name)
	}
	if scheme, folder, found := strings.Cut(m.Keystore, ":"); found && (scheme == "age" || scheme == "dir") {
		m.Keystore = scheme + ":" + from(folder)
	}
	for p, c := range m.NATS.connections {
		c.Creds = from(c.Creds)
		if _, isFile := c.JWTFile(); isFile {
			c.JWT = from(c.JWT)
		}
		m.NATS.connections[p] = c
	}
	m.NATSUsers.AccountJWT = from(m.NATSUsers.AccountJWT)
	return m
}

// Included is the path of the file that the manifest includes, "" for none.
func (d *Document) Included() string {
	if d.base == nil {
		return ""
	}
	return d.base.path
}

// Whole is the document's text with what it includes written into it, for where
// there is no other file.
func (d *Document) Whole() ([]byte, error) {
	if d.base == nil {
		return d.Bytes(), nil
	}
	whole, record := d.Manifest(), manifestRecord()
	whole.Include = ""
	text, ok := d.yaml.Edit(record.write(d.own), record.write(whole))
	if !ok {
		return nil, d.cannotEdit()
	}
	if got, err := Decode(d.path, text); err != nil || !got.manifest.Equal(whole) {
		return nil, d.cannotEdit()
	}
	return text, nil
}

// SharedSchema describes the files that manifests include to editors.
func SharedSchema() schema.Schema {
	s := sharedRecord().schema()
	s.Draft, s.ID, s.Title = schema.Draft, sharedSchemaID, "latch shared settings"
	s.Description = "What several wasmCloud lattices share: their manifests include the file"
	return s
}
