package users

import (
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// State is where a user stands.
type State string

// The states. The values are stable: scripts match them in JSON output.
const (
	Current  State = "current"    // a host is given it
	Due      State = "due"        // a host is given it, and it expires soon
	Gone     State = "expired"    // a host is given it, and servers refuse it
	Dead     State = "revoked"    // servers refuse it, or should
	Former   State = "former"     // no host is given it any more; servers let it in
	Nobody   State = "no_user"    // a host logs in as nobody
	Unread   State = "unreadable" // a host is given a user whose JWT cannot be read here, or may be
	SeedOnly State = "seed_only"  // a host logs in with a seed alone, as the server's configuration says
)

// Listed is a user, or a connection that has none.
type Listed struct {
	Host      string
	For       wasmcloud.Purpose
	PublicKey keys.PublicKey
	Account   keys.PublicKey
	Expires   time.Time
	State     State
	Rights    string // least, wider, lacking, or scope; "" where that is not known
	Lacks     []string
	Exceeds   []string
	Why       string // a user cannot be read
}

// List says whom the hosts log in as, whom servers let in besides, and who is
// revoked. It needs no seed.
func List(m lattice.Manifest, hosts []string, now time.Time, userOf func(lattice.Connection) (lattice.UserJWT, error)) ([]Listed, error) {
	for _, name := range hosts {
		known := slices.ContainsFunc(m.NATSUsers.Issued, func(i lattice.IssuedUser) bool { return i.Host == name })
		if _, there := m.Host(name); !there && !known {
			return nil, m.NoHost(name)
		}
	}
	var all []Listed
	used := newInUse()
	for _, h := range m.Hosts {
		for _, p := range wasmcloud.Purposes() {
			if p == wasmcloud.ProviderRPC && !m.TargetOf(h).ReadsProviderRPC() {
				continue
			}
			c := m.NATSOf(h).For(p)
			user, err := userOf(c)
			used.add(m.NATSUsers, place{h.Name, p}, c, user, err)
			all = append(all, listed(m, h, p, now, user, err))
		}
	}
	all = append(all, beside(m.NATSUsers, used, now)...)
	return slices.DeleteFunc(all, func(l Listed) bool { return len(hosts) > 0 && !slices.Contains(hosts, l.Host) }), nil
}

// beside are the users that no host is known to be given.
func beside(u lattice.NATSUsers, used InUse, now time.Time) []Listed {
	var all []Listed
	u = u.Current(now)
	for _, i := range u.Issued {
		if used.Has(i.PublicKey) {
			continue
		}
		l := Listed{Host: i.Host, For: i.For, PublicKey: i.PublicKey, Account: u.Account, Expires: i.Expires, State: Former}
		if at := slices.IndexFunc(used.unread, func(c unread) bool { return c.mayBe(i) }); at >= 0 {
			l.State, l.Why = Unread, used.unread[at].err.Error()
		}
		all = append(all, l)
	}
	for _, r := range u.Revoked {
		if !used.Has(r.PublicKey) {
			all = append(all, Listed{Host: r.Host, For: r.For, PublicKey: r.PublicKey, Account: u.Account, Expires: r.Expires, State: Dead})
		}
	}
	return all
}

// listed is the user of one connection, by its JWT or why that cannot be read.
func listed(m lattice.Manifest, h lattice.Host, p wasmcloud.Purpose, now time.Time, user lattice.UserJWT, err error) Listed {
	l, c := Listed{Host: h.Name, For: p}, m.NATSOf(h).For(p)
	switch {
	case !c.LogsIn():
		l.State = Nobody
		return l
	case c.JWT == "" && c.Creds == "":
		l.State = SeedOnly
		return l
	case err != nil:
		l.State, l.Why = Unread, err.Error()
		l.recall(m.NATSUsers, c)
		return l
	}
	l.PublicKey, l.Account, l.Expires = user.Subject, user.Account, user.Expires
	l.State = stateOf(m.NATSUsers, user, now)
	l.weigh(m, h, user)
	return l
}

// recall says what the manifest knows of a user whose JWT cannot be read.
func (l *Listed) recall(u lattice.NATSUsers, c lattice.Connection) {
	for _, i := range bySeed(u, c.Seed) {
		l.PublicKey, l.Account, l.Expires = i.PublicKey, u.Account, i.Expires
		if _, revoked := u.RevocationOf(i.PublicKey); revoked {
			l.State = Dead
		}
	}
}

func stateOf(u lattice.NATSUsers, user lattice.UserJWT, now time.Time) State {
	_, revoked := u.RevocationOf(user.Subject)
	left := user.Expires.Sub(now)
	switch {
	case revoked:
		return Dead
	case user.Expires.IsZero():
		return Current
	case left <= 0:
		return Gone
	case left <= u.RenewWithin():
		return Due
	}
	return Current
}

// weigh compares what the user may do with what its host needs.
func (l *Listed) weigh(m lattice.Manifest, h lattice.Host, user lattice.UserJWT) {
	setup := credentials.SetupOf(m, h)
	needs, err := setup.Needs(l.For.Role())
	switch {
	case err != nil:
		return
	case user.Rights == nil:
		l.Rights = "scope"
		return
	}
	for _, lack := range user.Rights.Lacks(needs) {
		l.Lacks = append(l.Lacks, lack.Action.String()+" "+lack.Subject)
	}
	for _, excess := range user.Rights.Exceeds(needs, setup) {
		l.Exceeds = append(l.Exceeds, excess.Action.String()+" "+excess.Subject)
	}
	switch {
	case len(l.Lacks) > 0:
		l.Rights = "lacking"
	case len(l.Exceeds) > 0:
		l.Rights = "wider"
	default:
		l.Rights = "least"
	}
}
