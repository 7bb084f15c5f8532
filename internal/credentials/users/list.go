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
	Unread   State = "unreadable" // a host is given a user that cannot be read here
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
	used := map[keys.PublicKey]bool{}
	for _, h := range m.Hosts {
		for _, p := range wasmcloud.Purposes() {
			if p == wasmcloud.ProviderRPC && !m.TargetOf(h).ReadsProviderRPC() {
				continue
			}
			l := listed(m, h, p, now, userOf)
			used[l.PublicKey] = true
			all = append(all, l)
		}
	}
	for _, i := range m.NATSUsers.Current(now).Issued {
		if !used[i.PublicKey] {
			all = append(all, Listed{Host: i.Host, For: i.For, PublicKey: i.PublicKey, Account: m.NATSUsers.Account, Expires: i.Expires, State: Former})
		}
	}
	for _, r := range m.NATSUsers.Current(now).Revoked {
		if !used[r.PublicKey] {
			all = append(all, Listed{Host: r.Host, For: r.For, PublicKey: r.PublicKey, Account: m.NATSUsers.Account, Expires: r.Expires, State: Dead})
		}
	}
	return slices.DeleteFunc(all, func(l Listed) bool { return len(hosts) > 0 && !slices.Contains(hosts, l.Host) }), nil
}

// listed is the user of one connection.
func listed(m lattice.Manifest, h lattice.Host, p wasmcloud.Purpose, now time.Time, userOf func(lattice.Connection) (lattice.UserJWT, error)) Listed {
	l, c := Listed{Host: h.Name, For: p}, m.NATSOf(h).For(p)
	switch {
	case !c.LogsIn():
		l.State = Nobody
		return l
	case c.JWT == "" && c.Creds == "":
		l.State = SeedOnly
		return l
	}
	user, err := userOf(c)
	if err != nil {
		l.State, l.Why = Unread, err.Error()
		return l
	}
	l.PublicKey, l.Account, l.Expires = user.Subject, user.Account, user.Expires
	l.State = stateOf(m.NATSUsers, user, now)
	l.weigh(m, h, user)
	return l
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
