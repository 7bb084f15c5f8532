package users

import (
	"fmt"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// Standing is what there is of one connection's user.
type Standing struct {
	Host     string
	For      wasmcloud.Purpose
	Target   wasmcloud.Target
	User     lattice.UserJWT // zero where there is none that can be read
	SeedName string          // of the user's seed in the keystore
	Needs    permissions.Set
	Need     Need // why it is to be issued anew
}

// Look says what there is of each connection of the hosts, all of them where none is
// named. userOf reads the user that a connection logs in as, stored are the keys of
// the keystore by their names; where it is nil, seeds are not looked for.
func (n Needs) Look(m lattice.Manifest, hosts []string, scoped bool, userOf func(lattice.Connection) (lattice.UserJWT, error), stored map[string]keys.PublicKey) ([]Standing, error) {
	for _, name := range hosts {
		if _, known := m.Host(name); !known {
			return nil, m.NoHost(name)
		}
	}
	var all []Standing
	memo := permissions.Memo{}
	for _, h := range m.Hosts {
		if len(hosts) > 0 && !slices.Contains(hosts, h.Name) {
			continue
		}
		setup, connections := credentials.SetupOf(m, h), m.NATSOf(h)
		for _, p := range wasmcloud.Purposes() {
			if p == wasmcloud.ProviderRPC && !setup.Target.ReadsProviderRPC() {
				continue
			}
			set, err := memo.Needs(setup, p.Role())
			if err != nil {
				return nil, err
			}
			c := connections.For(p)
			s := Standing{Host: h.Name, For: p, Target: setup.Target, SeedName: c.Seed, Needs: set}
			if c.LogsIn() {
				s.User, _ = userOf(c)
			}
			seed := stored[c.Seed]
			if stored == nil || c.Creds != "" { // a credentials file holds the seed
				seed = s.User.Subject
			}
			s.Need = n.Of(s.User, seed, set, scoped)
			all = append(all, s)
		}
	}
	return all, nil
}

// Issued is a user that was issued for a connection.
type Issued struct {
	Standing
	Seed    keys.Seed
	Name    string // of the seed in the keystore, and of the file with the JWT
	JWT     string
	At      time.Time
	Expires time.Time
}

// Folder is where the JWTs of users lie, beside the manifest.
const Folder = "nats"

// File is the name of the JWT's file in Folder.
func (i Issued) File() string { return i.Name + ".jwt" }

// JWTFile is where the JWT of a user lies whose seed has that name, as the manifest
// names it.
func JWTFile(seed string) string { return Folder + "/" + seed + ".jwt" }

// longestName is how long the name of a key may be.
const longestName = 63

// SeedName names the seed of a user so that it is known by its name what it is for.
// taken are the names that are in use.
func SeedName(lattice, host string, p wasmcloud.Purpose, generation uint64, taken func(string) bool) string {
	tail := fmt.Sprintf("-%s.%d", p, generation)
	head := lattice + "-" + host
	for n := 1; ; n++ {
		end := tail
		if n > 1 {
			end += fmt.Sprintf("-%d", n)
		}
		name := head[:min(len(head), longestName-len(end))] + end
		if !taken(name) {
			return name
		}
	}
}

// Take gives the manifest in which the connections log in as the users.
func Take(m lattice.Manifest, all []Issued) lattice.Manifest {
	m = m.Clone()
	index := make(map[string]int, len(m.Hosts))
	for i, h := range m.Hosts {
		index[h.Name] = i
	}
	for _, one := range all {
		h := &m.Hosts[index[one.Host]]
		c := h.NATS.For(one.For)
		c.JWT, c.Seed, c.Creds = JWTFile(one.Name), one.Name, ""
		h.NATS = h.NATS.With(one.For, c)
		m.NATSUsers.Issued = append(m.NATSUsers.Issued, lattice.IssuedUser{
			Host: one.Host, For: one.For, PublicKey: one.Seed.PublicKey(), Seed: one.Name, At: one.At, Expires: one.Expires,
		})
	}
	return m
}
