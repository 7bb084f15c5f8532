package doctorcmd

import (
	"context"
	"errors"
	"io/fs"
	"sync"
	"time"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/doctor"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/agefile"
	"github.com/latch-keys/latch/internal/lattice"
)

// patience is how long all servers together may take to accept a connection.
const patience = 2 * time.Second

// gather looks at everything that the checks are about.
func (a verbs) gather(ctx context.Context) (doctor.Facts, error) {
	s, err := a.Settings()
	if err != nil {
		return doctor.Facts{}, err
	}
	document, err := a.Manifest()
	facts := doctor.Facts{Manifest: doctor.Manifest{Path: a.ManifestPath(), Named: s.Origin("manifest") != "default", Err: err}}
	if err == nil {
		a.gatherLattice(ctx, &facts, document)
	}
	facts.Keyring = keystore.KeyringUsable(ctx, a.Sys.Environ)
	to := a.gatherKeystore(ctx, &facts, document)
	a.gatherIdentities(ctx, &facts, to)
	a.gatherFiles(ctx, &facts)
	return facts, ctx.Err()
}

// gatherLattice looks at what a sound manifest says.
func (a verbs) gatherLattice(ctx context.Context, facts *doctor.Facts, document *lattice.Document) {
	m := document.Manifest()
	facts.Manifest.Lattice, facts.Manifest.Generation = m.Lattice, m.Generation
	for _, f := range lattice.Check(document) {
		if f.Severity == finding.Error {
			facts.Manifest.Errors = append(facts.Manifest.Errors, f.Message)
		} else {
			facts.Manifest.Warnings = append(facts.Manifest.Warnings, f.Message)
		}
	}
	facts.EnvDir = env.Folder(document.Path())
	written, err := env.Generations(facts.EnvDir, m)
	for _, h := range m.Hosts {
		generation, there := written[h.Name]
		facts.Hosts = append(facts.Hosts, doctor.Host{Name: h.Name, Written: err == nil && there, Generation: generation})
	}
	facts.Servers = a.dial(ctx, doctor.Addresses(m))
}

// dial tries all servers at once.
func (a verbs) dial(ctx context.Context, addresses []string) []doctor.Server {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	servers := make([]doctor.Server, len(addresses))
	var all sync.WaitGroup
	for i, address := range addresses {
		all.Go(func() {
			connection, err := a.Sys.Dial(ctx, "tcp", address)
			if err == nil {
				_ = connection.Close()
			}
			servers[i] = doctor.Server{Address: address, Err: err}
		})
	}
	all.Wait()
	return servers
}

// gatherKeystore lists the keystore in use, and gives whom it is encrypted to.
func (a verbs) gatherKeystore(ctx context.Context, facts *doctor.Facts, document *lattice.Document) []agefile.Recipient {
	uri, origin, err := a.KeystoreURI()
	if err != nil { // the manifest cannot be read, which is a finding of its own
		return nil
	}
	facts.Keystore = doctor.Keystore{URI: uri, Origin: origin, Keyring: keystore.IsKeyring(uri)}
	store, err := a.OpenUnasked(uri, origin)
	if err != nil {
		facts.Keystore.Err = err
		return nil
	}
	entries, err := store.List(ctx)
	facts.Keystore.Err, facts.Keystore.Count = err, len(entries)
	if err == nil && document != nil {
		for _, needed := range document.Manifest().MissingSeeds(app.PublicKeys(entries)) {
			facts.Keystore.Lacks = append(facts.Keystore.Lacks, needed.Name)
		}
	}
	sharer, sealed := store.(keystore.Sharer)
	if !sealed {
		return nil
	}
	to, err := sharer.Recipients(ctx)
	facts.Keystore.Sealed, facts.Keystore.Recipients = true, len(to)
	if facts.Keystore.Err == nil {
		facts.Keystore.Err = err
	}
	return to
}

// gatherIdentities looks at the files in which an identity is looked for. One that is
// handed over on stdin is left for a command that needs it.
func (a verbs) gatherIdentities(ctx context.Context, facts *doctor.Facts, to []agefile.Recipient) {
	unlock, err := a.Unlock()
	if err != nil {
		return
	}
	for _, path := range unlock.IdentityFiles {
		if path == "-" {
			continue
		}
		known, err := agefile.LookAt(ctx, path)
		if errors.Is(err, fs.ErrNotExist) && !unlock.Named {
			continue
		}
		facts.Identities = append(facts.Identities, doctor.Identity{Path: path, Err: err, Sealed: known.Sealed, Opens: known.Opens(to)})
	}
}
