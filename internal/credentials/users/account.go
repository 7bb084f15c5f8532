package users

import (
	"strings"
	"time"

	"github.com/nats-io/jwt/v2"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
)

// Account is an account of NATS, as its JWT describes it. A JWT of an account is no
// secret.
type Account struct {
	text      string
	claims    *jwt.AccountClaims
	publicKey keys.PublicKey
	issuer    keys.PublicKey
}

// ParseAccount reads an account JWT as servers do, by the library of NATS: claims
// and signature. Whether its operator is the server's is for others to say.
func ParseAccount(text string) (Account, error) {
	text = strings.TrimSpace(text)
	claims, err := jwt.DecodeAccountClaims(text)
	if err != nil { // its text may repeat a part of the JWT
		return Account{}, fault.New(fault.Failed, "this is no account JWT, or its signature does not match").
			WithHint("copy the whole JWT, as nsc describe account --raw prints it")
	}
	a := Account{text: text, claims: claims}
	if a.publicKey, err = keys.ParsePublicKey(claims.Subject, keys.Account); err != nil {
		return Account{}, fault.New(fault.Failed, "the subject of the account JWT is no account").Because(err)
	}
	if a.issuer, err = keys.ParsePublicKey(claims.Issuer, keys.AnyKind); err != nil {
		return Account{}, fault.New(fault.Failed, "the issuer of the account JWT is no key").Because(err)
	}
	return a, nil
}

// IsZero reports whether there is no account JWT.
func (a Account) IsZero() bool { return a.claims == nil }

// JWT is the account's JWT.
func (a Account) JWT() string { return a.text }

// PublicKey is the account's, which stays when its signing keys change.
func (a Account) PublicKey() keys.PublicKey { return a.publicKey }

// Issuer is who signed the JWT: an operator, or a signing key of one.
func (a Account) Issuer() keys.PublicKey { return a.issuer }

// Issued is when the JWT was made, by its issuer's clock.
func (a Account) Issued() time.Time { return time.Unix(a.claims.IssuedAt, 0).UTC() }

// Check refuses an account that no server takes now.
func (a Account) Check(now time.Time) error {
	const hint = "have the operator issue the account anew"
	switch {
	case a.issuer.Kind() != keys.Operator:
		return fault.New(fault.Refused, "the JWT of the account %s is signed by %s, which is no operator: no server takes it", a.publicKey, a.issuer).WithHint(hint)
	case a.claims.Expires != 0 && now.Unix() >= a.claims.Expires:
		return fault.New(fault.Refused, "the JWT of the account %s has expired at %s: servers let none of its users in", a.publicKey,
			time.Unix(a.claims.Expires, 0).UTC().Format(time.RFC3339)).WithHint(hint)
	case a.claims.NotBefore != 0 && now.Unix() < a.claims.NotBefore:
		return fault.New(fault.Refused, "the JWT of the account %s is not valid before %s", a.publicKey,
			time.Unix(a.claims.NotBefore, 0).UTC().Format(time.RFC3339)).WithHint("wait until then, or set the clock of this machine")
	}
	return nil
}

// scopeOf is the scope that the account gives one of its signing keys, nil for none.
func (a Account) scopeOf(key keys.PublicKey) (scope *jwt.UserScope, signs bool) {
	found, signs := a.claims.SigningKeys.GetScope(key.String())
	if !signs {
		return nil, false
	}
	scope, _ = found.(*jwt.UserScope)
	return scope, true
}

// NewAccount makes the account of a lattice, with JetStream and without limits, and
// signs it with the operator's key.
func NewAccount(lattice string, account keys.PublicKey, operator keys.Seed) (Account, error) {
	if operator.Kind() != keys.Operator {
		return Account{}, notOperator(operator)
	}
	claims := jwt.NewAccountClaims(account.String())
	claims.Name = lattice
	claims.Limits.JetStreamLimits = jwt.JetStreamLimits{
		MemoryStorage: jwt.NoLimit, DiskStorage: jwt.NoLimit, Streams: jwt.NoLimit, Consumer: jwt.NoLimit,
	}
	return signAccount(claims, operator)
}

func notOperator(seed keys.Seed) error {
	return fault.New(fault.Refused, "the key %s is a %s key: an account is signed by an operator", seed.PublicKey(), seed.Kind()).
		WithHint("an operator's seed starts with SO: latch keys import")
}

func signAccount(claims *jwt.AccountClaims, operator keys.Seed) (Account, error) {
	signer, err := operator.Signer()
	if err != nil {
		return Account{}, err
	}
	defer signer.Wipe()
	pair := newSigningPair(signer)
	text, err := claims.EncodeWithSigner(pair, pair.fn)
	if err != nil {
		return Account{}, fault.New(fault.Failed, "failed to sign the account %s", claims.Subject).Because(err)
	}
	return ParseAccount(text)
}
