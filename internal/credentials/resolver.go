package credentials

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Seeds gives a seed by the name of its key, as a keystore does.
type Seeds func(ctx context.Context, name string) (keys.Seed, error)

// Files are those that a manifest names: where their paths start.
type Files struct {
	Dir  string // the manifest's
	Home string // what ~/ stands for, "" where it is not known
	// Reads is told of each file before it is read; nil: nobody listens.
	Reads func(path string)
}

// Resolver finds the credentials of a manifest's hosts. It fetches each seed and
// reads each file once, and keeps them until Wipe.
type Resolver struct {
	manifest lattice.Manifest
	files    Files
	fetch    Seeds

	seeds  map[string]keys.Seed       // by name
	jwts   map[string]lattice.UserJWT // as the manifest has it: a text or a path
	logins map[source]Login
}

// source is where a login comes from, as the manifest says it.
type source struct{ creds, jwt, seed string }

// NewResolver gets ready for the hosts of a manifest.
func NewResolver(m lattice.Manifest, files Files, seeds Seeds) *Resolver {
	if files.Reads == nil {
		files.Reads = func(string) {}
	}
	return &Resolver{
		manifest: m, files: files, fetch: seeds,
		seeds: map[string]keys.Seed{}, jwts: map[string]lattice.UserJWT{}, logins: map[source]Login{},
	}
}

// ClusterSeed is the seed that the host signs with, zero where hosts of its
// target ignore cluster keys. It is the Resolver's to wipe.
func (r *Resolver) ClusterSeed(ctx context.Context, h lattice.Host) (keys.Seed, error) {
	if r.manifest.TargetOf(h).IgnoresClusterKeys() {
		return keys.Seed{}, nil
	}
	seed, err := r.seed(ctx, h.SignsWith)
	if err != nil {
		return keys.Seed{}, fmt.Errorf("failed to get the seed that host %s signs with: %w", h.Name, err)
	}
	return seed, nil
}

// Logins are those of the host, one for each connection that it makes as a
// certain user. Their seeds are the Resolver's to wipe.
func (r *Resolver) Logins(ctx context.Context, h lattice.Host) (Logins, error) {
	if err := r.manifest.CheckNATS(h); err != nil {
		return nil, err
	}
	found := Logins{}
	target, nats := r.manifest.TargetOf(h), r.manifest.NATSOf(h)
	for _, p := range wasmcloud.Purposes() {
		connection := nats.For(p)
		if !connection.LogsIn() {
			continue
		}
		login, err := r.login(ctx, connection, target.ReadsCredsFiles())
		if err != nil {
			return nil, fmt.Errorf("failed to get the credentials of host %s for %s: %w", h.Name, p, err)
		}
		found[p] = login
	}
	return found, nil
}

// Connect is the login of the host's connection of that purpose, as somebody
// connects who is not the host: what a credentials file says is read. It is zero
// where the host proves nothing. Its seed is the Resolver's to wipe.
func (r *Resolver) Connect(ctx context.Context, h lattice.Host, p wasmcloud.Purpose) (natsconn.Login, error) {
	login, err := r.ConnectBy(ctx, r.manifest.NATSOf(h).For(p))
	if err != nil {
		return natsconn.Login{}, fmt.Errorf("failed to get the credentials of host %s for %s: %w", h.Name, p, err)
	}
	return login, nil
}

// ConnectBy is Connect for a connection that no host has.
func (r *Resolver) ConnectBy(ctx context.Context, c lattice.Connection) (natsconn.Login, error) {
	if !c.LogsIn() {
		return natsconn.Login{}, nil
	}
	login, err := r.login(ctx, c, false)
	return login.NATS(), err
}

// UserOf gives the user JWT that a connection logs in with, from the manifest or from
// the file that it names. It needs no seed.
func (r *Resolver) UserOf(ctx context.Context) func(lattice.Connection) (lattice.UserJWT, error) {
	return func(c lattice.Connection) (lattice.UserJWT, error) {
		if c.Creds == "" {
			return r.jwt(c)
		}
		login, err := r.creds(ctx, c)
		if err != nil {
			return lattice.UserJWT{}, err
		}
		defer login.seed.Wipe()
		return lattice.ParseUserJWT(login.jwt)
	}
}

// Wipe ends all seeds that were given.
func (r *Resolver) Wipe() {
	for _, seed := range r.seeds {
		seed.Wipe()
	}
	for _, login := range r.logins {
		login.seed.Wipe()
	}
}

// login is that of a connection: a file's path for hosts that read it, else what
// is in it, or the JWT and the seed that the manifest names.
func (r *Resolver) login(ctx context.Context, c lattice.Connection, readsFiles bool) (Login, error) {
	if c.Creds != "" && readsFiles {
		path, err := filepath.Abs(r.files.path(c.Creds))
		return File(path), err
	}
	from := source{c.Creds, c.JWT, c.Seed}
	if login, known := r.logins[from]; known {
		return login, nil
	}
	find := r.named
	if c.Creds != "" {
		find = r.creds
	}
	login, err := find(ctx, c)
	if err == nil {
		r.logins[from] = login
	}
	return login, err
}

// named is the login by the key and the JWT that the manifest names.
func (r *Resolver) named(ctx context.Context, c lattice.Connection) (Login, error) {
	seed, err := r.seed(ctx, c.Seed)
	if err != nil {
		return Login{}, err
	}
	user, err := r.jwt(c)
	if err != nil {
		return Login{}, err
	}
	return pair(seed, user)
}

// mostLogin is more than any JWT or credentials file, in bytes.
const mostLogin = 64 << 10

// creds is the login that stands in a credentials file.
func (r *Resolver) creds(ctx context.Context, c lattice.Connection) (Login, error) {
	path := r.files.path(c.Creds)
	r.files.Reads(path)
	return ReadFile(ctx, path)
}

// jwt is the one of a connection, zero where it has none. It is no secret,
// wherever it stands.
func (r *Resolver) jwt(c lattice.Connection) (lattice.UserJWT, error) {
	if c.JWT == "" {
		return lattice.UserJWT{}, nil
	}
	if user, read := r.jwts[c.JWT]; read {
		return user, nil
	}
	user, err := r.readJWT(c)
	if err == nil {
		r.jwts[c.JWT] = user
	}
	return user, err
}

func (r *Resolver) readJWT(c lattice.Connection) (lattice.UserJWT, error) {
	path, inFile := c.JWTFile()
	if !inFile {
		return lattice.ParseUserJWT(c.JWT)
	}
	path = r.files.path(path)
	r.files.Reads(path)
	text, err := safefile.Read(path, safefile.Shared, mostLogin)
	if err != nil {
		return lattice.UserJWT{}, err
	}
	defer clear(text) // should it be no JWT but a secret
	user, err := lattice.ParseUserJWT(strings.TrimSpace(string(text)))
	if err != nil {
		return lattice.UserJWT{}, fmt.Errorf("%s: %w", path, err)
	}
	return user, nil
}

func (r *Resolver) seed(ctx context.Context, name string) (keys.Seed, error) {
	if seed, fetched := r.seeds[name]; fetched {
		return seed, nil
	}
	seed, err := r.fetch(ctx, name)
	if err != nil {
		return keys.Seed{}, err
	}
	r.seeds[name] = seed
	return seed, nil
}

// path is one of the manifest's, as seen from here.
func (f Files) path(path string) string {
	if rest, below := strings.CutPrefix(path, "~/"); below && f.Home != "" {
		return filepath.Join(f.Home, rest)
	}
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(f.Dir, path)
}
