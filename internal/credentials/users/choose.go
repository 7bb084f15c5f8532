package users

import (
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// Choice says which users are meant.
type Choice struct {
	Who    string // a host's name, or a user's public key
	For    []wasmcloud.Purpose
	Former bool // only those that no host is given any more
}

// Choose finds the users that are meant: among those that latch has issued, and those
// that the hosts are given from elsewhere.
func Choose(m lattice.Manifest, c Choice, used InUse) ([]lattice.IssuedUser, error) {
	all := slices.Clone(m.NATSUsers.Issued)
	for _, r := range m.NATSUsers.Revoked { // whose revocation may be missing on a server
		if c.Former || r.PublicKey.String() == c.Who {
			all = append(all, issuedOnce(r))
		}
	}
	for _, user := range used.users() {
		if !slices.ContainsFunc(all, func(i lattice.IssuedUser) bool { return i.PublicKey == user }) {
			revoked, _ := m.NATSUsers.RevocationOf(user)
			for _, at := range used.places[user] { // from elsewhere without an end: it may have JWTs that are not at hand
				all = append(all, lattice.IssuedUser{Host: at.host, For: at.purpose, PublicKey: user, Seed: revoked.Seed, At: used.jwts[user].issued, Expires: revoked.Expires})
			}
		}
	}
	var chosen []lattice.IssuedUser
	for _, i := range all {
		wanted := (i.Host == c.Who || i.PublicKey.String() == c.Who) && (len(c.For) == 0 || slices.Contains(c.For, i.For))
		if wanted && (!c.Former || !used.Has(i.PublicKey)) && !slices.ContainsFunc(chosen, func(o lattice.IssuedUser) bool { return o.PublicKey == i.PublicKey }) {
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
// its work, or may not. The users of a host's providers may be revoked while it goes
// on, if that is what was meant: of this host, and by naming the connection.
func CheckCutOff(c Choice, chosen []lattice.IssuedUser, used InUse) error {
	meant := func(at place) bool {
		return at.purpose == wasmcloud.ProviderRPC && at.host == c.Who && slices.Contains(c.For, wasmcloud.ProviderRPC)
	}
	for _, user := range chosen {
		for _, at := range used.places[user.PublicKey] {
			if !meant(at) {
				return fault.New(fault.Refused, "the host %s of the manifest logs in as %s for %s: it would be cut off", at.host, user.PublicKey, at.purpose).
					WithHint("give it a new user first: latch nats users issue %s --renew, then deploy, then revoke with --former; or add --cut-off", at.host)
			}
		}
		for _, at := range used.unread {
			if at.mayBe(user) && !meant(at.place) {
				return fault.New(fault.Refused, "the host %s of the manifest may log in as %s for %s, and would be cut off", at.host, user.PublicKey, at.purpose).
					Because(at.err).WithHint("bring that file here; or add --cut-off, if the host logs in as another")
			}
		}
	}
	return nil
}

// Revoking gives the manifest in which the users are revoked, and their revocations. A
// user is revoked after its last JWT was made, by its issuer's clock, and until the last
// of them expires.
func Revoking(m lattice.Manifest, chosen []lattice.IssuedUser, used InUse, now time.Time) (lattice.Manifest, []lattice.RevokedUser) {
	m = m.Clone()
	var fresh []lattice.RevokedUser
	for _, user := range chosen {
		last, ends := user.At, user.Expires
		if read, found := used.jwts[user.PublicKey]; found {
			ends = laterEnd(ends, read.expires)
			if read.issued.After(last) {
				last = read.issued
			}
		}
		r := lattice.RevokedUser{PublicKey: user.PublicKey, Host: user.Host, For: user.For, Seed: user.Seed, At: revokeAt(now, last), Expires: ends}
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
