package users

import (
	"strings"
	"testing"

	"github.com/nats-io/jwt/v2"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
)

// TestScopes: a user of a scoped key carries no permissions, and is issued only where
// the scope lets its host work.
func TestScopes(t *testing.T) {
	t.Parallel()
	operator, owner, signing := natstest.Key(t, keys.Operator), natstest.Key(t, keys.Account), natstest.Key(t, keys.Account)
	for name, c := range map[string]struct {
		pub, sub, deny []string
		answers        bool
		host           string
		says           string // "" where it is issued
	}{
		"just enough":        {[]string{"wasmbus.rpc.prod.>"}, []string{"wasmbus.rpc.prod.>", "_INBOX.>"}, nil, true, "web-1", ""},
		"wider":              {[]string{"wasmbus.>"}, []string{">"}, nil, true, "web.1", ""},
		"everything":         {nil, nil, nil, false, "web-1", ""},
		"denies what is not": {[]string{">"}, []string{">"}, []string{"wasmbus.ctl.>"}, true, "web-1", ""},
		"too narrow":         {[]string{"wasmbus.rpc.prod.*"}, []string{">"}, nil, true, "web-1", "must publish to wasmbus.rpc.prod."},
		"no inbox":           {[]string{">"}, []string{"wasmbus.rpc.prod.>"}, nil, true, "web-1", "must subscribe to _INBOX.>"},
		"denied":             {[]string{">"}, []string{">"}, []string{"wasmbus.rpc.*.secret"}, true, "web-1", "must publish to"},
		"no answers":         {[]string{"wasmbus.rpc.prod.>"}, []string{">"}, nil, false, "web-1", "must answer"},
		"another lattice":    {[]string{"wasmbus.rpc.{{tag(lattice)}}.>"}, []string{">"}, nil, true, "web-1", "must publish to"},
		"name in a subject":  {[]string{">", "a.{{ Name() }}.>"}, []string{">"}, nil, true, "web-1", ""},
		"a dot in the name":  {[]string{">", "a.{{name()}}.>"}, []string{">"}, nil, true, "web.1", "the dot in the host's name web.1"},
	} {
		scope := jwt.NewUserScope()
		scope.Key, scope.Role = signing.PublicKey().String(), "host"
		scope.Template.Pub.Allow, scope.Template.Sub.Allow, scope.Template.Pub.Deny = c.pub, c.sub, c.deny
		if c.answers {
			scope.Template.Resp = &jwt.ResponsePermission{MaxMsgs: 1}
		}
		described := account(t, operator, owner, func(a *jwt.AccountClaims) { a.SigningKeys.AddScopedSigner(scope) })
		i := issuer(t, signing, owner.PublicKey(), described)
		o := order(t)
		o.Host = c.host
		text, err := i.issue(o)
		switch {
		case !i.Scoped():
			t.Errorf("%s: the scope was not seen", name)
		case c.says != "":
			if !fault.Is(err, fault.Refused) || !strings.Contains(err.Error(), c.says) || text != "" {
				t.Errorf("%s: got %v, want %q", name, err, c.says)
			}
		case err != nil:
			t.Errorf("%s: %v", name, err)
		default:
			claims, err := jwt.DecodeUserClaims(text)
			if err != nil || scope.ValidateScopedSigner(claims) != nil {
				t.Errorf("%s: the library refuses it under its scope: %v", name, err)
			}
		}
	}
}
