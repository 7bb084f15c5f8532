package users

import (
	"slices"

	"github.com/nats-io/jwt/v2"

	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// claimsOf are the permissions of a set as a JWT has them.
func claimsOf(s permissions.Set) jwt.Permissions {
	c := jwt.Permissions{Pub: only(s.Subjects(wasmcloud.Publish)), Sub: only(s.Subjects(wasmcloud.Subscribe))}
	if s.Responds() {
		c.Resp = &jwt.ResponsePermission{MaxMsgs: permissions.AnswersPerQuestion, Expires: permissions.AnswerWithin}
	}
	return c
}

// only allows the subjects and nothing else: servers take an empty list for
// everything.
func only(subjects []string) jwt.Permission {
	if len(subjects) == 0 {
		return jwt.Permission{Deny: jwt.StringList{">"}}
	}
	return jwt.Permission{Allow: subjects}
}

// sameRights reports whether two JWTs would allow the same by the same words.
func sameRights(a, b permissions.Rights) bool {
	return a.Responses == b.Responses &&
		sameWords(a.Publish.Allow, b.Publish.Allow) && sameWords(a.Publish.Deny, b.Publish.Deny) &&
		sameWords(a.Subscribe.Allow, b.Subscribe.Allow) && sameWords(a.Subscribe.Deny, b.Subscribe.Deny)
}

func sameWords(a, b []string) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	slices.Sort(a)
	slices.Sort(b)
	return slices.Equal(slices.Compact(a), slices.Compact(b))
}
