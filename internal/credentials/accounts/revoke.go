package accounts

import (
	"context"
	"time"

	"github.com/latch-keys/latch/internal/credentials/users"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// Revocation is an account that is ready to be pushed: the servers' own copy with
// users revoked.
type Revocation struct {
	Servers []Server
	Before  users.Account
	After   users.Account
	// Lost are the revocations of before that no server had any more: somebody has
	// pushed an older copy of the account.
	Lost []lattice.RevokedUser
	Fill int // hundredths of the servers' greatest message
}

// Prepare fetches the servers' copy of the account, adds the revocations and signs
// it. It refuses what would leave the account broken. known are the revocations that
// the servers should have already, fresh are to come, and expired may go.
func (s Servers) Prepare(ctx context.Context, account keys.PublicKey, known, fresh, expired []lattice.RevokedUser, operator keys.Seed, now time.Time) (Revocation, error) {
	servers, err := s.List(ctx)
	if err != nil {
		return Revocation{}, err
	}
	r := Revocation{Servers: servers}
	copies, err := s.Copies(ctx, account, servers)
	if err != nil {
		return r, err
	}
	if r.Before = copies.Newest(); r.Before.IsZero() {
		return r, fault.New(fault.NotFound, "no server has the account %s", account).
			WithHint("the servers' operator may be another, or the account was never pushed")
	}
	if err := r.Before.Check(now); err != nil {
		return r, err
	}
	r.Lost = r.Before.Missing(known)
	r.After, r.Fill, err = Revoke(r.Before, append(append([]lattice.RevokedUser{}, known...), fresh...), expired, operator, servers)
	return r, err
}

// Revoke gives the account with the revocations, signed by a key that every one of
// the servers trusts and small enough for each; without servers, what they think is
// not known.
func Revoke(before users.Account, revoked, expired []lattice.RevokedUser, operator keys.Seed, servers []Server) (after users.Account, fill int, err error) {
	for _, server := range servers {
		if err := before.CheckSigner(operator.PublicKey(), server.Operators); err != nil {
			return after, 0, err
		}
	}
	if after, err = before.WithRevoked(revoked, expired, operator); err != nil {
		return after, 0, err
	}
	const usual = 1 << 20
	most := int64(usual)
	for _, server := range servers {
		most = min(most, server.MaxPayload)
	}
	const full = 100
	if fill = after.Fill(most); fill >= full {
		return after, fill, fault.New(fault.Refused, "with %d revocations the account JWT is larger than the servers' greatest message of %d bytes", after.Revocations(), most).
			WithHint("drop the revocations of users that have expired: nsc revocations delete-user")
	}
	return after, fill, nil
}

// readBackWithin is how long servers may take to show what was pushed, and lookAgain
// the time between two looks.
const (
	readBackWithin = 5 * time.Second
	lookAgain      = 400 * time.Millisecond
)

// ReadBack asks the servers again and gives those that lack a revocation: by name
// those that use another copy, and how many keep one for their next start.
func (s Servers) ReadBack(ctx context.Context, r Revocation, revoked []lattice.RevokedUser) (stale []string, keptStale int, err error) {
	within, cancel := context.WithTimeout(ctx, readBackWithin)
	defer cancel()
	return s.readBack(ctx, within, r, revoked)
}

// readBack looks until nothing is missing or within has ended.
func (s Servers) readBack(ctx, within context.Context, r Revocation, revoked []lattice.RevokedUser) (stale []string, keptStale int, err error) {
	for looks := 0; ; looks++ {
		copies, err := s.Copies(within, r.After.PublicKey(), r.Servers)
		late := err != nil && within.Err() != nil && ctx.Err() == nil
		switch {
		case late && looks > 0:
			return stale, keptStale, nil // as the look before has found
		case late:
			return nil, 0, fault.New(fault.Unavailable, "the NATS servers did not say within %s what they have of the account", readBackWithin).
				WithHint("latch nats check tells what each server has")
		case err != nil:
			return nil, 0, err
		}
		stale, keptStale = nil, 0
		for _, c := range copies.InUse {
			if len(c.Account.Missing(revoked)) > 0 {
				stale = append(stale, c.Server)
			}
		}
		for _, kept := range copies.Kept {
			if len(kept.Missing(revoked)) > 0 {
				keptStale++
			}
		}
		if len(stale) == 0 && keptStale == 0 {
			return nil, 0, nil
		}
		select {
		case <-within.Done():
			return stale, keptStale, ctx.Err()
		case <-time.After(lookAgain):
		}
	}
}
