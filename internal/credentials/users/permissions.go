package users

import (
	"slices"
	"time"

	"github.com/nats-io/jwt/v2"

	"github.com/latch-keys/latch/internal/fault"
)

// Permissions are what a user may do. Empty lists and no answers allow everything,
// as on servers.
type Permissions struct {
	Publish, Subscribe         []string
	DenyPublish, DenySubscribe []string
	// Answers is how many messages the user may send to the reply subject of each
	// it receives, within AnswerWithin; 0 where it has no such right.
	Answers      int
	AnswerWithin time.Duration
}

// Equal reports whether two sets allow the same by the same words.
func (p Permissions) Equal(o Permissions) bool {
	return sameWords(p.Publish, o.Publish) && sameWords(p.Subscribe, o.Subscribe) &&
		sameWords(p.DenyPublish, o.DenyPublish) && sameWords(p.DenySubscribe, o.DenySubscribe) &&
		p.Answers == o.Answers && p.AnswerWithin == o.AnswerWithin
}

func sameWords(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}

// claims are the permissions as a JWT has them.
func (p Permissions) claims() jwt.Permissions {
	c := jwt.Permissions{
		Pub: jwt.Permission{Allow: slices.Clone(p.Publish), Deny: slices.Clone(p.DenyPublish)},
		Sub: jwt.Permission{Allow: slices.Clone(p.Subscribe), Deny: slices.Clone(p.DenySubscribe)},
	}
	if p.Answers != 0 {
		c.Resp = &jwt.ResponsePermission{MaxMsgs: p.Answers, Expires: p.AnswerWithin}
	}
	return c
}

func permissionsOf(c jwt.Permissions) Permissions {
	p := Permissions{Publish: c.Pub.Allow, Subscribe: c.Sub.Allow, DenyPublish: c.Pub.Deny, DenySubscribe: c.Sub.Deny}
	if c.Resp != nil {
		p.Answers, p.AnswerWithin = c.Resp.MaxMsgs, c.Resp.Expires
	}
	return p
}

// PermissionsOf are those that a user's JWT carries; scoped is true where it carries
// none, since the signing key's scope counts.
func PermissionsOf(userJWT string) (p Permissions, scoped bool, err error) {
	claims, err := jwt.DecodeUserClaims(userJWT)
	if err != nil {
		return Permissions{}, false, fault.New(fault.Failed, "this is no user JWT, or its signature does not match")
	}
	return permissionsOf(claims.Permissions), claims.HasEmptyPermissions(), nil
}
