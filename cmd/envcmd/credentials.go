package envcmd

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// keyring fetches each seed and reads each file once, however many hosts share
// them.
type keyring struct {
	tell  *env.Builder
	store keystore.Store
	dir   string // of the manifest: its paths start there
	seeds map[string]keys.Seed
	jwts  map[string]string    // by path
	creds map[string]env.Login // by path
}

func newKeyring(m lattice.Manifest, store keystore.Store, dir string) keyring {
	return keyring{tell: env.NewBuilder(m), store: store, dir: dir, seeds: map[string]keys.Seed{}, jwts: map[string]string{}, creds: map[string]env.Login{}}
}

func (k keyring) environment(ctx context.Context, m lattice.Manifest, host string) (env.Environment, error) {
	h, known := k.tell.Host(host)
	if !known {
		return k.tell.For(host, keys.Seed{}, nil) // says so, and names the hosts there are
	}
	if err := m.CheckNATS(h); err != nil {
		return env.Environment{}, err
	}
	var seed keys.Seed
	if !m.TargetOf(h).IgnoresClusterKeys() {
		var err error
		if seed, err = k.seed(ctx, h.SignsWith); err != nil {
			return env.Environment{}, fmt.Errorf("failed to get the seed that host %s signs with: %w", host, err)
		}
	}
	logins := env.Logins{}
	for _, p := range wasmcloud.Purposes() {
		connection := m.NATSOf(h).For(p)
		if !connection.LogsIn() {
			continue
		}
		login, err := k.login(ctx, m.TargetOf(h), connection)
		if err != nil {
			return env.Environment{}, fmt.Errorf("failed to get the credentials of host %s for %s: %w", host, p, err)
		}
		logins[p] = login
	}
	return k.tell.For(host, seed, logins)
}

func (k keyring) seed(ctx context.Context, name string) (keys.Seed, error) {
	if seed, fetched := k.seeds[name]; fetched {
		return seed, nil
	}
	seed, err := k.store.Get(ctx, name)
	if err != nil {
		return keys.Seed{}, app.WithNames(err, k.store.URI())
	}
	k.seeds[name] = seed
	return seed, nil
}

// login is that of a connection: a file's path for hosts that read it, else what
// is in it, or the JWT and the seed that the manifest names.
func (k keyring) login(ctx context.Context, t wasmcloud.Target, c lattice.Connection) (env.Login, error) {
	if c.Creds != "" {
		return k.fromCreds(k.path(c.Creds), t.ReadsCredsFiles())
	}
	seed, err := k.seed(ctx, c.Seed)
	if err != nil {
		return env.Login{}, err
	}
	login := env.Login{JWT: c.JWT, Seed: seed}
	if path, inFile := c.JWTFile(); inFile {
		login.JWT, err = k.fromFile(k.path(path))
	}
	return login, err
}

// path is one of the manifest's, as seen from here.
func (k keyring) path(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(k.dir, path)
}

// mostLogin is more than any JWT or credentials file, in bytes.
const mostLogin = 64 << 10

func (k keyring) fromCreds(path string, pathOnly bool) (env.Login, error) {
	if pathOnly {
		absolute, err := filepath.Abs(path)
		return env.Login{File: absolute}, err
	}
	if login, read := k.creds[path]; read {
		return login, nil
	}
	text, err := safefile.Read(path, safefile.Private, mostLogin)
	if err != nil {
		return env.Login{}, err
	}
	defer clear(text)
	login, err := env.ParseCreds(text)
	if err != nil {
		return env.Login{}, fmt.Errorf("%s: %w", path, err)
	}
	k.creds[path] = login
	return login, nil
}

// fromFile reads a JWT, which is no secret.
func (k keyring) fromFile(path string) (string, error) {
	if jwt, read := k.jwts[path]; read {
		return jwt, nil
	}
	text, err := safefile.Read(path, safefile.Shared, mostLogin)
	if err != nil {
		return "", err
	}
	defer clear(text) // should it be no JWT but a secret
	user, err := lattice.ParseUserJWT(strings.TrimSpace(string(text)))
	if err != nil {
		return "", fmt.Errorf("%s: %w", path, err)
	}
	k.jwts[path] = user.Text
	return user.Text, nil
}

func (k keyring) wipe() {
	for _, seed := range k.seeds {
		seed.Wipe()
	}
	for _, login := range k.creds {
		login.Seed.Wipe()
	}
}
