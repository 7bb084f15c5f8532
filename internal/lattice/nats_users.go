package lattice

import (
	"fmt"
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice/schema"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/yamledit"
)

// NATSUsers is what latch needs to issue the NATS users of a lattice's hosts, and
// what it has issued and revoked. It holds no secret.
type NATSUsers struct {
	Account     keys.PublicKey // that the users belong to
	AccountJWT  string         // the path of a file that holds the account's JWT
	Signer      string         // the key, in the keystore, that signs the users
	Operator    string         // the key, in the keystore, that signs the account
	Expires     time.Duration  // how long a user is let in
	DeployEvery time.Duration  // how often hosts are deployed: a user must outlive two deploys
	Issued      []IssuedUser   // that servers may still let in
	Revoked     []RevokedUser  // that no server may let in again
}

// IssuedUser is a user that latch has issued for one connection of a host. Where
// that connection logs in as another by now, servers let the user in all the same
// until it expires or is revoked.
type IssuedUser struct {
	Host      string
	For       Purpose
	PublicKey keys.PublicKey
	Seed      string    // the name, in the keystore, of the user's seed
	At        time.Time // UTC, whole seconds
	Expires   time.Time // zero where it never does
}

// RevokedUser is a user that every server of the account must refuse. It stays on
// the list until its JWT has expired: an older copy of the account's JWT that
// somebody pushes would bring it back.
type RevokedUser struct {
	PublicKey keys.PublicKey
	Host      string
	For       Purpose
	Seed      string    // the name, in the keystore, of the user's seed; may be empty
	At        time.Time // JWTs issued until then are refused
	Expires   time.Time // zero where the JWT never does
}

// IsZero reports whether nothing is set.
func (u NATSUsers) IsZero() bool { return natsUsersRecord().same(u, NATSUsers{}) }

// RenewWithin is how long before its end a user is warned of, and renewed: a third of
// its life, so that a deploy can carry the new one, and 30 days at most.
func (u NATSUsers) RenewWithin() time.Duration {
	const most = 30 * 24 * time.Hour
	if u.Expires == 0 {
		return most
	}
	return min(u.Expires/3, most)
}

// Validity says what of a user's time keeps servers from letting it in, or will soon,
// and what to do: "" for nothing.
func (u NATSUsers) Validity(user UserJWT, now time.Time) (severity finding.Severity, says, hint string) {
	hint = "have the user issued anew"
	if !u.IsZero() {
		hint = "latch nats users issue, then deploy"
	}
	left, ends := user.Expires.Sub(now), user.Expires.Format(time.RFC3339)
	switch {
	case now.Before(user.NotBefore.Add(-clockSlack)):
		return finding.Error, "is not valid before " + user.NotBefore.Format(time.RFC3339) + ": servers refuse it", "wait until then, or set the clock of this machine"
	case user.Expires.IsZero() || left >= u.RenewWithin():
		return "", "", ""
	case left <= 0:
		return finding.Error, "has expired at " + ends + ": servers refuse it", hint
	}
	return finding.Warning, fmt.Sprintf("expires at %s, in %s: from then on servers refuse it", ends, FormatAge(left)), hint
}

// RevocationOf finds the user among those that are revoked.
func (u NATSUsers) RevocationOf(user keys.PublicKey) (RevokedUser, bool) {
	i := slices.IndexFunc(u.Revoked, func(r RevokedUser) bool { return r.PublicKey == user })
	if i < 0 {
		return RevokedUser{}, false
	}
	return u.Revoked[i], true
}

// lost names the first user that an earlier list has and u has not, "" for none. One
// that was issued may be revoked by now, and not the other way round.
func (u NATSUsers) lost(before NATSUsers) string {
	issued := make(map[keys.PublicKey]bool, len(u.Issued))
	for _, i := range u.Issued {
		issued[i.PublicKey] = true
	}
	revoked := make(map[keys.PublicKey]time.Time, len(u.Revoked))
	for _, r := range u.Revoked {
		revoked[r.PublicKey] = r.At
	}
	for _, r := range before.Revoked {
		if at, there := revoked[r.PublicKey]; !there || at.Before(r.At) {
			return "the revocation of the user " + r.PublicKey.String()
		}
	}
	for _, i := range before.Issued {
		if _, gone := revoked[i.PublicKey]; !gone && !issued[i.PublicKey] {
			return fmt.Sprintf("the user %s, issued for %s", i.PublicKey, i.Host)
		}
	}
	return ""
}

// Current gives u without what has expired by now: servers refuse those users
// anyway.
func (u NATSUsers) Current(now time.Time) NATSUsers {
	over := func(expires time.Time) bool { return !expires.IsZero() && expires.Add(clockSlack).Before(now) }
	u.Issued = slices.DeleteFunc(slices.Clone(u.Issued), func(i IssuedUser) bool { return over(i.Expires) })
	u.Revoked = slices.DeleteFunc(slices.Clone(u.Revoked), func(r RevokedUser) bool { return over(r.Expires) })
	return u
}

// over gives u with what it leaves open taken from what is shared.
func (u NATSUsers) over(base NATSUsers) NATSUsers {
	u.Account = either(u.Account, base.Account)
	u.AccountJWT = either(u.AccountJWT, base.AccountJWT)
	u.Signer, u.Operator = either(u.Signer, base.Signer), either(u.Operator, base.Operator)
	u.Expires, u.DeployEvery = either(u.Expires, base.Expires), either(u.DeployEvery, base.DeployEvery)
	return u
}

// unsaid gives u less what is shared and was not said.
func (u NATSUsers) unsaid(base, own NATSUsers) NATSUsers {
	u.Account = unsaid(u.Account, base.Account, own.Account)
	u.AccountJWT = unsaid(u.AccountJWT, base.AccountJWT, own.AccountJWT)
	u.Signer, u.Operator = unsaid(u.Signer, base.Signer, own.Signer), unsaid(u.Operator, base.Operator, own.Operator)
	u.Expires, u.DeployEvery = unsaid(u.Expires, base.Expires, own.Expires), unsaid(u.DeployEvery, base.DeployEvery, own.DeployEvery)
	return u
}

// clone shares no memory with u that anybody writes to.
func (u NATSUsers) clone() NATSUsers {
	u.Issued, u.Revoked = slices.Clone(u.Issued), slices.Clone(u.Revoked)
	return u
}

// natsUsersField describes what is known of the users, which may be nothing.
func natsUsersField() field[Manifest] { return usersField(natsUsersRecord()) }

func usersField(users record[NATSUsers]) field[Manifest] {
	const name = "nats_users"
	return field[Manifest]{
		name: name,
		read: func(f *fields, m *Manifest) {
			if n := f.get(name); n != nil {
				m.NATSUsers, _ = users.read(f.decoder, n, name)
			}
		},
		write: func(m *Manifest) yamledit.Value {
			if m.NATSUsers.IsZero() {
				return nil
			}
			v := users.write(m.NATSUsers)
			v.Block = true
			return v
		},
		same:   func(a, b *Manifest) bool { return users.same(a.NATSUsers, b.NATSUsers) },
		schema: users.schema,
	}
}

func natsUsersRecord() record[NATSUsers] {
	r := sharedUsersRecord()
	r.fields = append(r.fields,
		list("issued", func(u *NATSUsers) *[]IssuedUser { return &u.Issued }, func(*NATSUsers) items[IssuedUser] { return issuedItems() }).says("the users that servers may still let in; latch writes it"),
		list("revoked", func(u *NATSUsers) *[]RevokedUser { return &u.Revoked }, func(*NATSUsers) items[RevokedUser] { return revokedItems() }).says("the users that no server may let in again"))
	return r
}

// sharedUsersRecord describes how users are issued, which several lattices may share.
func sharedUsersRecord() record[NATSUsers] {
	return record[NATSUsers]{fields: []field[NATSUsers]{
		scalar("account", RuleNATS, func(u *NATSUsers) *keys.PublicKey { return &u.Account }, keyFormOf(keys.Account)).says("the public key of the account that the users belong to"),
		scalar("account_jwt", RuleNATS, func(u *NATSUsers) *string { return &u.AccountJWT }, textForm(checkPath, anyText())).says("the path of a file that holds the account's JWT"),
		scalar("signer", RuleNATS, func(u *NATSUsers) *string { return &u.Signer }, textForm(checkSeedName, nameSchema())).says("the name, in the keystore, of the key that signs the users: the account's, or a signing key of it"),
		scalar("operator", RuleNATS, func(u *NATSUsers) *string { return &u.Operator }, textForm(checkSeedName, nameSchema())).says("the name, in the keystore, of the operator's key, which signs the account"),
		scalar("expires", RuleField, func(u *NATSUsers) *time.Duration { return &u.Expires }, spanForm()).says("how long a user is let in, such as 90d"),
		scalar("deploy_every", RuleField, func(u *NATSUsers) *time.Duration { return &u.DeployEvery }, spanForm()).says("how often hosts are deployed, such as 30d: users live at least twice as long"),
	}}
}

func issuedItems() items[IssuedUser] {
	return items[IssuedUser]{record: record[IssuedUser]{fields: []field[IssuedUser]{
		required(scalar("host", RuleName, func(u *IssuedUser) *string { return &u.Host }, nameForm())).says("the host that the user was issued for"),
		required(purposeField(func(u *IssuedUser) *Purpose { return &u.For })),
		required(scalar("public_key", RuleNATS, func(u *IssuedUser) *keys.PublicKey { return &u.PublicKey }, keyFormOf(keys.User))).says("the user's public key"),
		scalar("seed", RuleNATS, func(u *IssuedUser) *string { return &u.Seed }, textForm(checkSeedName, nameSchema())).says("the name of the user's seed in the keystore"),
		scalar("at", RuleField, func(u *IssuedUser) *time.Time { return &u.At }, timeForm()).says("when the user was issued"),
		scalar("expires", RuleField, func(u *IssuedUser) *time.Time { return &u.Expires }, timeForm()).says("when its JWT expires"),
	}}, id: func(u IssuedUser) string { return u.PublicKey.String() }}
}

func revokedItems() items[RevokedUser] {
	return items[RevokedUser]{record: record[RevokedUser]{fields: []field[RevokedUser]{
		required(scalar("public_key", RuleNATS, func(r *RevokedUser) *keys.PublicKey { return &r.PublicKey }, keyFormOf(keys.User))).says("the user's public key"),
		scalar("host", RuleName, func(r *RevokedUser) *string { return &r.Host }, nameForm()).says("the host that it was issued for"),
		purposeField(func(r *RevokedUser) *Purpose { return &r.For }),
		scalar("seed", RuleNATS, func(r *RevokedUser) *string { return &r.Seed }, textForm(checkSeedName, nameSchema())).says("the name of the user's seed in the keystore"),
		required(scalar("at", RuleField, func(r *RevokedUser) *time.Time { return &r.At }, timeForm())).says("JWTs of the user issued until then are refused"),
		scalar("expires", RuleField, func(r *RevokedUser) *time.Time { return &r.Expires }, timeForm()).says("when its JWT expires, and the revocation with it"),
	}}, id: func(r RevokedUser) string { return r.PublicKey.String() }}
}

// purposeField describes the connection that a user is for. It is written even
// where it is the first of them.
func purposeField[T any](at func(*T) *Purpose) field[T] {
	names := schema.Schema{Type: "string"}
	for _, p := range wasmcloud.Purposes() {
		names.Enum = append(names.Enum, p.String())
	}
	f := scalar("for", RuleNATS, at, form[Purpose]{isText, wasmcloud.ParsePurpose, textual(Purpose.String), equal[Purpose], names})
	f.write = func(from *T) yamledit.Value { return yamledit.Text(at(from).String()) }
	return f.says("the connection that it was issued for")
}

// UsersDue are the users that hosts are given and that are to be renewed by now.
func (m Manifest) UsersDue(now time.Time) []IssuedUser {
	var due []IssuedUser
	for _, i := range m.NATSUsers.Issued {
		h, there := m.Host(i.Host)
		given := there && i.Seed != "" && m.NATSOf(h).For(i.For).Seed == i.Seed
		if given && !i.Expires.IsZero() && i.Expires.Sub(now) <= m.NATSUsers.RenewWithin() {
			due = append(due, i)
		}
	}
	return due
}
