package env

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// fataler is what *testing.T and *rapid.T have in common.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Seeds that the wasmCloud docs and tests publish; nobody's secret.
const (
	docsSeed  = "SCABNLVRXGEJEG5FBBPMMKMMY37FNKVLDY6YXHVL6WA4IRBEYD6ACIQKV4"
	docsKey   = "CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMYMD"
	testsSeed = "SCAIYCZTW775GJYX3MVWLURALVC3PULW43PTEKGH72JBMA3A7LOLGLQ2JA"
	testsKey  = "CAQQHYABXBPDBZIGDZIT7E73HW66RPCFC3GGLQKSDDTVWUVOYZBYHUND"
	hostSeed  = "SNAAGG2LW2FP2JTXDTLQNB4EOHQDHQR2Y75PYAVOCYUPGHUK24WA3RSZYI"
)

// A NATS user made for the tests, and a JWT for it.
const (
	userSeed = "SUAASCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEQSCIJBEEQSCKHGM"
	userKey  = "UD6ROJBYLKQMOW3E7N4M2YBPUHMZD7PL65VRHRMO24BOVSBV5H3BRDGR"
	userJWT  = "eyJ0eXAiOiJKV1QiLCJhbGciOiJlZDI1NTE5LW5rZXkifQ.eyJqdGkiOiJXUUkyRUdKVEJXTVlNVTNCUzY0T1pBVVFNTEU1TUpPTFdKSVYzM0hBM1FLNERMQ0ozSFNRIiwiaWF0IjoxNzk1NjgwNDEwLCJpc3MiOiJBQ0ZJUlk2NU9RRTdERlA1S0xOUzJQRjJMVlpNVVpZSlg0T1pJRVEzNk4ySVFBTlVCNVhWWVlPVSIsIm5hbWUiOiJ3ZWIiLCJzdWIiOiJVRDZST0pCWUxLUU1PVzNFN040TTJZQlBVSE1aRDdQTDY1VlJIUk1PMjRCT1ZTQlY1SDNCUkRHUiIsIm5hdHMiOnsicHViIjp7fSwic3ViIjp7fSwic3VicyI6LTEsImRhdGEiOi0xLCJwYXlsb2FkIjotMSwidHlwZSI6InVzZXIiLCJ2ZXJzaW9uIjoyfX0.cVrB-vaYFSqrqPdsg7PPhogtmMDj-m4FAeegn9kAF47NrhVSVfHJNy8iNOZc-gFKQzt7djIHbKcmCUtG6X_YDw"
)

func parseSeed(t *testing.T, text string) keys.Seed {
	t.Helper()
	return mustParse(t, text)
}

func mustParse(t fataler, text string) keys.Seed {
	t.Helper()
	seed, err := keys.ParseSeed([]byte(text), keys.AnyKind)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return seed
}

// dialect is the row of that name.
func dialect(name string) Dialect {
	d, err := ParseDialect(name)
	if err != nil {
		panic(err)
	}
	return d
}

func parseTarget(t *testing.T, name string) wasmcloud.Target {
	t.Helper()
	target, err := wasmcloud.ParseTarget(name)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// twoKeys is a lattice of two hosts that sign with keys of their own.
func twoKeys(t *testing.T, target string) lattice.Manifest {
	t.Helper()
	return lattice.Manifest{
		Lattice: "prod",
		Target:  parseTarget(t, target),
		Issuers: []lattice.Issuer{
			{Name: "tests", PublicKey: parseSeed(t, testsSeed).PublicKey()},
			{Name: "docs", PublicKey: parseSeed(t, docsSeed).PublicKey()},
		},
		Hosts:      []lattice.Host{{Name: "web-1", SignsWith: "docs"}, {Name: "web-2", SignsWith: "tests"}},
		Generation: 7,
	}
}

// web1 and web2 are the environments of the two hosts of twoKeys.
func web1(t *testing.T, target string) Environment {
	t.Helper()
	return mustFor(t, twoKeys(t, target), "web-1", parseSeed(t, docsSeed))
}

func web2(t *testing.T, target string) Environment {
	t.Helper()
	return mustFor(t, twoKeys(t, target), "web-2", parseSeed(t, testsSeed))
}

// connected is twoKeys with everything that hosts of the target can be told.
func connected(t *testing.T, target string) lattice.Manifest {
	t.Helper()
	m := twoKeys(t, target)
	pair := lattice.Connection{Host: "nats.example.com", Port: 4223, JWT: userJWT, Seed: "rpc"}
	m.NATS = lattice.NATS{JetStreamDomain: "hub"}.With(wasmcloud.RPC, pair).With(wasmcloud.Control, lattice.Connection{Creds: "ctl.creds"})
	if m.Target.ReadsProviderRPC() {
		m.NATS = m.NATS.With(wasmcloud.ProviderRPC, pair)
	}
	m.Hosts[0].Env = []lattice.Variable{{Name: "WASMCLOUD_PROV_SHUTDOWN_DELAY_MS", Value: "500"}}
	return m
}

// withTLS turns it on for invocations, off for control.
func withTLS(m lattice.Manifest) lattice.Manifest {
	for p, position := range map[wasmcloud.Purpose]lattice.Switch{wasmcloud.RPC: lattice.On, wasmcloud.Control: lattice.Off, wasmcloud.ProviderRPC: lattice.On} {
		if c := m.NATS.For(p); !c.IsZero() {
			c.TLS = position
			m.NATS = m.NATS.With(p, c)
		}
	}
	return m
}

// loggedIn has the test's user for every connection of web-1.
func loggedIn(t fataler, m lattice.Manifest) credentials.Logins {
	t.Helper()
	return userOf(t, m, m.Hosts[0])
}

// userOf has the test's user for every connection of the host.
func userOf(t fataler, m lattice.Manifest, h lattice.Host) credentials.Logins {
	t.Helper()
	user, err := credentials.User(mustParse(t, userSeed), userJWT)
	if err != nil {
		t.Fatalf("%v", err)
	}
	logins := credentials.Logins{}
	for _, p := range wasmcloud.Purposes() {
		logins[p] = user
		if m.NATSOf(h).For(p).Creds != "" && m.TargetOf(h).ReadsCredsFiles() {
			logins[p] = credentials.File("/etc/wasmcloud/nats.creds")
		}
	}
	return logins
}

// builder takes the seeds that the docs and tests publish for any others.
func builder(m lattice.Manifest) *Builder {
	b := NewBuilder(m)
	b.published = func(keys.PublicKey) (wasmcloud.PublishedKey, bool) { return wasmcloud.PublishedKey{}, false }
	return b
}

func mustFor(t fataler, m lattice.Manifest, host string, seed keys.Seed) Environment {
	t.Helper()
	return mustLogIn(t, m, host, seed, nil)
}

func mustLogIn(t fataler, m lattice.Manifest, host string, seed keys.Seed, logins credentials.Logins) Environment {
	t.Helper()
	e, err := builder(m).For(host, seed, logins)
	if err != nil {
		t.Fatalf("%v", err)
	}
	return e
}

// values are what every reader has to find.
func values(e Environment) map[string]string {
	found := make(map[string]string)
	for _, a := range e.Assignments {
		value, err := a.Value(Revealed)
		if err != nil {
			panic(err)
		}
		found[a.Name] = string(value)
	}
	return found
}

// plainly is an environment of nothing but one plain value. No seed is derived for
// it: many are made.
func plainly(t *testing.T, name, value string) Environment {
	t.Helper()
	key, err := keys.ParsePublicKey(docsKey, keys.Cluster)
	if err != nil {
		t.Fatal(err)
	}
	return Environment{
		Lattice: "prod", Host: "web-1", Target: parseTarget(t, "otp"), Generation: 7, PublicKey: key,
		Assignments: []Assignment{{Name: name, plain: value}},
	}
}

// anyEnvironments draws a manifest and gives the environments of all its hosts.
func anyEnvironments() *rapid.Generator[[]Environment] {
	return rapid.Custom(func(t *rapid.T) []Environment {
		targets := wasmcloud.AllTargets()
		m := lattice.Manifest{
			Lattice:    rapid.StringMatching(`[A-Za-z0-9_-]{1,40}`).Draw(t, "lattice"),
			Target:     rapid.SampledFrom(targets).Draw(t, "target"),
			Generation: rapid.Uint64().Draw(t, "generation"),
		}
		seeds := make(map[string]keys.Seed)
		for i := range rapid.IntRange(1, 6).Draw(t, "issuers") {
			random := rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "random") // once in 32,768 times hosts could not read the pair
			seed, err := keys.Generate(keys.Cluster, bytes.NewReader(append(random, bytes.Repeat([]byte{7}, 32)...)))
			if err != nil {
				t.Fatal(err)
			}
			name := fmt.Sprintf("key-%d", i)
			seeds[name] = seed
			m.Issuers = append(m.Issuers, lattice.Issuer{Name: name, PublicKey: seed.PublicKey()})
		}
		for i := range rapid.IntRange(1, 4).Draw(t, "hosts") {
			h := lattice.Host{
				Name:      fmt.Sprintf("%s-%d", rapid.StringMatching(`[A-Za-z0-9][A-Za-z0-9._-]{0,20}`).Draw(t, "host"), i),
				SignsWith: rapid.SampledFrom(m.Issuers).Draw(t, "signs with").Name,
			}
			if rapid.Bool().Draw(t, "own target") {
				h.Target = rapid.SampledFrom(targets).Draw(t, "host's target")
			}
			if rapid.Bool().Draw(t, "own env") {
				h.Env = []lattice.Variable{{Name: "OWN", Value: rapid.StringMatching(`[A-Za-z0-9._/@%+,-][A-Za-z0-9._/@%+=,-]{0,20}`).Draw(t, "value")}}
			}
			h.NATS = anyNATS(t, m.TargetOf(h))
			m.Hosts = append(m.Hosts, h)
		}
		var all []Environment
		for _, h := range m.Hosts {
			all = append(all, mustLogIn(t, m, h.Name, seeds[h.SignsWith], userOf(t, m, h)))
		}
		return all
	})
}

// anyNATS draws settings that hosts of the target can do.
func anyNATS(t *rapid.T, target wasmcloud.Target) lattice.NATS {
	n := lattice.NATS{JetStreamDomain: rapid.SampledFrom([]string{"", "hub"}).Draw(t, "domain")}
	for _, p := range wasmcloud.Purposes() {
		c := lattice.Connection{
			Host: rapid.SampledFrom([]string{"", "127.0.0.1", "nats.example.com"}).Draw(t, "server"),
			Port: rapid.Uint16().Draw(t, "port"),
			TLS:  rapid.SampledFrom([]lattice.Switch{lattice.Unset, lattice.Off, lattice.On}).Draw(t, "tls"),
		}
		switch rapid.IntRange(0, 3).Draw(t, "user") {
		case 1:
			c.Creds = "a.creds"
		case 2:
			c.JWT, c.Seed = userJWT, "user"
		}
		if p != wasmcloud.ProviderRPC || target.ReadsProviderRPC() {
			n = n.With(p, c)
		}
	}
	return n
}

// hint is an error's remedy.
func hint(err error) string {
	return fault.HintOf(err)
}

func holdsSecret(text string) bool {
	for _, seed := range []string{docsSeed, testsSeed, hostSeed, userSeed} {
		if strings.Contains(text, seed) || strings.Contains(strings.ToLower(text), fmt.Sprintf("%x", seed)) {
			return true
		}
	}
	return false
}
