package natscmd

import (
	"context"
	"slices"

	"github.com/latch-keys/latch/internal/credentials/accounts"
	"github.com/latch-keys/latch/internal/credentials/users"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// proof is what connections to every server showed.
type proof struct {
	revoked, others []tried
	untried         []string // why a user could not be tried
}

// tried is one user, tried on every server.
type tried struct {
	host, purpose string
	admissions    []accounts.Admission
}

// pushAndProve gives the account to the servers and finds out what they do.
func pushAndProve(ctx context.Context, s accounts.Servers, run *revoking, options natsconn.Options) (err error) {
	if run.pushed, err = s.Push(ctx, run.account.After, run.account.Servers); err != nil {
		return err
	}
	revoked := run.next.Manifest().NATSUsers.Current(run.now).Revoked
	if run.stale, run.keptStale, err = s.ReadBack(ctx, run.account, revoked); err != nil {
		return err
	}
	run.proof, err = prove(ctx, run, options, s.Addresses())
	return err
}

// prove connects to every server as each revoked user, and as the other users of
// their hosts.
func prove(ctx context.Context, run *revoking, o natsconn.Options, addresses []string) (p proof, err error) {
	m := run.next.Manifest()
	for _, user := range run.chosen {
		login, err := loginOf(ctx, run, user)
		if err != nil {
			p.untried = append(p.untried, user.Host+" "+user.For.String()+": "+err.Error())
			continue
		}
		o.Login = login
		p.revoked = append(p.revoked, tried{user.Host, user.For.String(), accounts.LetIn(ctx, o, addresses)})
	}
	for _, name := range hostsOf(run.chosen) {
		host, known := m.Host(name)
		if !known {
			continue
		}
		for _, purpose := range wasmcloud.Purposes() {
			if purpose == wasmcloud.ProviderRPC && !m.TargetOf(host).ReadsProviderRPC() {
				continue
			}
			login, err := run.resolver.Connect(ctx, host, purpose)
			if err != nil || login.IsZero() {
				continue // what latch cannot log in as, it cannot try
			}
			if _, revoked := m.NATSUsers.RevocationOf(login.Seed.PublicKey()); revoked {
				continue
			}
			o.Login = login
			p.others = append(p.others, tried{name, purpose.String(), accounts.LetIn(ctx, o, addresses)})
		}
	}
	return p, ctx.Err()
}

// loginOf is how a user that latch issued logs in, whether a host is still given it
// or not: its seed lies in the keystore, its JWT beside the manifest.
func loginOf(ctx context.Context, run *revoking, user lattice.IssuedUser) (natsconn.Login, error) {
	for _, h := range run.file.Manifest().Hosts {
		for _, p := range wasmcloud.Purposes() {
			read, err := run.resolver.UserOf(ctx)(run.file.Manifest().NATSOf(h).For(p))
			if err == nil && read.Subject == user.PublicKey {
				return run.resolver.Connect(ctx, h, p)
			}
		}
	}
	c := lattice.Connection{Seed: user.Seed, JWT: users.JWTFile(user.Seed)}
	return run.resolver.ConnectBy(ctx, c)
}

// hostsOf are the hosts of the users, each once.
func hostsOf(chosen []lattice.IssuedUser) []string {
	var names []string
	known := map[string]bool{}
	for _, user := range chosen {
		if !known[user.Host] {
			known[user.Host] = true
			names = append(names, user.Host)
		}
	}
	return names
}

// proved reports whether every server is known to refuse whom it should.
func (run *revoking) proved() bool {
	return len(run.pushed.Silent) == 0 && !run.unseen() && len(run.stale) == 0 && run.keptStale == 0 &&
		!slices.ContainsFunc(run.proof.revoked, func(t tried) bool { return !accounts.Everywhere(t.admissions, false) }) &&
		!slices.ContainsFunc(run.proof.others, func(t tried) bool { return !accounts.Everywhere(t.admissions, true) })
}

// unseen reports whether a server may go by an old copy of the account, and no user was
// at hand to see.
func (run *revoking) unseen() bool { return len(run.pushed.Later) > 0 && len(run.proof.revoked) == 0 }
