package lattice

import (
	"fmt"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// UseKind says what a manifest uses a key for.
type UseKind string

// The uses of a key, the most pressing first. The values are stable: scripts match
// them in JSON output.
const (
	UseSigns    UseKind = "signs"    // hosts sign with it
	UseLogsIn   UseKind = "logs_in"  // hosts log in to NATS with it
	UseIssues   UseKind = "issues"   // the hosts' NATS users, or their account, are signed with it
	UseRetired  UseKind = "retired"  // a rotation has retired it, and needs it for the way back
	UseRotation UseKind = "rotation" // a rotation under way brings it in or gives it up
	UseIssuer   UseKind = "issuer"   // every host accepts it
	UseDenied   UseKind = "denied"   // it is on the deny list
)

// Use is one use of a key.
type Use struct {
	Kind  UseKind
	Name  string   // what the manifest calls the key; may be empty for a denied one
	Hosts []string // whose environment needs the seed
}

// usesOf finds every use of a key, the most pressing first. Cluster keys are known
// by the public key, users of NATS by the name of their seed in the keystore.
func (m Manifest) usesOf(name string, key keys.PublicKey) []Use {
	var uses []Use
	is, isIssuer := m.IssuerOf(key)
	if isIssuer {
		if hosts := m.SignersOf(is.Name); len(hosts) > 0 {
			uses = append(uses, Use{UseSigns, is.Name, hosts})
		}
	}
	if hosts, used := m.natsUsers().hosts[name]; used {
		uses = append(uses, Use{UseLogsIn, name, hosts})
	}
	if name != "" && (name == m.NATSUsers.Signer || name == m.NATSUsers.Operator) {
		uses = append(uses, Use{Kind: UseIssues, Name: name})
	}
	if retired, ok := m.RetiredOf(key); ok {
		uses = append(uses, Use{Kind: UseRetired, Name: retired.Name})
	}
	if isIssuer && m.Rotation != nil && m.Rotation.Involves(is.Name) {
		uses = append(uses, Use{Kind: UseRotation, Name: is.Name})
	}
	if isIssuer {
		uses = append(uses, Use{Kind: UseIssuer, Name: is.Name})
	}
	if d, ok := m.DenialOf(key); ok {
		uses = append(uses, Use{Kind: UseDenied, Name: d.Name})
	}
	return uses
}

// NeededSeeds are the seeds without which some host's environment cannot be
// written, now or on the way back of a rotation: each once, under the name that
// the keystore has it by. A key of hosts that log in to NATS has no public key
// here, since the manifest does not name it.
func (m Manifest) NeededSeeds() []NeededSeed {
	var needed []NeededSeed
	signers := m.Signers()
	for _, is := range m.Issuers {
		if hosts := signers[is.Name]; len(hosts) > 0 {
			needed = append(needed, NeededSeed{is.Name, is.PublicKey, Use{UseSigns, is.Name, hosts}})
		}
	}
	if m.Rotation != nil {
		for _, is := range m.Issuers {
			if len(signers[is.Name]) == 0 && m.Rotation.Involves(is.Name) {
				needed = append(needed, NeededSeed{is.Name, is.PublicKey, Use{Kind: UseRotation, Name: is.Name}})
			}
		}
		for _, is := range m.Rotation.Retired {
			if !m.Rotation.Emergency {
				needed = append(needed, NeededSeed{is.Name, is.PublicKey, Use{Kind: UseRetired, Name: is.Name}})
			}
		}
	}
	users := m.natsUsers()
	for _, name := range users.names {
		needed = append(needed, NeededSeed{Name: name, Use: Use{UseLogsIn, name, users.hosts[name]}})
	}
	return needed
}

// NeededSeed is a seed that must be in the keystore.
type NeededSeed struct {
	Name      string
	PublicKey keys.PublicKey // zero for a user of NATS
	Use       Use
}

// natsUsers are the names of the seeds that hosts log in to NATS with, in the
// order in which they first stand, each with those hosts.
type natsUsers struct {
	names []string
	hosts map[string][]string
}

// natsUsers counts also what the manifest sets for all hosts where each has a
// user of its own: a host that is added will need it.
func (m Manifest) natsUsers() natsUsers {
	users := natsUsers{hosts: map[string][]string{}}
	users.add(m.NATS, "")
	for _, h := range m.Hosts {
		users.add(m.NATSOf(h), h.Name)
	}
	return users
}

func (u *natsUsers) add(n NATS, host string) {
	for _, p := range wasmcloud.Purposes() {
		seed := n.For(p).Seed
		if seed == "" {
			continue
		}
		hosts, known := u.hosts[seed]
		if !known {
			u.names = append(u.names, seed)
			u.hosts[seed] = []string{}
		}
		if host != "" && !slices.Contains(hosts[max(len(hosts)-1, 0):], host) {
			u.hosts[seed] = append(hosts, host)
		}
	}
}

// NeedsOf are the uses of a key that must not lose its seed, the most pressing
// first: all but that of a key which is denied, and that of one which an emergency
// has retired, since no way leads back to it.
func (m Manifest) NeedsOf(name string, key keys.PublicKey) []Use {
	return slices.DeleteFunc(m.usesOf(name, key), func(u Use) bool {
		return u.Kind == UseDenied || u.Kind == UseRetired && m.Rotation.Emergency
	})
}

// mostNamed is how many hosts a sentence names.
const mostNamed = 20

// String says what the key is used for, and what that makes of the loss of its
// seed.
func (u Use) String() string {
	const unwritable = ": no env file can be written for %s without the seed"
	them := "them"
	if len(u.Hosts) == 1 {
		them = "it"
	}
	switch u.Kind {
	case UseSigns:
		return fmt.Sprintf("%s with the key %s"+unwritable, u.subject("sign"), u.Name, them)
	case UseLogsIn:
		if len(u.Hosts) == 0 {
			return fmt.Sprintf("every host that is added logs in to NATS with the key %s", u.Name)
		}
		return fmt.Sprintf("%s in to NATS with the key %s"+unwritable, u.subject("log"), u.Name, them)
	case UseIssues:
		return fmt.Sprintf("the NATS users of its hosts are issued and revoked with the key %s", u.Name)
	case UseRetired:
		return fmt.Sprintf("the rotation under way has retired the key %s, and needs the seed on its way back", u.Name)
	case UseRotation:
		return fmt.Sprintf("the rotation under way is about the key %s", u.Name)
	case UseIssuer:
		return fmt.Sprintf("it has the key as issuer %s, which a host may be made to sign with", u.Name)
	case UseDenied:
		return "the key is on its deny list"
	}
	return "it uses the key " + u.Name
}

// subject names the hosts, and what they do: "the host a signs", "the hosts a, b and
// c sign".
func (u Use) subject(verb string) string {
	n := len(u.Hosts)
	switch {
	case n == 1:
		return "the host " + u.Hosts[0] + " " + verb + "s"
	case n > mostNamed:
		return fmt.Sprintf("the hosts %s and %d more %s", strings.Join(u.Hosts[:mostNamed], ", "), n-mostNamed, verb)
	}
	return "the hosts " + strings.Join(u.Hosts[:n-1], ", ") + " and " + u.Hosts[n-1] + " " + verb
}
