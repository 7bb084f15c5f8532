package users

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// InUse are the users that the hosts' connections log in as.
type InUse struct {
	places map[keys.PublicKey][]place // who logs in as a user, and whoever else shares it
	jwts   map[keys.PublicKey]span    // of the users whose JWTs can be read
	unread []unread
}

// place is a connection of a host.
type place struct {
	host    string
	purpose wasmcloud.Purpose
}

// span is when the JWTs of one user were issued and expire, as if they were one: the
// latest of each. expires is zero where one of them never does.
type span struct{ issued, expires time.Time }

// unread is a connection whose user is known neither by its JWT nor by its seed's name.
type unread struct {
	place
	seed string // its name in the keystore, "" where it stands in the file that cannot be read
	err  error
}

// FindInUse finds whom the connections log in as: by the JWTs, and by the names of the
// seeds of users that latch has issued, since a JWT need not be at hand.
func FindInUse(m lattice.Manifest, userOf func(lattice.Connection) (lattice.UserJWT, error)) InUse {
	used := newInUse()
	for _, h := range m.Hosts {
		connections, target := m.NATSOf(h), m.TargetOf(h)
		for _, p := range wasmcloud.Purposes() {
			c := connections.For(p)
			if !c.LogsIn() || p == wasmcloud.ProviderRPC && !target.ReadsProviderRPC() {
				continue
			}
			user, err := userOf(c)
			used.add(m.NATSUsers, place{h.Name, p}, c, user, err)
		}
	}
	return used
}

func newInUse() InUse {
	return InUse{places: map[keys.PublicKey][]place{}, jwts: map[keys.PublicKey]span{}}
}

// add notes a connection, and the user in its JWT or why that cannot be read.
func (u *InUse) add(known lattice.NATSUsers, at place, c lattice.Connection, user lattice.UserJWT, err error) {
	var who []keys.PublicKey
	if err == nil && user.Text != "" {
		who = append(who, user.Subject)
		u.read(user)
	}
	for _, i := range bySeed(known, c.Seed) {
		if !slices.Contains(who, i.PublicKey) {
			who = append(who, i.PublicKey)
		}
	}
	for _, key := range who {
		u.places[key] = append(u.places[key], at)
	}
	if err != nil && len(who) == 0 {
		u.unread = append(u.unread, unread{at, c.Seed, err})
	}
}

// read notes a JWT: nsc may issue a user more than one.
func (u *InUse) read(user lattice.UserJWT) {
	all, before := u.jwts[user.Subject]
	if !before {
		all = span{user.Issued, user.Expires}
	}
	if user.Issued.After(all.issued) {
		all.issued = user.Issued
	}
	all.expires = laterEnd(all.expires, user.Expires)
	u.jwts[user.Subject] = all
}

// laterEnd is the later end of two lives, zero where one of them has none.
func laterEnd(a, b time.Time) time.Time {
	if a.IsZero() || b.IsZero() {
		return time.Time{}
	}
	if b.After(a) {
		return b
	}
	return a
}

// Has reports whether a host is known to log in as the user.
func (u InUse) Has(user keys.PublicKey) bool { return len(u.places[user]) > 0 }

// users are all of them, in one order.
func (u InUse) users() []keys.PublicKey {
	return slices.SortedFunc(maps.Keys(u.places), func(a, b keys.PublicKey) int { return strings.Compare(a.String(), b.String()) })
}

// mayBe reports whether the connection may log in as the user, for all that can be
// read. Seeds of two names are of two users, and whom latch has issued is its host's.
func (c unread) mayBe(user lattice.IssuedUser) bool {
	return user.Seed == "" || c.seed == "" && c.host == user.Host
}

// bySeed are the users that latch has issued with the seed of that name, be they revoked
// since.
func bySeed(known lattice.NATSUsers, seed string) []lattice.IssuedUser {
	if seed == "" {
		return nil
	}
	var all []lattice.IssuedUser
	for _, i := range known.Issued {
		if i.Seed == seed {
			all = append(all, i)
		}
	}
	for _, r := range known.Revoked {
		if r.Seed == seed {
			all = append(all, issuedOnce(r))
		}
	}
	return all
}

// issuedOnce is the user before it was revoked.
func issuedOnce(r lattice.RevokedUser) lattice.IssuedUser {
	return lattice.IssuedUser{Host: r.Host, For: r.For, PublicKey: r.PublicKey, Seed: r.Seed, At: r.At, Expires: r.Expires}
}
