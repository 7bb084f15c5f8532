package users

import (
	"regexp"
	"slices"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
)

// checkScope refuses a user to whom the scope of the signing key forbids what its
// host does. A user of a scoped key carries no permissions of its own.
func (i Issuer) checkScope(o Order) error {
	if usesName(i.scope.Template.Pub.Allow, i.scope.Template.Sub.Allow, i.scope.Template.Pub.Deny, i.scope.Template.Sub.Deny) && strings.Contains(o.Host, ".") {
		return fault.New(fault.Refused, "the scope of the signing key puts the user's name into subjects, and the dot in the host's name %s would make two tokens of it", o.Host).
			WithHint("rename the host, or sign with a key whose scope does not use {{name()}}")
	}
	grants := i.granted(o)
	for _, part := range []struct {
		verb                string
		needed, allow, deny []string
	}{
		{"publish to", o.Permissions.Publish, grants.Publish, grants.DenyPublish},
		{"subscribe to", o.Permissions.Subscribe, grants.Subscribe, grants.DenySubscribe},
	} {
		for _, subject := range part.needed {
			if !allows(part.allow, part.deny, subject) {
				return i.forbids(o, part.verb+" "+subject)
			}
		}
	}
	if o.Permissions.Answers != 0 && grants.Answers == 0 && len(grants.Publish) > 0 {
		return i.forbids(o, "answer what it is asked")
	}
	return nil
}

func (i Issuer) forbids(o Order, what string) error {
	return fault.New(fault.Refused, "host %s must %s on its connection for %s, and the scope %q of the signing key %s forbids it",
		o.Host, what, o.For, i.scope.Role, i.pair.public).
		WithHint("widen the scope: latch nats permissions prints what is needed")
}

// granted are the permissions that the server makes of the scope for a user. Of what
// it fills in, only the user's own name and key are known here.
func (i Issuer) granted(o Order) Permissions {
	p := permissionsOf(i.scope.Template.Permissions)
	filled := strings.NewReplacer("{{name()}}", o.Name(), "{{subject()}}", o.User.String(), "{{account-subject()}}", i.account.String())
	for _, words := range []*[]string{&p.Publish, &p.Subscribe, &p.DenyPublish, &p.DenySubscribe} {
		*words = slices.Clone(*words)
		for n, word := range *words {
			(*words)[n] = filled.Replace(plainTemplates(word))
		}
	}
	return p
}

// plainTemplates spells what a server fills in as the server reads it: in lower case
// and without blanks. Source: nats-server v2.15 server/auth.go.
func plainTemplates(word string) string {
	return regexp.MustCompile(`\{\{[^}]+\}\}`).ReplaceAllStringFunc(word, func(found string) string {
		return strings.ToLower(strings.ReplaceAll(found, " ", ""))
	})
}

func usesName(lists ...[]string) bool {
	return slices.ContainsFunc(slices.Concat(lists...), func(word string) bool {
		return strings.Contains(plainTemplates(word), "{{name()}}")
	})
}

// allows reports whether all of a subject is allowed and none of it denied. An empty
// list of what is allowed allows everything. A queue behind a subject is left aside.
func allows(allow, deny []string, subject string) bool {
	subject, _, _ = strings.Cut(subject, " ")
	for _, word := range deny {
		if meet(strings.Split(word, "."), strings.Split(subject, ".")) {
			return false
		}
	}
	return len(allow) == 0 || slices.ContainsFunc(allow, func(word string) bool {
		return holds(strings.Split(word, "."), strings.Split(subject, "."))
	})
}

// holds reports whether the tokens of one subject take in all that another matches.
func holds(wide, narrow []string) bool {
	for n, token := range wide {
		switch {
		case token == ">":
			return len(narrow) > n
		case n >= len(narrow) || narrow[n] == ">":
			return false
		case token != "*" && token != narrow[n]:
			return false
		}
	}
	return len(wide) == len(narrow)
}

// meet reports whether some subject is matched by both.
func meet(a, b []string) bool {
	for n := range min(len(a), len(b)) {
		switch {
		case a[n] == ">" || b[n] == ">":
			return true
		case a[n] != b[n] && a[n] != "*" && b[n] != "*":
			return false
		}
	}
	return len(a) == len(b)
}
