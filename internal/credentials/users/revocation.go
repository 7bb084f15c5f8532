package users

import (
	"slices"
	"time"

	"github.com/nats-io/jwt/v2"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
)

// revokeAt is the time up to which a user's JWTs are to be refused: now, or, where
// the clock of who issued the last of them was ahead, when that was issued. A
// revocation compares whole seconds. Source: nats-io/jwt v2 revocation_list.go.
func revokeAt(now, issued time.Time) time.Time {
	at := now.UTC().Truncate(time.Second)
	if issued.After(at) {
		return issued.UTC().Truncate(time.Second)
	}
	return at
}

// Missing are the revocations that the account's JWT lacks: whoever pushed it has
// brought those users back. A revocation of all users counts for each.
func (a Account) Missing(revoked []lattice.RevokedUser) []lattice.RevokedUser {
	var missing []lattice.RevokedUser
	for _, r := range revoked {
		if !a.claims.Revocations.IsRevoked(r.PublicKey.String(), r.At) {
			missing = append(missing, r)
		}
	}
	return missing
}

// WithRevoked gives the account with the revocations added to those it has, signed
// anew with the operator's key. What is known to have expired is dropped: servers
// refuse those users anyway.
func (a Account) WithRevoked(revoked, expired []lattice.RevokedUser, operator keys.Seed) (Account, error) {
	if operator.Kind() != keys.Operator {
		return Account{}, notOperator(operator)
	}
	claims, err := jwt.DecodeAccountClaims(a.text) // a copy of its own
	if err != nil {
		return Account{}, fault.New(fault.Failed, "failed to read the account %s", a.publicKey).Because(err)
	}
	for _, r := range revoked {
		claims.RevokeAt(r.PublicKey.String(), r.At)
	}
	for _, r := range expired {
		claims.ClearRevocation(r.PublicKey.String())
	}
	claims.Revocations.MaybeCompact()
	return signAccount(claims, operator)
}

// Revocations is how many the account's JWT has.
func (a Account) Revocations() int { return len(a.claims.Revocations) }

// Fill says how much of a server's greatest message the account's JWT takes, in
// hundredths. Revocations pile up until none can be pushed.
func (a Account) Fill(maxPayload int64) int {
	if maxPayload <= 0 {
		return 0
	}
	return int(int64(len(a.text)) * 100 / maxPayload)
}

// NearlyFull is the fill from which on a warning is due, in hundredths.
const NearlyFull = 80

// CheckSigner refuses to sign the account with a key that the servers do not know
// as the operator's: they would take the push, and let nobody in after their next
// start. operators are the keys that they trust.
func (a Account) CheckSigner(key keys.PublicKey, operators []keys.PublicKey) error {
	if slices.Contains(operators, key) {
		return nil
	}
	return fault.New(fault.Refused, "the account %s was signed by %s, and the servers do not trust %s: after their next start they would let none of its users in",
		a.publicKey, a.issuer, key).WithHint("name the operator's key, or a signing key of it, with --operator")
}
