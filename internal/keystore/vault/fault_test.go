package vault_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/keystore/keystoretest"
	"github.com/latch-keys/latch/internal/keystore/vault/vaulttest"
)

// cutAt has the connection cut at the write of that number, before it is done or after,
// and at all that follow.
func cutAt(s *vaulttest.Server, number int32, after bool) (seen *atomic.Int32, mended func()) {
	seen = &atomic.Int32{}
	var whole atomic.Bool
	s.Before = func(_ http.ResponseWriter, r *http.Request) bool {
		if whole.Load() || r.Method == http.MethodGet || seen.Add(1) < number {
			return false
		}
		if after && seen.Load() == number {
			whole.Store(true)
			s.ServeHTTP(httptest.NewRecorder(), r)
			whole.Store(false)
		}
		panic(http.ErrAbortHandler)
	}
	return seen, func() { whole.Store(true) }
}

// A rename, a deletion and a new seed, cut short at each of their writes: the seed has
// one name or none, never two, and what is done next settles the rest.
func TestVaultCutShort(t *testing.T) {
	t.Parallel()
	for what, act := range map[string]func(in keystore.Store, a, b keys.Seed) error{
		"rename": func(in keystore.Store, a, _ keys.Seed) error {
			return in.Rename(t.Context(), "a", "z", a.PublicKey())
		},
		"delete": func(in keystore.Store, a, _ keys.Seed) error { return in.Delete(t.Context(), "a", a.PublicKey()) },
		"put":    func(in keystore.Store, _, b keys.Seed) error { return in.Put(t.Context(), "b", b) },
	} {
		for _, after := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, after %v", what, after), func(t *testing.T) {
				t.Parallel()
				cuts := 0
				for n := int32(1); cutShort(t, n, after, act); n++ {
					cuts++
				}
				if cuts < 2 {
					t.Errorf("it was cut at %d writes", cuts)
				}
			})
		}
	}
}

// cutShort does one thing, cut at a write; it reports false where there were fewer.
func cutShort(t *testing.T, number int32, after bool, act func(in keystore.Store, a, b keys.Seed) error) bool {
	t.Helper()
	s := vaulttest.Start(t)
	open := at(t, s.Environ(), "team")
	a, b := keystoretest.NewSeed(t, keys.Cluster), keystoretest.NewSeed(t, keys.Cluster)
	keystoretest.Must(t, open().Put(t.Context(), "a", a))
	seen, mended := cutAt(s, number, after)
	err := act(open(), a, b)
	mended()
	if seen.Load() < number {
		keystoretest.Must(t, err)
		return false
	}
	held := map[keys.PublicKey]string{}
	entries, listErr := open().List(t.Context())
	keystoretest.Must(t, listErr)
	for _, e := range entries {
		if other, twice := held[e.PublicKey]; twice {
			t.Errorf("cut at write %d the seed is %s and %s", number, e.Name, other)
		}
		held[e.PublicKey] = e.Name
		got, err := open().Get(t.Context(), e.Name)
		if err != nil || got.PublicKey() != e.PublicKey {
			t.Errorf("cut at write %d: %v", number, err)
		}
	}
	if _, err := keystore.Reconcile(t.Context(), open(), true); err != nil {
		t.Errorf("cut at write %d: %v", number, err)
	}
	if found, err := keystore.Reconcile(t.Context(), open(), false); err != nil || len(found) > 0 {
		t.Errorf("cut at write %d there is left %v, %v", number, found, err)
	}
	for _, e := range entries {
		keystoretest.Must(t, keystoretest.Delete(t, open(), e.Name))
	}
	for _, seed := range []keys.Seed{a, b} {
		if s.Holds(string(seed.Reveal())) {
			t.Errorf("cut at write %d, then deleted, some version still holds the seed", number)
		}
	}
	return true
}

// renamedUpTo is a vault in which the rename of a to z was cut short at one of its writes.
func renamedUpTo(t *testing.T, write int32) (s *vaulttest.Server, open func() keystore.Store, seed keys.Seed) {
	t.Helper()
	s = vaulttest.Start(t)
	open = at(t, s.Environ(), "team")
	seed = keystoretest.NewSeed(t, keys.Cluster)
	keystoretest.Must(t, open().Put(t.Context(), "a", seed))
	_, mended := cutAt(s, write, false)
	if err := open().Rename(t.Context(), "a", "z", seed.PublicKey()); err == nil {
		t.Fatal("it was not cut short")
	}
	mended()
	return s, open, seed
}

// What a rename has left does not bring a key back that is deleted next.
func TestADeletedKeyDoesNotComeBack(t *testing.T) {
	t.Parallel()
	_, open, seed := renamedUpTo(t, 4) // the mark, the new secret, its note; then the old one was to go
	keystoretest.Must(t, open().Delete(t.Context(), "z", seed.PublicKey()))
	if entries, err := open().List(t.Context()); err != nil || len(entries) > 0 {
		t.Error(entries, err)
	}
}

// A server that is busy, or hands over to another, is asked again; a write is not done twice.
func TestABusyServerIsAskedAgain(t *testing.T) {
	t.Parallel()
	s := vaulttest.Start(t)
	var asked atomic.Int32
	s.Before = func(w http.ResponseWriter, r *http.Request) bool {
		if r.Method != http.MethodGet || asked.Add(1)%2 == 0 {
			return false
		}
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = w.Write([]byte(`{"errors":["local node not active but active cluster node not found"]}`))
		return true
	}
	seed := keystoretest.NewSeed(t, keys.Cluster)
	store := at(t, s.Environ(), "team")()
	keystoretest.Must(t, store.Put(t.Context(), "a", seed))
	if got, err := store.Get(t.Context(), "a"); err != nil || got.PublicKey() != seed.PublicKey() {
		t.Error(got, err)
	}
}

// A standby sends on to the active server; whoever sends a token on to where it would
// travel in clear is not followed.
func TestVaultSendsOn(t *testing.T) {
	t.Parallel()
	active, standby := vaulttest.Start(t), vaulttest.Start(t)
	standby.Before = func(w http.ResponseWriter, r *http.Request) bool {
		http.Redirect(w, r, active.URL+r.URL.RequestURI(), http.StatusTemporaryRedirect)
		return true
	}
	seed := keystoretest.NewSeed(t, keys.Cluster)
	keystoretest.Must(t, at(t, standby.Environ(), "team")().Put(t.Context(), "a", seed))
	if got, err := at(t, active.Environ(), "team")().Get(t.Context(), "a"); err != nil || got.PublicKey() != seed.PublicKey() {
		t.Error(got, err)
	}
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, active.URL+r.URL.RequestURI(), http.StatusTemporaryRedirect)
	}))
	t.Cleanup(secure.Close)
	environ := []string{"VAULT_ADDR=" + secure.URL, "VAULT_TOKEN=" + vaulttest.RootToken, "VAULT_CACERT=" + caFile(t, secure)}
	if _, err := at(t, environ, "team")().List(t.Context()); !fault.Is(err, fault.Unavailable) || !strings.Contains(err.Error(), "where a token is not to go") {
		t.Error(err)
	}
	environ[2] = "VAULT_CACERT="
	if _, err := at(t, environ, "team")().List(t.Context()); !fault.Is(err, fault.Unavailable) || !strings.Contains(fault.HintOf(err), "VAULT_CACERT=FILE") {
		t.Error(err)
	}
}

// meanwhile has something done once, just before the server is asked for the first time
// to write that path.
func meanwhile(s *vaulttest.Server, path string, act func()) {
	var begun atomic.Bool
	s.Before = func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, path) && begun.CompareAndSwap(false, true) {
			act()
		}
		return false
	}
}

// A key is renamed while somebody else does something with it: both are told the truth,
// and the seed has one name or none.
func TestVaultRenameWhile(t *testing.T) {
	t.Parallel()
	for what, c := range map[string]struct {
		at      string // before which write of the rename
		act     func(in keystore.Store, public keys.PublicKey) error
		renamed bool   // the rename is done
		left    string // the name that the seed has
	}{
		"deleted":          {"/data/team/new", func(in keystore.Store, p keys.PublicKey) error { return in.Delete(t.Context(), "old", p) }, false, ""},
		"renamed":          {"/data/team/new", func(in keystore.Store, p keys.PublicKey) error { return in.Rename(t.Context(), "old", "two", p) }, false, "two"},
		"repaired":         {"/data/team/new", repaired(t), true, "new"},
		"repaired at last": {"/metadata/team/new", repaired(t), true, "new"},
		"deleted at last":  {"/metadata/team/new", func(in keystore.Store, p keys.PublicKey) error { return in.Delete(t.Context(), "new", p) }, true, ""},
		"old name is reused": {"/metadata/team/new", func(in keystore.Store, _ keys.PublicKey) error {
			return in.Put(t.Context(), "old", keystoretest.NewSeed(t, keys.Cluster))
		}, true, "new"},
	} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			s := vaulttest.Start(t)
			open := at(t, s.Environ(), "team")
			seed := keystoretest.NewSeed(t, keys.Cluster)
			keystoretest.Must(t, open().Put(t.Context(), "old", seed))
			var other error
			meanwhile(s, c.at, func() { other = c.act(open(), seed.PublicKey()) })
			err := open().Rename(t.Context(), "old", "new", seed.PublicKey())
			if other != nil || (err == nil) != c.renamed || err != nil && !fault.Is(err, fault.NotFound) {
				t.Errorf("the rename: %v; the other: %v", err, other)
			}
			entries, err := open().List(t.Context())
			keystoretest.Must(t, err)
			var names []string
			for _, e := range entries {
				if e.PublicKey == seed.PublicKey() {
					names = append(names, e.Name)
				}
			}
			if strings.Join(names, " ") != c.left {
				t.Errorf("the seed is called %q, not %q", names, c.left)
			}
			if c.left == "" && s.Holds(string(seed.Reveal())) {
				t.Error("it is deleted, and some version still holds the seed")
			}
		})
	}
}

func repaired(t *testing.T) func(keystore.Store, keys.PublicKey) error {
	t.Helper()
	return func(in keystore.Store, _ keys.PublicKey) error {
		_, err := keystore.Reconcile(t.Context(), in, true)
		return err
	}
}

// A seed whose old name was given away before its rename was finished is gone once it is
// deleted under its new one.
func TestVaultReusedNameHidesNoSeed(t *testing.T) {
	t.Parallel()
	s, open, seed := renamedUpTo(t, 4) // the mark, the new secret, its note; then the old one was to go
	keystoretest.Must(t, open().Put(t.Context(), "a", keystoretest.NewSeed(t, keys.Cluster)))
	keystoretest.Must(t, open().Delete(t.Context(), "z", seed.PublicKey()))
	if s.Holds(string(seed.Reveal())) {
		t.Error("it is deleted, and some version still holds the seed")
	}
}

// What the server does not let a repair do is not said to be done.
func TestVaultRepairRefused(t *testing.T) {
	t.Parallel()
	s, open, _ := renamedUpTo(t, 2)
	s.Deny("POST secret/data/team/a")
	if found, err := keystore.Reconcile(t.Context(), open(), true); err == nil {
		t.Errorf("it is said to be mended: %v", found)
	}
}
