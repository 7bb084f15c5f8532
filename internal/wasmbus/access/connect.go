package access

import (
	"cmp"
	"context"
	"errors"
	"io/fs"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
)

// missing notes that the login of the connection cannot be had: what is not on this
// machine may be with the host, what is at odds is wrong there too.
func (r *Result) missing() {
	if fault.Is(r.Missing, fault.NotFound) || errors.Is(r.Missing, fs.ErrNotExist) {
		r.doubtful(RuleNotTried, "its credentials are not at hand: "+r.Missing.Error(), cmp.Or(fault.HintOf(r.Missing), "give them here too, where the manifest says that they are"))
		return
	}
	r.wrong(RuleCredentials, r.Missing.Error(), fault.HintOf(r.Missing))
}

// unconnected notes the step that the connection failed at.
func (c Check) unconnected(ctx context.Context, r *Result, err error) {
	var failed *natsconn.Failure
	switch {
	case ctx.Err() != nil:
		r.late()
	case !errors.As(err, &failed):
		r.wrong(RuleConnect, err.Error(), fault.HintOf(err))
	case failed.Step == natsconn.Authenticate:
		why, hint := c.refusal(r.Connection)
		r.wrong(RuleAuthenticate, err.Error()+": "+why, hint)
	case failed.Step == natsconn.TLSStep:
		r.wrong(RuleTLS, err.Error(), "a host trusts the authorities of its machine or container; --nats-ca FILE names the ones to trust here")
	case failed.Step == natsconn.Resolve:
		r.wrong(RuleResolve, err.Error(), "check the host in the manifest; a name may be known only where the hosts run")
	default:
		r.wrong(RuleConnect, err.Error(), "check host and port in the manifest, and whether this machine may reach the server; --nats URL tries the credentials at another")
	}
}

// late notes that the time was up.
func (r *Result) late() {
	r.doubtful(RuleNotTried, "the time was up before it was tried", "give more: --timeout")
}

// refusal is why a server may let nobody in with the login, which it never says
// itself: what can be told without it comes first.
func (c Check) refusal(to Connection) (why, hint string) {
	severity, says, hint := to.Users.Validity(to.User, c.Now())
	_, revoked := to.Users.RevocationOf(to.User.Subject)
	switch {
	case revoked:
		return "the user " + to.User.Subject.String() + " is revoked", "latch nats users issue, then deploy"
	case to.User.Text != "" && severity == finding.Error:
		return "its JWT " + says, hint
	case to.User.Text != "":
		return "the server does not know the account " + to.User.Account.String() + ", or the key that signed the JWT of " + to.User.Subject.String() + ", or the user is revoked",
			"have the user issued anew by the account's present keys, and see that the server has the account"
	case to.Login.IsZero():
		return "the host is told no credentials for it", "name the user's seed, or its credentials file, in the manifest"
	}
	return "the server does not know the user " + to.Login.Seed.PublicKey().String(), "add it to the users of the server, or give the host a JWT beside the seed"
}

// validity notes a JWT whose time is over soon, or by this machine's clock.
func (c Check) validity(r *Result) {
	if r.User.Text == "" {
		return
	}
	if _, says, hint := r.Users.Validity(r.User, c.Now()); says != "" {
		r.doubtful(lattice.RuleJWT, "the JWT "+says, hint)
	}
	if _, revoked := r.Users.RevocationOf(r.User.Subject); revoked {
		r.wrong(lattice.RuleJWT, "the server lets the user "+r.User.Subject.String()+" in, which is revoked", "latch nats users revoke HOST --push takes the revocation to the servers")
	}
}
