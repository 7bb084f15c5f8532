package issuerscmd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/listflag"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
)

// newKeys are the keys that a step brings in: made and stored by it, or made elsewhere
// and given by their public keys.
type newKeys struct {
	words []string // NAME=PUBLIC-KEY
	again string   // the command, for what is to be typed
}

func (n *newKeys) register(c *cobra.Command) {
	listflag.Add(c.Flags(), &n.words, "new", "use this key, made and stored elsewhere, as NAME=PUBLIC-KEY")
}

// given are the public keys by their names.
func (n *newKeys) given() (map[string]keys.PublicKey, error) {
	given := map[string]keys.PublicKey{}
	for _, word := range n.words {
		name, text, found := strings.Cut(word, "=")
		if err := lattice.CheckName(name); err != nil || !found {
			return nil, fault.New(fault.Usage, "--new needs a name and a public key, as in prod-cluster.2=CDMT…").Because(err).
				WithHint("latch keys gen cluster makes a key")
		}
		key, err := keys.ParsePublicKey(text, keys.Cluster)
		if err != nil {
			return nil, fault.New(fault.Usage, "hosts do not accept the public key given for %s", name).Because(err).
				WithHint("latch keys gen cluster makes a key")
		}
		if _, twice := given[name]; twice {
			return nil, fault.New(fault.Usage, "--new names %s twice", name).WithHint("latch issuers rotate start --help")
		}
		given[name] = key
	}
	return given, nil
}

// issuers makes the keys of these names, in memory, or takes those that are given: all
// of them, and no other.
func (a verbs) issuers(names []string, n newKeys, fresh *app.FreshKeys) ([]lattice.Issuer, error) {
	given, err := n.given()
	if err != nil {
		return nil, err
	}
	if len(given) == 0 {
		return a.makeIssuers(names, n, fresh)
	}
	var issuers []lattice.Issuer
	for _, name := range names {
		key, named := given[name]
		if !named {
			return nil, fault.New(fault.Usage, "the new key %s is not given", name).WithHint("%s", a.again(n, names))
		}
		delete(given, name)
		issuer := lattice.Issuer{Name: name, PublicKey: key, Created: a.Sys.Now().UTC().Truncate(time.Second)}
		if err := a.checkPublished(issuer); err != nil {
			return nil, err
		}
		issuers = append(issuers, issuer)
	}
	for name := range given {
		return nil, fault.New(fault.Usage, "there is no new key named %s", name).WithHint("%s", a.again(n, names))
	}
	return issuers, nil
}

// makeIssuers makes the keys. It refuses where they could not be stored, and says how
// to go about it.
func (a verbs) makeIssuers(names []string, n newKeys, fresh *app.FreshKeys) ([]lattice.Issuer, error) {
	store, err := a.Keystore()
	if err != nil {
		return nil, err
	}
	if err := app.CheckStores(store, names, a.again(n, names)); err != nil {
		return nil, err
	}
	var issuers []lattice.Issuer
	for _, name := range names {
		issuer, err := a.FreshIssuer(fresh, name)
		if err != nil {
			return nil, err
		}
		issuers = append(issuers, issuer)
	}
	return issuers, nil
}

// again is the command with a key given for each name.
func (a verbs) again(n newKeys, names []string) string {
	words := rotation.Guide{Flags: a.FlagsInUse()}.Command(n.again)
	for _, name := range names {
		words += fmt.Sprintf(" --new %s=PUBLIC-KEY", name)
	}
	return words
}

// newNames are those of the successions' new keys, each once.
func newNames(successions []lattice.Succession) []string {
	var names []string
	for _, s := range successions {
		if !slices.Contains(names, s.New) {
			names = append(names, s.New)
		}
	}
	return names
}

// takenNames knows the names that a new key cannot have: those in the manifest, and
// those in the keystore, whatever lies under them. A key that is given is not stored.
func (a verbs) takenNames(ctx context.Context, m lattice.Manifest, n newKeys) (func(string) bool, error) {
	taken := map[string]bool{}
	take := func(name string) { taken[strings.ToLower(name)] = true }
	for _, is := range m.Issuers {
		take(is.Name)
	}
	for _, d := range m.Denied {
		take(d.Name)
	}
	isTaken := func(name string) bool { return taken[strings.ToLower(name)] }
	if len(n.words) > 0 {
		return isTaken, nil
	}
	store, err := a.Keystore()
	if err != nil || keystore.HandedIn(store) { // where nothing is stored
		return isTaken, err
	}
	entries, err := store.List(ctx)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // a folder that is not there yet will be made
		return nil, err
	}
	for _, e := range entries {
		take(e.Name)
	}
	return isTaken, nil
}
