package lattice

import (
	"strings"
	"testing"

	"github.com/latch-keys/latch/internal/keys"
)

// Every seed that is needed and not there is reported where the manifest names it:
// one that is lost, and one whose name holds another key.
func TestCheckSeeds(t *testing.T) {
	t.Parallel()
	d := mustDecode(t, fill(sample))
	m := d.Manifest()
	all := map[string]keys.PublicKey{}
	for _, n := range m.NeededSeeds() {
		all[n.Name] = n.PublicKey
	}
	if len(all) == 0 {
		t.Fatal("the sample needs no seed")
	}
	if found := CheckSeeds(d, "dir:k", all); len(found) != 0 {
		t.Errorf("all there: %v", found)
	}
	for name, bend := range map[string]func(map[string]keys.PublicKey, string){
		"lost":        func(stored map[string]keys.PublicKey, name string) { delete(stored, name) },
		"another key": func(stored map[string]keys.PublicKey, name string) { stored[name] = testKey(200) },
	} {
		for _, n := range m.NeededSeeds() {
			if name == "another key" && n.PublicKey.IsZero() {
				continue // of a user of NATS the manifest knows only the name
			}
			stored := map[string]keys.PublicKey{}
			for k, v := range all {
				stored[k] = v
			}
			bend(stored, n.Name)
			found := CheckSeeds(d, "dir:k", stored)
			if len(found) != 1 || found[0].Rule != RuleSeedMissing || found[0].Line < 2 || !strings.Contains(found[0].Message, n.Name+" is not in dir:k") {
				t.Errorf("%s %s: %v", n.Name, name, found)
			}
		}
	}
	unknown := map[string]keys.PublicKey{}
	for name := range all {
		unknown[name] = keys.PublicKey{}
	}
	if found := CheckSeeds(d, "dir:k", unknown); len(found) != 0 {
		t.Errorf("a store that cannot tell public keys: %v", found)
	}
}
