package lattice

import (
	"slices"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/yamledit"
)

// RuleSeedMissing is about a seed that a manifest needs and its keystore lacks.
const RuleSeedMissing Rule = "seed_missing"

// MissingSeeds are the needed seeds that a keystore lacks, or has another key in the
// place of. stored are its keys by name, the zero key where it cannot tell.
func (m Manifest) MissingSeeds(stored map[string]keys.PublicKey) []NeededSeed {
	return slices.DeleteFunc(m.NeededSeeds(), func(n NeededSeed) bool {
		key, there := stored[n.Name]
		return there && (key.IsZero() || n.PublicKey.IsZero() || key == n.PublicKey)
	})
}

// CheckSeeds reports the seeds that the manifest needs and its keystore lacks.
func CheckSeeds(d *Document, keystore string, stored map[string]keys.PublicKey) []Finding {
	c := &checker{}
	for _, n := range d.manifest.MissingSeeds(stored) {
		c.report(d, d.placeOf(n), SeverityError, RuleSeedMissing, "bring the seed back: latch keys import --name "+n.Name,
			"the seed of %s is not in %s: %s", n.Name, keystore, n.Use)
	}
	SortFindings(c.found)
	return c.found
}

// placeOf is where the manifest names the key.
func (d *Document) placeOf(n NeededSeed) *yamledit.Node {
	if i := slices.IndexFunc(d.manifest.Issuers, func(is Issuer) bool { return is.Name == n.Name }); i >= 0 {
		return d.item("issuers", i, "name")
	}
	if n.Use.Kind == UseLogsIn {
		return d.place("nats")
	}
	return d.place("rotation")
}
