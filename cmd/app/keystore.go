package app

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/settings"
	"github.com/latch-keys/latch/internal/similar"
)

// KeystoreURI is the keystore to use and where that was said: a flag, a
// variable, the manifest in reach, the settings file, or the default.
func (a *App) KeystoreURI() (uri, origin string, err error) {
	s, err := a.Settings()
	if err != nil {
		return "", "", err
	}
	origin = s.Origin("keystore")
	if strings.HasPrefix(origin, "flag") || strings.HasPrefix(origin, "env") {
		return s.Keystore, origin, nil
	}
	doc := a.read
	if doc == nil {
		doc, err = a.loadManifest()
	}
	if errors.Is(err, fs.ErrNotExist) {
		return s.Keystore, origin, nil
	}
	if err != nil {
		return "", "", fault.Hint(err, "fix the manifest, or name the keystore with --keystore")
	}
	if named := doc.Manifest().Keystore; named != "" {
		return named, "manifest " + a.ManifestPath(), nil
	}
	return s.Keystore, origin, nil
}

// Keystore opens the keystore to use. A relative folder in the manifest is
// relative to the manifest.
func (a *App) Keystore() (keystore.Store, error) {
	uri, origin, err := a.KeystoreURI()
	if err != nil {
		return nil, err
	}
	if err := refuseProgram(uri, origin); err != nil {
		return nil, err
	}
	store, err := a.OpenKeystore(uri, a.KeystoreBase(origin))
	return store, a.misnamed(err, origin, a.read)
}

// refuseProgram refuses a keystore that runs a program, of a manifest: that may have
// come from anywhere.
func refuseProgram(uri, origin string) error {
	if !strings.HasPrefix(uri, "exec:") || !strings.HasPrefix(origin, "manifest") {
		return nil
	}
	return fault.New(fault.Refused, "the manifest names a keystore that runs a program, %s", printable.Line(uri)).
		WithHint("if you trust it, say so yourself: LATCH_KEYSTORE=%s", Word(uri))
}

// KeystoreFor opens the keystore to use for a key that is to be encrypted to certain
// recipients besides those who open every key.
func (a *App) KeystoreFor(also []string) (keystore.Store, error) {
	store, err := a.Keystore()
	if err != nil || len(also) == 0 {
		return store, err
	}
	bucket, is := store.(*keystore.Bucket)
	if !is {
		return nil, fault.New(fault.Usage, "only a nats: keystore can encrypt a key to some recipients, and this is %s", store.URI()).
			WithHint("leave --to out, or name one: --keystore nats://HOST:PORT/BUCKET")
	}
	bucket.Also(also)
	return bucket, nil
}

// KeystoreOf opens the keystore that holds a manifest's seeds: that of a flag or a
// variable, or the one that the manifest names, or the default.
func (a *App) KeystoreOf(doc *lattice.Document) (keystore.Store, error) {
	uri, origin, err := a.KeystoreURIOf(doc)
	if err != nil {
		return nil, err
	}
	if err := refuseProgram(uri, origin); err != nil {
		return nil, err
	}
	base := "."
	if strings.HasPrefix(origin, "manifest") {
		base = filepath.Dir(doc.Path())
	}
	store, err := a.OpenKeystore(uri, base)
	return store, a.misnamed(err, origin, doc)
}

// KeystoreURIOf is the keystore that holds a manifest's seeds, and where that was said.
func (a *App) KeystoreURIOf(doc *lattice.Document) (uri, origin string, err error) {
	s, err := a.Settings()
	if err != nil {
		return "", "", err
	}
	origin = s.Origin("keystore")
	named := doc.Manifest().Keystore
	if named == "" || strings.HasPrefix(origin, "flag") || strings.HasPrefix(origin, "env") {
		return s.Keystore, origin, nil
	}
	return named, "manifest " + doc.Path(), nil
}

// PublicKeys are those of the entries, by name.
func PublicKeys(entries []keystore.Entry) map[string]keys.PublicKey {
	known := make(map[string]keys.PublicKey, len(entries))
	for _, e := range entries {
		known[e.Name] = e.PublicKey
	}
	return known
}

// KeystoreBase is where a relative folder in a keystore's URI starts.
func (a *App) KeystoreBase(origin string) string {
	if strings.HasPrefix(origin, "manifest") {
		return filepath.Dir(a.ManifestPath())
	}
	return "."
}

// OpenKeystore opens the keystore that a URI names; a relative folder in it starts at base.
func (a *App) OpenKeystore(uri, base string) (keystore.Store, error) {
	unlock, err := a.Unlock()
	if err != nil {
		return nil, err
	}
	return a.openWith(unlock, uri, base)
}

// OpenWithIdentity is OpenKeystore for who has just been given an identity.
func (a *App) OpenWithIdentity(uri, base, path string) (keystore.Store, error) {
	unlock, err := a.Unlock()
	if err != nil {
		return nil, err
	}
	unlock.IdentityFiles = append([]string{path}, unlock.IdentityFiles...)
	return a.openWith(unlock, uri, base)
}

// OpenUnasked is Keystore for who only looks, at what KeystoreURI gave: it reads no
// passphrase, and nothing from stdin.
func (a *App) OpenUnasked(uri, origin string) (keystore.Store, error) {
	if err := refuseProgram(uri, origin); err != nil {
		return nil, err
	}
	unlock, err := a.Unlock()
	if err != nil {
		return nil, err
	}
	unlock.Passphrase = nil
	unlock.IdentityFiles = slices.DeleteFunc(unlock.IdentityFiles, func(path string) bool { return path == "-" })
	store, err := a.openWith(unlock, uri, a.KeystoreBase(origin))
	return store, a.misnamed(err, origin, a.read)
}

// KeystoreFolder is the folder of an age: or dir: keystore, "" of any other.
func (a *App) KeystoreFolder(uri, base string) string {
	scheme, dir, _ := strings.Cut(a.fromHome(uri), ":")
	switch {
	case scheme != "age" && scheme != "dir", dir == "":
		return ""
	case filepath.IsAbs(dir):
		return filepath.Clean(dir)
	}
	return filepath.Join(base, dir)
}

func (a *App) openWith(unlock agefile.Unlock, uri, base string) (keystore.Store, error) {
	uri = a.fromHome(uri)
	a.Trace("keystore %s", uri)
	store, err := keystore.Open(uri, keystore.Deps{
		Unlock:   unlock,
		Environ:  a.Sys.Environ,
		Names:    a.namesInUse,
		Now:      a.Sys.Now,
		Random:   a.Sys.Random,
		Dial:     a.dialBucket,
		IndexDir: a.Sys.DataDir(),
		BaseDir:  base,
		Notice:   func(message string) { a.Warn("%s", message) },
	})
	if err != nil {
		return nil, err
	}
	return a.heedGit(store, uri, base), nil
}

// namesInUse are the names of keys that the manifest in reach knows; none where
// there is no manifest.
func (a *App) namesInUse() []string {
	doc := a.read
	if doc == nil {
		if _, err := a.Settings(); err != nil {
			return nil
		}
		var err error
		if doc, err = a.loadManifest(); err != nil {
			return nil
		}
	}
	var names []string
	for _, is := range doc.Manifest().Issuers {
		names = append(names, is.Name)
	}
	for _, n := range doc.Manifest().NeededSeeds() {
		names = append(names, n.Name)
	}
	return names
}

// fromHome is a keystore's URI with the ~ that its folder may begin with expanded.
func (a *App) fromHome(uri string) string {
	scheme, path, found := strings.Cut(uri, ":")
	if !found {
		return uri
	}
	return scheme + ":" + settings.FromHome(path, a.Sys.Home())
}

// KeysOf lists the keys in the store of a manifest that hosts have keys in already. A
// folder that is not there is refused, and not made: its name is misspelt, or the seeds
// are lost.
func (a *App) KeysOf(ctx context.Context, store keystore.Store, m lattice.Manifest) ([]keystore.Entry, error) {
	entries, err := store.List(ctx)
	if !errors.Is(err, fs.ErrNotExist) || !strings.HasPrefix(store.URI(), "dir:") {
		return entries, err
	}
	if len(m.Signers()) == 0 {
		return nil, nil
	}
	_, origin, err := a.KeystoreURI()
	if err != nil {
		return nil, err
	}
	return nil, fault.New(fault.Refused, "the keystore %s (%s) is not there, and hosts sign with keys that should be in it", store.URI(), strings.TrimSpace(origin)).
		WithHint("correct its name, or bring the folder back")
}

// FindKey looks a key up without unlocking anything where the store has an index.
func FindKey(ctx context.Context, store keystore.Store, name string) (keystore.Entry, error) {
	if f, ok := store.(keystore.Finder); ok {
		entry, err := f.Find(ctx, name)
		return entry, WithNames(ctx, err, store, name)
	}
	entries, err := store.List(ctx)
	if entry, found := EntryNamed(entries, name); found {
		return entry, nil
	}
	if err != nil {
		return keystore.Entry{}, err
	}
	return keystore.Entry{}, WithNames(ctx, fault.New(fault.NotFound, "%s has no key named %q", store.URI(), name), store, name)
}

// FilesOf are the files that a manifest names.
func (a *App) FilesOf(file *lattice.Document) credentials.Files {
	return credentials.Files{Dir: filepath.Dir(file.Path()), Home: a.Sys.Home(), Reads: a.TraceRead}
}

// Seed opens a seed, and tells so who asked to be told.
func (a *App) Seed(ctx context.Context, store keystore.Store, name string) (keys.Seed, error) {
	a.Trace("seed %s, from %s", name, store.URI())
	return store.Get(ctx, name)
}

// SeedsOf gives seeds out of a store; a name that is not there is answered with
// those that are.
func (a *App) SeedsOf(store keystore.Store) func(ctx context.Context, name string) (keys.Seed, error) {
	return func(ctx context.Context, name string) (keys.Seed, error) {
		seed, err := a.Seed(ctx, store, name)
		return seed, WithNames(ctx, err, store, name, a.namesInUse()...)
	}
}

// WithNames adds to "not found" which key may have been meant, and how to see what
// there is. Those of other names in use were not meant, such as the key that a rotation
// replaces by this one.
func WithNames(ctx context.Context, err error, store keystore.Store, name string, others ...string) error {
	if fault.KindOf(err) != fault.NotFound {
		return err
	}
	entries, _ := store.List(ctx) // without it there is nothing to compare with
	var known []string
	for _, e := range entries {
		if !slices.Contains(others, e.Name) {
			known = append(known, e.Name)
		}
	}
	if question := similar.Question(name, known); question != "" {
		err = fault.New(fault.NotFound, "%v%s", err, question)
	}
	return fault.Hint(err, "latch keys list")
}

// EntryNamed finds a key by its name.
func EntryNamed(entries []keystore.Entry, name string) (keystore.Entry, bool) {
	for _, e := range entries {
		if e.Name == name {
			return e, true
		}
	}
	return keystore.Entry{}, false
}
