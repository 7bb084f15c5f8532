package users

import (
	"regexp"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/wasmcloud"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// checkScope refuses a user to whom the scope of the signing key forbids what its
// host does. A user of a scoped key carries no permissions of its own.
func (i Issuer) checkScope(o Order) error {
	template := lattice.RightsIn(i.scope.Template.Permissions)
	if strings.Contains(o.Host, ".") && slices.ContainsFunc(words(&template), usesName) {
		return fault.New(fault.Refused, "the scope of the signing key puts the user's name into subjects, and the dot in the host's name %s would make two tokens of it", o.Host).
			WithHint("rename the host, or sign with a key whose scope does not use {{name()}}")
	}
	lacks := i.granted(o).Lacks(o.Needs)
	if len(lacks) == 0 {
		return nil
	}
	what := lacks[0].Action.String() + " to " + lacks[0].Subject
	if lacks[0].Action == wasmcloud.Respond {
		what = "answer what it is asked"
	}
	return fault.New(fault.Refused, "host %s must %s on its connection for %s, and the scope %q of the signing key %s forbids it",
		o.Host, what, o.For, i.scope.Role, i.pair.public).
		WithHint("widen the scope: latch nats permissions --for %s lists what it must allow", o.For)
}

// granted are the rights that the server makes of the scope for a user. Of what it
// fills in, only what is known of the user itself is known here.
func (i Issuer) granted(o Order) permissions.Rights {
	r := lattice.RightsIn(i.scope.Template.Permissions)
	filled := strings.NewReplacer("{{name()}}", o.Name(), "{{subject()}}", o.User.String(), "{{account-subject()}}", i.account.String())
	for _, list := range []*[]string{&r.Publish.Allow, &r.Publish.Deny, &r.Subscribe.Allow, &r.Subscribe.Deny} {
		*list = slices.Clone(*list)
		for n, word := range *list {
			(*list)[n] = filled.Replace(plainTemplates(word))
		}
	}
	return r
}

func words(r *permissions.Rights) []string {
	return slices.Concat(r.Publish.Allow, r.Publish.Deny, r.Subscribe.Allow, r.Subscribe.Deny)
}

// plainTemplates spells what a server fills in as the server reads it: in lower case
// and without blanks. Source: nats-server v2.15 server/auth.go.
func plainTemplates(word string) string {
	return regexp.MustCompile(`\{\{[^}]+\}\}`).ReplaceAllStringFunc(word, func(found string) string {
		return strings.ToLower(strings.ReplaceAll(found, " ", ""))
	})
}

func usesName(word string) bool { return strings.Contains(plainTemplates(word), "{{name()}}") }
