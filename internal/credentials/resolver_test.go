package credentials

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nats-io/jwt/v2"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// seedsByName is a store that counts what it is asked for.
type seedsByName struct {
	seeds map[string]keys.Seed
	asked []string
}

func (s *seedsByName) get(_ context.Context, name string) (keys.Seed, error) {
	s.asked = append(s.asked, name)
	if seed, ok := s.seeds[name]; ok {
		return seed, nil
	}
	return keys.Seed{}, fault.New(fault.NotFound, "no key %s", name)
}

func parsed(t *testing.T, text string) keys.Seed {
	t.Helper()
	seed, err := keys.ParseSeed([]byte(text), keys.AnyKind)
	if err != nil {
		t.Fatal(err)
	}
	return seed
}

func store(t *testing.T) *seedsByName {
	t.Helper()
	other, err := keys.Generate(keys.User, bytes.NewReader(bytes.Repeat([]byte{7}, 32)))
	if err != nil {
		t.Fatal(err)
	}
	return &seedsByName{seeds: map[string]keys.Seed{"user": parsed(t, userSeed), "docs": parsed(t, docsSeed), "other": other}}
}

// token is the JWT that stands in the credentials file.
func token(t *testing.T, file []byte) string {
	t.Helper()
	text, err := jwt.ParseDecoratedJWT(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// folder holds a.creds and a.jwt of the test's user.
func folder(t *testing.T) (dir, jwt string) {
	t.Helper()
	dir = t.TempDir()
	creds := issued(t, nothing)
	jwt = token(t, creds)
	for name, text := range map[string][]byte{"a.creds": creds, "a.jwt": []byte(jwt + "\n"), "no.jwt": []byte(userSeed)} {
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir, jwt
}

func nothing(*jwt.UserClaims) {}

func manifest(t *testing.T, target string, connections map[wasmcloud.Purpose]lattice.Connection) lattice.Manifest {
	t.Helper()
	parsed, err := wasmcloud.ParseTarget(target)
	if err != nil {
		t.Fatal(err)
	}
	m := lattice.Manifest{Lattice: "prod", Target: parsed, Hosts: []lattice.Host{{Name: "web-1", SignsWith: "docs"}, {Name: "web-2", SignsWith: "docs"}}}
	for p, c := range connections {
		m.NATS = m.NATS.With(p, c)
	}
	return m
}

func TestLoginsComeFromWhereTheManifestSays(t *testing.T) {
	t.Parallel()
	dir, text := folder(t)
	creds := lattice.Connection{Creds: "a.creds"}
	for name, c := range map[string]struct {
		target     string
		connection lattice.Connection
		jwt, file  string
	}{
		"creds":            {"rust-0.82", creds, text, ""},
		"creds, absolute":  {"rust-0.82", lattice.Connection{Creds: filepath.Join(dir, "a.creds")}, text, ""},
		"creds at home":    {"rust-0.82", lattice.Connection{Creds: "~/a.creds"}, text, ""},
		"a path at home":   {"rust-1.3", lattice.Connection{Creds: "~/a.creds"}, "", filepath.Join(dir, "a.creds")},
		"JWT at home":      {"rust-0.82", lattice.Connection{JWT: "~/a.jwt", Seed: "user"}, text, ""},
		"creds as a path":  {"rust-1.3", creds, "", filepath.Join(dir, "a.creds")},
		"JWT in a file":    {"rust-0.82", lattice.Connection{JWT: "a.jwt", Seed: "user"}, text, ""},
		"JWT as it stands": {"rust-0.82", lattice.Connection{JWT: text, Seed: "user"}, text, ""},
		"seed alone":       {"otp", lattice.Connection{Seed: "user"}, "", ""},
	} {
		seeds := store(t)
		m := manifest(t, c.target, map[wasmcloud.Purpose]lattice.Connection{wasmcloud.RPC: c.connection, wasmcloud.Control: {Host: "nats"}})
		logins, err := NewResolver(m, files(dir, c.connection), seeds.get).Logins(t.Context(), m.Hosts[0])
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		got := logins[wasmcloud.RPC]
		if len(logins) != 1 || got.JWT() != c.jwt || got.File() != c.file {
			t.Errorf("%s: %d logins, a JWT of %d characters, the file %q", name, len(logins), len(got.JWT()), got.File())
		}
		if c.file == "" && string(got.Seed().Reveal()) != userSeed {
			t.Errorf("%s: another seed, that of %s", name, got.Seed().PublicKey())
		}
	}
}

func TestLoginsRefuseWhatNoServerLetsIn(t *testing.T) {
	t.Parallel()
	dir, text := folder(t)
	for name, c := range map[string]struct {
		connection lattice.Connection
		kind       fault.Kind
		says       string
	}{
		"another user's seed": {lattice.Connection{JWT: text, Seed: "other"}, fault.Refused, "but the JWT was issued to " + userKey},
		"a cluster seed":      {lattice.Connection{JWT: text, Seed: "docs"}, fault.Refused, "is a cluster seed, not a user's"},
		"no such key":         {lattice.Connection{JWT: text, Seed: "nobody"}, fault.NotFound, "credentials of host web-1 for rpc: no key nobody"},
		"no such file":        {lattice.Connection{JWT: "b.jwt", Seed: "user"}, fault.NotFound, "b.jwt"},
		"a seed for a JWT":    {lattice.Connection{JWT: "no.jwt", Seed: "user"}, fault.Failed, "no.jwt: this is no JWT"},
		"a JWT for creds":     {lattice.Connection{Creds: "a.jwt"}, fault.Failed, "a.jwt: this is no credentials file"},
	} {
		m := manifest(t, "rust-0.82", map[wasmcloud.Purpose]lattice.Connection{wasmcloud.RPC: c.connection})
		_, err := NewResolver(m, Files{Dir: dir, Home: dir}, store(t).get).Logins(t.Context(), m.Hosts[0])
		if fault.KindOf(err) != c.kind || !strings.Contains(err.Error(), c.says) || keys.MayHoldSeed(err.Error()+fault.HintOf(err)) {
			t.Errorf("%s: %v is %s", name, err, fault.KindOf(err))
		}
	}
}

// TestEachSecretIsFetchedOnce however many hosts and connections share it, and
// ended with the rest.
func TestEachSecretIsFetchedOnce(t *testing.T) {
	t.Parallel()
	dir, text := folder(t)
	seeds := store(t)
	m := manifest(t, "rust-0.82", map[wasmcloud.Purpose]lattice.Connection{
		wasmcloud.RPC: {JWT: text, Seed: "user"}, wasmcloud.Control: {Creds: "a.creds"},
	})
	r := NewResolver(m, Files{Dir: dir, Home: dir}, seeds.get)
	var given []keys.Seed
	for _, h := range m.Hosts {
		seed, err := r.ClusterSeed(t.Context(), h)
		if err != nil {
			t.Fatal(err)
		}
		logins, err := r.Logins(t.Context(), h)
		if err != nil {
			t.Fatal(err)
		}
		given = append(given, seed, logins[wasmcloud.RPC].Seed(), logins[wasmcloud.Control].Seed())
		if err := os.RemoveAll(filepath.Join(dir, "a.creds")); err != nil { // nobody reads it again
			t.Fatal(err)
		}
	}
	if got := strings.Join(seeds.asked, " "); got != "docs user" {
		t.Errorf("asked for %s", got)
	}
	r.Wipe()
	for i, seed := range given {
		if !seed.IsZero() {
			t.Errorf("seed %d lives on", i)
		}
	}
}

func TestClusterSeed(t *testing.T) {
	t.Parallel()
	m := manifest(t, "rust-1.3", nil)
	seed, err := NewResolver(m, Files{}, store(t).get).ClusterSeed(t.Context(), m.Hosts[0])
	if err != nil || !seed.IsZero() {
		t.Errorf("a host that ignores cluster keys is given %v, %v", seed, err)
	}
	m = manifest(t, "rust-0.82", nil)
	broken := errors.New("locked")
	_, err = NewResolver(m, Files{}, func(context.Context, string) (keys.Seed, error) { return keys.Seed{}, broken }).ClusterSeed(t.Context(), m.Hosts[0])
	if !errors.Is(err, broken) || !strings.Contains(err.Error(), "host web-1 signs with") {
		t.Errorf("got %v", err)
	}
}

// files are those of a folder: the manifest's, or the home folder where the
// connection's paths start there.
func files(dir string, c lattice.Connection) Files {
	if strings.HasPrefix(c.Creds+c.JWT, "~/") {
		return Files{Dir: "elsewhere", Home: dir}
	}
	return Files{Dir: dir, Home: "elsewhere"}
}
