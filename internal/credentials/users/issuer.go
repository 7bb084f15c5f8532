package users

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/jwt/v2"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// Order is a user that is to be issued.
type Order struct {
	Lattice, Host string
	For           wasmcloud.Purpose
	Generation    uint64 // of the manifest that names the user first
	User          keys.PublicKey
	Needs         permissions.Set
	Expires       time.Time // zero for never
}

// Name is what the user's JWT calls it. It stands there as the name, never as a
// tag, whose case is lost.
func (o Order) Name() string {
	return fmt.Sprintf("%s_%s_%s_%d", o.Lattice, o.Host, o.For, o.Generation)
}

// Issuer issues the users of one account. It holds the signer's secret until Wipe.
type Issuer struct {
	pair    signingPair
	account keys.PublicKey
	scope   *jwt.UserScope // of a scoped signing key: what its users may do is said there
}

// NewIssuer is an issuer by the key of the account, or by a signing key of it. It
// takes the account's JWT, which may be zero for the account's own key alone: what
// a signing key may issue stands there. It refuses a key whose users no server
// would let in.
func NewIssuer(signer keys.Seed, account keys.PublicKey, described Account, now time.Time) (Issuer, error) {
	if signer.Kind() != keys.Account {
		return Issuer{}, fault.New(fault.Refused, "%s is a %s key: users are signed by their account's key, or by a signing key of it", signer.PublicKey(), signer.Kind()).
			WithHint("the seed of an account or a signing key starts with SA: latch keys import")
	}
	i := Issuer{account: account}
	if !described.IsZero() {
		if described.PublicKey() != account {
			return Issuer{}, fault.New(fault.Refused, "the account JWT is of %s, not of %s", described.PublicKey(), account).
				WithHint("name the JWT of the account that the users belong to, with --account-jwt")
		}
		if err := described.Check(now); err != nil {
			return Issuer{}, err
		}
	}
	if signer.PublicKey() != account {
		if err := i.bySigningKey(signer.PublicKey(), described); err != nil {
			return Issuer{}, err
		}
	}
	opened, err := signer.Signer()
	if err != nil {
		return Issuer{}, err
	}
	i.pair = newSigningPair(opened)
	return i, nil
}

// bySigningKey judges whether the key issues users of the account.
func (i *Issuer) bySigningKey(key keys.PublicKey, described Account) (err error) {
	if described.IsZero() {
		return fault.New(fault.Refused, "the key %s is not that of the account %s, and whether it is a signing key of it is not known", key, i.account).
			WithHint("name a file that holds the account's JWT, with --account-jwt")
	}
	scope, signs := described.scopeOf(key)
	if !signs {
		return fault.New(fault.Refused, "the key %s is no signing key of the account %s: servers would let none of its users in", key, i.account).
			WithHint("use the account's own key, or one of its signing keys; or name a newer account JWT, with --account-jwt")
	}
	i.scope = scope
	return nil
}

// Wipe overwrites the signer's secret.
func (i Issuer) Wipe() { i.pair.signer.Wipe() }

// Scoped reports whether the signing key says what its users may do.
func (i Issuer) Scoped() bool { return i.scope != nil }

// mostJWT is the longest JWT that was seen to fit the line by which clients log in,
// which may have 4,096 bytes in all. Source: nats-server v2.15 server/const.go, and
// the clients of hosts, whose line has some 400 bytes besides.
const mostJWT = 3666

// issue makes the JWT of one user.
func (i Issuer) issue(o Order) (string, error) {
	if err := i.check(o); err != nil {
		return "", err
	}
	claims := jwt.NewUserClaims(o.User.String())
	claims.Name = o.Name()
	if !o.Expires.IsZero() {
		claims.Expires = o.Expires.Unix()
	}
	if i.pair.signer.PublicKey() != i.account {
		claims.IssuerAccount = i.account.String()
	}
	if i.scope != nil {
		claims.SetScoped(true)
	} else {
		claims.Permissions = claimsOf(o.Needs)
	}
	text, err := claims.EncodeWithSigner(i.pair, i.pair.fn)
	if err != nil {
		return "", fault.New(fault.Failed, "failed to issue the user of host %s for %s", o.Host, o.For).Because(err)
	}
	if len(text) > mostJWT {
		return "", fault.New(fault.Refused, "the JWT of host %s for %s would have %d bytes, and servers take a login of 4,096 in all: %d at most for the JWT",
			o.Host, o.For, len(text), mostJWT).
			WithHint("sign with a scoped signing key, whose users carry no permissions: nsc edit signing-key --sk KEY --role NAME")
	}
	return text, nil
}

// check refuses an order that no server would honour as it is meant.
func (i Issuer) check(o Order) error {
	if err := lattice.CheckPrefix(o.Lattice); err != nil {
		return err
	}
	if err := lattice.CheckName(o.Host); err != nil {
		return err
	}
	if o.User.Kind() != keys.User {
		return fault.New(fault.Refused, "the key of host %s for %s is a %s key, not a user's", o.Host, o.For, o.User.Kind())
	}
	if i.scope == nil {
		return nil
	}
	return i.checkScope(o)
}

// IssueAll makes the JWTs of all users, in their order, shared out among workers:
// all or an error.
func (i Issuer) IssueAll(ctx context.Context, orders []Order, workers int) ([]string, error) {
	issued := make([]string, len(orders))
	var once sync.Once
	var failed error
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	keys.Each(len(orders), workers, func(n int) {
		if ctx.Err() != nil {
			return
		}
		text, err := i.issue(orders[n])
		if err != nil {
			once.Do(func() { failed = err })
			cancel()
		}
		issued[n] = text
	})
	if failed != nil {
		return nil, failed
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return issued, nil
}
