package vault

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"strings"

	"github.com/latch-keys/latch/internal/fault"
)

// explained says in a person's words what went wrong, and what to do. What callers
// judge themselves, an answer that nothing is there or has changed, stays as it is.
func (c *client) explained(ctx context.Context, token, verb, path string, err error) error {
	var refused *refusal
	switch {
	case err == nil || ctx.Err() != nil:
		return err
	case errors.Is(err, errNotJSON) && strings.Contains(err.Error(), "400"):
		return fault.New(fault.Unavailable, "the server at %s does not speak plain HTTP", c.base).Because(errNotJSON).
			WithHint("if it speaks TLS: VAULT_ADDR=https://%s", c.base.Host)
	case errors.Is(err, errNotJSON):
		return c.strange(path)
	case !errors.As(err, &refused):
		return c.unreachable(err)
	case sealedAnswer(refused):
		return fault.New(fault.Unavailable, "the Vault at %s is sealed", c.base).WithHint("have it unsealed: vault operator unseal; vault status tells how it is")
	case refused.status == http.StatusForbidden:
		return c.forbidden(ctx, token, verb, path, refused)
	case refused.status == http.StatusTooManyRequests || refused.status >= http.StatusInternalServerError:
		return fault.New(fault.Unavailable, "the Vault at %s gives no answer for the moment", c.base).Because(refused).
			WithHint("try again; vault status tells how it is")
	}
	return err
}

// forbidden tells a token that is no longer good from one that may not.
func (c *client) forbidden(ctx context.Context, token, verb, path string, refused *refusal) error {
	if _, err := c.sendOnce(ctx, token, http.MethodGet, "auth/token/lookup-self", nil); is(err, http.StatusForbidden) {
		return fault.New(fault.Locked, "the Vault at %s takes the token no longer, or never did", c.base).Because(refused).
			WithHint("log in again: vault login; or set VAULT_TOKEN to one that is good: vault token lookup")
	}
	return fault.New(fault.Unavailable, "the Vault at %s does not let this token %s %s", c.base, doing(verb, path), plainPath(path)).Because(refused).
		WithHint("ask for the policy that docs/keystores.md shows; what it may do: vault token capabilities %s", plainPath(path))
}

// plainPath is a path without what asks for a part of it.
func plainPath(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return path
}

func doing(verb, path string) string {
	switch {
	case strings.HasSuffix(path, "?list=true"):
		return "list"
	case verb == http.MethodGet:
		return "read"
	}
	return "write"
}

// noLogin is the error of a login that was refused.
func (c *client) noLogin(m method, mount string, err error) error {
	var refused *refusal
	if !errors.As(err, &refused) || refused.status >= http.StatusInternalServerError {
		return c.explained(context.Background(), "", http.MethodPost, "auth/"+mount+"/login", err)
	}
	hint := "check VAULT_AUTH_ROLE, and what the role demands: vault read auth/" + mount + "/role/NAME"
	if m.name == "approle" {
		hint = "check VAULT_ROLE_ID and VAULT_SECRET_ID; a new secret: vault write -f auth/" + mount + "/role/NAME/secret-id"
	}
	if refused.status == http.StatusNotFound || strings.Contains(refused.Error(), "no handler for route") {
		hint = "name where it is mounted by VAULT_AUTH_PATH: vault auth list"
	}
	return fault.New(fault.Locked, "the Vault at %s refuses the %s login at auth/%s", c.base, m.name, mount).Because(refused).WithHint("%s", hint)
}

// unreachable says why there is no connection.
func (c *client) unreachable(err error) error {
	told := fault.New(fault.Unavailable, "the Vault at %s cannot be reached", c.base)
	var authority x509.UnknownAuthorityError
	var host x509.HostnameError
	var invalid x509.CertificateInvalidError
	var name *net.DNSError
	var header tls.RecordHeaderError
	var remote *net.OpError
	switch {
	case errors.As(err, &authority):
		return told.Because(authority).WithHint("name the CA that vouches for the server: VAULT_CACERT=FILE")
	case errors.As(err, &host):
		return told.Because(host).WithHint("use the name in its certificate in VAULT_ADDR, or say it by VAULT_TLS_SERVER_NAME")
	case errors.As(err, &invalid):
		return told.Because(invalid).WithHint("have its certificate renewed, and check this machine's clock")
	case errors.As(err, &header), strings.Contains(err.Error(), "server gave HTTP response to HTTPS client"):
		return told.Because(errors.New("it does not speak TLS")).WithHint("if it is meant to be in clear: VAULT_ADDR=http://%s", c.base.Host)
	case errors.As(err, &remote) && remote.Op == "remote error":
		return told.Because(remote.Err).WithHint("it may want a client's certificate: VAULT_CLIENT_CERT and VAULT_CLIENT_KEY")
	case errors.As(err, &name):
		return told.Because(name).WithHint("check VAULT_ADDR")
	case errors.Is(err, context.DeadlineExceeded):
		return told.Because(errors.New("no answer within "+patience.String())).WithHint("check VAULT_ADDR, and the way there: curl %s/v1/sys/health", c.base)
	}
	return told.Because(cause(err)).WithHint("check VAULT_ADDR: vault status")
}

// cause is what lies below the address, which has been said.
func cause(err error) error {
	var dial *net.OpError
	if errors.As(err, &dial) {
		return dial.Err
	}
	for {
		inner := errors.Unwrap(err)
		if inner == nil {
			return err
		}
		err = inner
	}
}
