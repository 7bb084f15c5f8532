package lattice

import (
	"slices"
	"time"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/yamledit"
)

// userCheck judges the users that the hosts of one document log in as.
type userCheck struct {
	*checker
	doc   *Document
	read  UserOf
	now   time.Time
	known map[Connection]UserJWT
	told  map[*yamledit.Node]bool

	subjects map[string]keys.PublicKey  // by the name of the seed
	accounts map[Purpose]keys.PublicKey // of the first host that has one
}

// users judges the JWTs that hosts log in with, each where it stands and once.
func (c *checker) users(d *Document, read UserOf, now time.Time) {
	u := &userCheck{
		checker: c, doc: d, read: read, now: now, known: map[Connection]UserJWT{}, told: map[*yamledit.Node]bool{},
		subjects: map[string]keys.PublicKey{}, accounts: map[Purpose]keys.PublicKey{},
	}
	for i, h := range d.manifest.Hosts {
		nats, target := d.manifest.NATSOf(h), d.manifest.TargetOf(h)
		for _, p := range wasmcloud.Purposes() {
			if p == wasmcloud.ProviderRPC && !target.ReadsProviderRPC() {
				continue
			}
			if user, ok := u.of(nats.For(p)); ok {
				at := d.natsPlace(i, []string{"jwt", "creds"}, p)
				u.judge(at, h.Name, p, nats.For(p).Seed, user)
			}
		}
	}
}

func (u *userCheck) of(c Connection) (UserJWT, bool) {
	login := Connection{JWT: c.JWT, Creds: c.Creds}
	user, known := u.known[login]
	if !known && login != (Connection{}) {
		user, _ = u.read(u.doc, login)
		u.known[login] = user
	}
	return user, user.Text != ""
}

func (u *userCheck) judge(at *yamledit.Node, host string, p Purpose, seed string, user UserJWT) {
	subject, known := u.subjects[seed]
	account := u.accounts[p]
	switch {
	case u.told[at]:
		return
	case u.expiry(at, p, user):
	case u.revoked(at, host, p, user):
	case seed != "" && known && subject != user.Subject:
		u.report(u.doc, at, finding.Error, RuleJWTMismatch, "give each user its own seed and JWT",
			"the seed %s is of one user, and the JWTs beside it are of %s and %s", seed, subject, user.Subject)
	case !account.IsZero() && account != user.Account:
		u.report(u.doc, at, finding.Warning, RuleTopicSpace, "right only if the one account exports its topics and the other imports them",
			"for %s, host %s logs in to the account %s, other hosts to %s: they do not hear each other", p, host, user.Account, account)
	default:
		u.accounts[p] = user.Account
		if seed != "" {
			u.subjects[seed] = user.Subject
		}
		return
	}
	u.told[at] = true
}

// revoked reports a user that the manifest itself has revoked.
func (u *userCheck) revoked(at *yamledit.Node, host string, p Purpose, user UserJWT) bool {
	_, revoked := u.doc.manifest.NATSUsers.RevocationOf(user.Subject)
	if revoked {
		u.report(u.doc, at, finding.Error, RuleJWT, "latch nats users issue "+host+", then deploy",
			"host %s logs in for %s as a user that is revoked: servers refuse it", host, p)
	}
	return revoked
}

// expiry reports a JWT that servers refuse, or will soon.
func (u *userCheck) expiry(at *yamledit.Node, p Purpose, user UserJWT) bool {
	severity, says, hint := u.doc.manifest.NATSUsers.Validity(user, u.now)
	if says != "" {
		u.report(u.doc, at, severity, RuleJWT, hint, "the JWT for %s %s", p, says)
	}
	return says != ""
}

// RuleSeedMissing is about a seed that a manifest needs and its keystore lacks.
const RuleSeedMissing finding.Rule = "seed_missing"

// MissingSeeds are the needed seeds that a keystore lacks, or has another key in the
// place of. stored are its keys by name, the zero key where it cannot tell.
func (m Manifest) MissingSeeds(stored map[string]keys.PublicKey) []NeededSeed {
	return slices.DeleteFunc(m.NeededSeeds(), func(n NeededSeed) bool {
		key, there := stored[n.Name]
		return there && (key.IsZero() || n.PublicKey.IsZero() || key == n.PublicKey)
	})
}

// CheckSeeds reports the seeds that the manifest needs and its keystore lacks.
func CheckSeeds(d *Document, keystore string, stored map[string]keys.PublicKey) []finding.Finding {
	c := &checker{}
	for _, n := range d.manifest.MissingSeeds(stored) {
		c.report(d, d.placeOf(n), finding.Error, RuleSeedMissing, "bring the seed back: latch keys import FILE --name "+n.Name,
			"the seed of %s is not in %s: %s", n.Name, keystore, n.Use)
	}
	finding.Sort(c.found)
	return c.found
}

// placeOf is where the manifest names the key.
func (d *Document) placeOf(n NeededSeed) *yamledit.Node {
	if i := slices.IndexFunc(d.manifest.Issuers, func(is Issuer) bool { return is.Name == n.Name }); i >= 0 {
		return d.item("issuers", i, "name")
	}
	if n.Use.Kind == UseLogsIn {
		return d.place("nats")
	}
	return d.place("rotation")
}

// CheckTracked finds seeds in the text of a file that git tracks, in whatever spelling,
// so that whoever has the repository has them. One that stands in public anyway is
// left out.
func CheckTracked(path string, text []byte) []finding.Finding {
	var findings []finding.Finding
	keys.EachSeed(text, func(seed keys.Seed, at keys.Span) {
		defer seed.Wipe()
		if found, known := wasmcloud.Published(seed.PublicKey()); known && found.WithSeed {
			return
		}
		line, column := yamledit.Position(text, at.From)
		findings = append(findings, finding.Finding{
			File: path, Line: line, Column: column, Severity: finding.Error, Rule: RuleTracked,
			Message: "git tracks this file, and the seed of " + seed.PublicKey().String() + " stands in it: whoever has the repository can sign with it",
			Hint:    "replace the key, then git rm --cached " + path + " and add the file to .gitignore",
		})
	})
	finding.Sort(findings)
	return findings
}
