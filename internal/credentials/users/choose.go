package users

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Choice says which users are meant.
type Choice struct {
	Who    string // a host's name, or a user's public key
	For    []wasmcloud.Purpose
	Former bool // only those that no host is given any more
}

// InUse are the users that the hosts' connections log in as, by their keys: each with
// the first connection that does and whoever else shares it.
type InUse map[keys.PublicKey][]Place

// Place is a connection of a host.
type Place struct {
	Host string
	For  wasmcloud.Purpose
}

// FindInUse finds whom the connections log in as, and when those users were issued
// and expire.
func FindInUse(m lattice.Manifest, userOf func(lattice.Connection) (lattice.UserJWT, error)) (InUse, map[keys.PublicKey]lattice.UserJWT) {
	used, read := InUse{}, map[keys.PublicKey]lattice.UserJWT{}
	for _, h := range m.Hosts {
		connections, target := m.NATSOf(h), m.TargetOf(h)
		for _, p := range wasmcloud.Purposes() {
			c := connections.For(p)
			if !c.LogsIn() || p == wasmcloud.ProviderRPC && !target.ReadsProviderRPC() {
				continue
			}
			if user, err := userOf(c); err == nil && user.Text != "" {
				used[user.Subject] = append(used[user.Subject], Place{h.Name, p})
				read[user.Subject] = user
			}
		}
	}
	return used, read
}

// Choose finds the users that are meant: among those that latch has issued, and those
// that the hosts are given from elsewhere.
func Choose(m lattice.Manifest, c Choice, used InUse, read map[keys.PublicKey]lattice.UserJWT) ([]lattice.IssuedUser, error) {
	all := slices.Clone(m.NATSUsers.Issued)
	for _, r := range m.NATSUsers.Revoked { // whose revocation may be missing on a server
		if c.Former || r.PublicKey.String() == c.Who {
			all = append(all, lattice.IssuedUser{Host: r.Host, For: r.For, PublicKey: r.PublicKey, Seed: r.Seed, At: r.At, Expires: r.Expires})
		}
	}
	byText := func(a, b keys.PublicKey) int { return strings.Compare(a.String(), b.String()) }
	for _, user := range slices.SortedFunc(maps.Keys(used), byText) { // every time the same
		if !slices.ContainsFunc(all, func(i lattice.IssuedUser) bool { return i.PublicKey == user }) {
			for _, p := range used[user] {
				all = append(all, lattice.IssuedUser{Host: p.Host, For: p.For, PublicKey: user, At: read[user].Issued, Expires: read[user].Expires})
			}
		}
	}
	var chosen []lattice.IssuedUser
	for _, i := range all {
		wanted := (i.Host == c.Who || i.PublicKey.String() == c.Who) && (len(c.For) == 0 || slices.Contains(c.For, i.For))
		if wanted && (!c.Former || len(used[i.PublicKey]) == 0) && !slices.ContainsFunc(chosen, func(o lattice.IssuedUser) bool { return o.PublicKey == i.PublicKey }) {
			chosen = append(chosen, i)
		}
	}
	if len(chosen) > 0 {
		return chosen, nil
	}
	if _, host := m.Host(c.Who); !host && !slices.ContainsFunc(all, func(i lattice.IssuedUser) bool { return i.Host == c.Who }) {
		return nil, fault.Hint(m.NoHost(c.Who), "latch nats users list shows who may be revoked")
	}
	return nil, fault.New(fault.NotFound, "%s has no such user", c.Who).WithHint("latch nats users list shows who may be revoked")
}

// CheckCutOff refuses to revoke users without whom a host of the manifest cannot do
// its work. The users of a host's providers may be revoked while it goes on, if that
// is what was meant: of this host, and by naming the connection.
func CheckCutOff(c Choice, chosen []lattice.IssuedUser, used InUse) error {
	named := slices.Contains(c.For, wasmcloud.ProviderRPC)
	for _, user := range chosen {
		for _, place := range used[user.PublicKey] {
			if place.For == wasmcloud.ProviderRPC && named && place.Host == c.Who {
				continue
			}
			return fault.New(fault.Refused, "the host %s of the manifest logs in as %s for %s: it would be cut off", place.Host, user.PublicKey, place.For).
				WithHint("give it a new user first: latch nats users issue %s --renew, then deploy, then revoke with --former; or add --cut-off", place.Host)
		}
	}
	return nil
}

// Revoking gives the manifest in which the users are revoked, and their revocations.
// issued is when their JWTs were made, by their issuer's clock.
func Revoking(m lattice.Manifest, chosen []lattice.IssuedUser, issued map[keys.PublicKey]lattice.UserJWT, now time.Time) (lattice.Manifest, []lattice.RevokedUser) {
	m = m.Clone()
	var fresh []lattice.RevokedUser
	for _, user := range chosen {
		last := user.At
		if read := issued[user.PublicKey].Issued; read.After(last) {
			last = read
		}
		r := lattice.RevokedUser{PublicKey: user.PublicKey, Host: user.Host, For: user.For, Seed: user.Seed, At: revokeAt(now, last), Expires: user.Expires}
		fresh = append(fresh, r)
		if i := slices.IndexFunc(m.NATSUsers.Revoked, func(o lattice.RevokedUser) bool { return o.PublicKey == r.PublicKey }); i >= 0 {
			m.NATSUsers.Revoked[i] = r
		} else {
			m.NATSUsers.Revoked = append(m.NATSUsers.Revoked, r)
		}
		m.NATSUsers.Issued = slices.DeleteFunc(m.NATSUsers.Issued, func(i lattice.IssuedUser) bool { return i.PublicKey == r.PublicKey })
	}
	return m, fresh
}

// Expired are the revocations of the manifest whose users no server lets in anyway.
func Expired(u lattice.NATSUsers, now time.Time) []lattice.RevokedUser {
	kept := u.Current(now).Revoked
	return slices.DeleteFunc(slices.Clone(u.Revoked), func(r lattice.RevokedUser) bool { return slices.Contains(kept, r) })
}
