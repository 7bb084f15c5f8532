package invocation

import (
	"fmt"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// Context is what an operator has at hand to say why a call was refused.
type Context struct {
	Manifest *lattice.Manifest // nil for none
	Issuers  []string          // the list that was asked
	Source   string            // where it came from
	// Seeds gives the seeds that may have been mistyped; nil for none at hand.
	Seeds func() []NamedSeed
}

// NamedSeed is a seed under its name in the keystore.
type NamedSeed struct {
	Name string
	Seed keys.Seed
}

// Cause says in an operator's words why the report's verdict is no, as far as
// that can be told; "" where the failed check says it all.
func (c Context) Cause(r Report) string {
	if r.First == nil || r.First.Name != checkIssuer || r.Claims == nil {
		return ""
	}
	if len(c.Issuers) == 0 {
		return fmt.Sprintf("by %s the host accepts no issuer: an OTP host without a cluster seed that works drops those that it is given", c.Source)
	}
	text := r.Claims.Issuer
	for _, listed := range c.Issuers {
		if listed != text && strings.EqualFold(strings.Trim(listed, " \t\r\n\"'"), text) {
			return fmt.Sprintf("%s lists the key as %q: hosts compare issuers as they stand, and this one matches nothing", c.Source, listed)
		}
	}
	key, err := keys.ParsePublicKey(text, keys.AnyKind)
	if err != nil {
		return "the token names an issuer that is no sound key"
	}
	if cause := c.fromManifest(key); cause != "" {
		return cause
	}
	return c.mistyped(key)
}

// fromManifest tells what the manifest knows of a key that was not listed.
func (c Context) fromManifest(key keys.PublicKey) string {
	if c.Manifest == nil {
		return ""
	}
	m := *c.Manifest
	if denial, denied := m.DenialOf(key); denied {
		return fmt.Sprintf("signed by %s, which is on the deny list: some host still signs with a compromised key", orKey(denial.Name, key))
	}
	if retired, ok := m.RetiredOf(key); ok {
		return fmt.Sprintf("signed by %s, which this rotation retires: the sender has not been restarted since", retired.Name)
	}
	issuer, ok := m.IssuerOf(key)
	if !ok {
		return ""
	}
	signers := m.SignersOf(issuer.Name)
	if m.Rotation != nil && m.Rotation.Involves(issuer.Name) {
		return fmt.Sprintf("signed by %s, an issuer of the manifest that %s does not have: that host has not been restarted since phase %s began", issuer.Name, c.Source, m.Rotation.Phase)
	}
	return fmt.Sprintf("signed by %s (%s), an issuer of the manifest that %s does not have: write that host's env file anew and restart it", issuer.Name, listOr(signers, "no host signs with it"), c.Source)
}

func orKey(name string, key keys.PublicKey) string {
	if name == "" {
		return key.String()
	}
	return name
}

func listOr(names []string, none string) string {
	if len(names) == 0 {
		return none
	}
	return "the key of " + strings.Join(names, ", ")
}

// mistyped looks for a seed that, with one slip of the hand, gives the key.
func (c Context) mistyped(key keys.PublicKey) string {
	if c.Seeds == nil {
		return ""
	}
	for _, named := range c.Seeds() {
		position, found := keys.Mistyped(named.Seed, key)
		named.Seed.Wipe()
		if found {
			return fmt.Sprintf("signed by a key one slip away from %s: a host runs on that seed with character %d mistyped, since no host checks the checksum", named.Name, position)
		}
	}
	return ""
}
