package access_test

import (
	"crypto/x509"
	"net"
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/latch-keys/latch/internal/finding"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/natsconn/natstest"
	"github.com/latch-keys/latch/internal/wasmbus/access"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// TestServersOutOfReach: the step is named that fails before anybody logs in.
func TestServersOutOfReach(t *testing.T) {
	t.Parallel()
	plain, stopped := natstest.Start(t), natstest.Start(t)
	stopped.Stop()
	ca := natstest.CA(t)
	secured := natstest.Start(t, natstest.TLSBy(t, ca))
	expired := natstest.Start(t, natstest.TLSBy(t, ca, func(c *x509.Certificate) { c.NotAfter = time.Now().Add(-time.Minute) }))
	another := natstest.Start(t, natstest.TLSBy(t, ca, func(c *x509.Certificate) { c.IPAddresses = []net.IP{net.IPv4(10, 0, 0, 1)} }))
	trusted := natsconn.TLS{Required: true, CA: ca}
	for name, c := range map[string]struct {
		url  string
		tls  natsconn.TLS
		rule finding.Rule
		says string
	}{
		"a port where nobody listens":   {stopped.URL(), natsconn.TLS{}, access.RuleConnect, "refused"},
		"an unknown name":               {"nats://nowhere.invalid:4222", natsconn.TLS{}, access.RuleResolve, "nowhere.invalid"},
		"a server that says nothing":    {natstest.Impostor(t, ""), natsconn.TLS{}, access.RuleConnect, "does not answer"},
		"a server that speaks HTTP":     {natstest.Impostor(t, "HTTP/1.1 400 Bad Request\r\n\r\n"), natsconn.TLS{}, access.RuleConnect, "not NATS"},
		"no TLS where it is asked for":  {plain.URL(), natsconn.TLS{Required: true}, access.RuleTLS, "secure connection"},
		"an unknown authority":          {secured.URL(), natsconn.TLS{Required: true}, access.RuleTLS, "unknown authority"},
		"a certificate that is expired": {expired.URL(), trusted, access.RuleTLS, "expired"},
		"a certificate of another name": {another.URL(), trusted, access.RuleTLS, "10.0.0.1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c1 := connection(t, "web-1", wasmcloud.RPC, plain, natsconn.Login{})
			c1.Server = natsconn.Server{URLs: []string{c.url}, TLS: c.tls}
			looking := check(plain)
			if c.says == "does not answer" {
				looking.Wait = 2 * time.Second
			}
			r := looking.Run(t.Context(), []access.Connection{c1}).Results[0]
			isFound(t, name, r, finding.Error, c.rule, c.says)
			if r.State() != access.Failed || r.First() != c.rule || r.Connected {
				t.Errorf("%s: %+v", name, r)
			}
		})
	}
}

// TestRefusedLogins: the server says only that it refuses; the check says what can
// be told from here.
func TestRefusedLogins(t *testing.T) {
	t.Parallel()
	operator := natstest.NewOperator(t)
	account := operator.Account(t, "prod")
	jwts := natstest.Start(t, operator.Run(t))
	known := natstest.Key(t, keys.User)
	nkeys := natstest.Start(t, func(o *server.Options) { o.Nkeys = []*server.NkeyUser{{Nkey: known.PublicKey().String()}} })
	good := account.User(t, "web-1")
	ends := func(at time.Duration) func(*jwt.UserClaims) {
		return func(c *jwt.UserClaims) { c.Expires = time.Now().Add(at).Unix() }
	}
	foreign := natstest.NewOperator(t).Account(t, "foreign")
	for name, c := range map[string]struct {
		server *natstest.Server
		login  natsconn.Login
		says   string
	}{
		"no credentials":            {jwts, natsconn.Login{}, "told no credentials"},
		"the seed of another":       {jwts, natsconn.Login{JWT: good.JWT, Seed: known}, "or the user is revoked"},
		"an expired JWT":            {jwts, account.User(t, "old", ends(-time.Hour)), "its JWT has expired at"},
		"a JWT for later":           {jwts, account.User(t, "new", func(c *jwt.UserClaims) { c.NotBefore = time.Now().Add(time.Hour).Unix() }), "not valid before"},
		"an account not there":      {jwts, foreign.User(t, "web-1"), "does not know the account " + foreign.Seed.PublicKey().String()},
		"a user the server has not": {nkeys, natsconn.Login{Seed: natstest.Key(t, keys.User)}, "does not know the user U"},
	} {
		r := check(c.server).Run(t.Context(), []access.Connection{connection(t, "web-1", wasmcloud.RPC, c.server, c.login)}).Results[0]
		isFound(t, name, r, finding.Error, access.RuleAuthenticate, c.says)
	}
	r := check(jwts).Run(t.Context(), []access.Connection{connection(t, "web-1", wasmcloud.RPC, jwts, account.User(t, "soon", ends(48*time.Hour)))}).Results[0]
	isFound(t, "a JWT that is over soon", r, finding.Warning, "nats_jwt", "expires at")
	if r.State() != access.OK {
		t.Errorf("a JWT that is over soon: %s", said(r))
	}
}

// TestMissingCredentials: what is not on this machine was not tried; what is at odds
// is wrong wherever it is.
func TestMissingCredentials(t *testing.T) {
	t.Parallel()
	s := natstest.Start(t)
	missing := connection(t, "web-1", wasmcloud.RPC, s, natsconn.Login{})
	missing.Missing = notThere(t)
	odd := connection(t, "web-2", wasmcloud.RPC, s, natsconn.Login{})
	odd.Missing = atOdds()
	r := check(s).Run(t.Context(), []access.Connection{missing, odd})
	isFound(t, "missing", r.Results[0], finding.Warning, access.RuleNotTried, "not at hand")
	isFound(t, "at odds", r.Results[1], finding.Error, access.RuleCredentials, "issued to")
	if r.Results[0].State() != access.NotTried || r.Tried() {
		t.Errorf("%+v", r)
	}
}

// TestMissingRights: what hosts need and a user may not do is found, both where the
// user's rights are known and where only trying tells.
func TestMissingRights(t *testing.T) {
	t.Parallel()
	operator := natstest.NewOperator(t)
	account := operator.Account(t, "prod")
	jwts := natstest.Start(t, operator.Run(t), natstest.JetStream(t))
	with := setup(t, "rust-0.82")
	for name, c := range map[string]struct {
		purpose wasmcloud.Purpose
		edit    func(*jwt.UserClaims)
		rule    finding.Rule
		says    string
	}{
		"calls":            {wasmcloud.RPC, func(c *jwt.UserClaims) { c.Pub.Deny.Add("wasmbus.rpc.prod.>") }, access.RulePublish, "may not publish to wasmbus.rpc.prod"},
		"being called":     {wasmcloud.RPC, func(c *jwt.UserClaims) { c.Sub.Deny.Add("wasmbus.rpc.prod.>") }, access.RuleSubscribe, "may not subscribe to wasmbus.rpc.prod"},
		"answers":          {wasmcloud.RPC, func(c *jwt.UserClaims) { c.Resp = nil }, access.RulePublish, "allow_responses"},
		"being answered":   {wasmcloud.RPC, func(c *jwt.UserClaims) { c.Sub.Deny.Add("_INBOX.>") }, access.RuleSubscribe, "may not subscribe to _INBOX.>"},
		"commands":         {wasmcloud.Control, func(c *jwt.UserClaims) { c.Sub.Deny.Add("wasmbus.ctl.prod.get.*") }, access.RuleSubscribe, "may not subscribe to wasmbus.ctl.prod"},
		"asking JetStream": {wasmcloud.Control, func(c *jwt.UserClaims) { c.Pub.Deny.Add("$JS.API.STREAM.INFO.KV_LATTICEDATA_prod") }, access.RulePublish, "$JS.API.STREAM.INFO.KV_LATTICEDATA_prod"},
	} {
		login := account.User(t, "web-1", least(t, with, c.purpose.Role()), c.edit)
		for _, known := range []bool{true, false} {
			to := connection(t, "web-1", c.purpose, jwts, login)
			if !known {
				to.User.Rights = nil
			}
			r := check(jwts).Run(t.Context(), []access.Connection{to}).Results[0]
			isFound(t, name, r, finding.Error, c.rule, c.says)
			if r.RightsKnown != known {
				t.Errorf("%s: rights known: %t", name, r.RightsKnown)
			}
		}
	}
}

// TestRightsAsTheServerTells: the server itself says what a user may do, to one that
// may ask, and what is too much is told.
func TestRightsAsTheServerTells(t *testing.T) {
	t.Parallel()
	user := natstest.Key(t, keys.User)
	narrow := &server.Permissions{
		Publish:   &server.SubjectPermission{Allow: []string{"$SYS.REQ.USER.INFO", "wasmbus.rpc.prod.*"}},
		Subscribe: &server.SubjectPermission{Allow: []string{"_INBOX.>", "wasmbus.rpc.prod.>"}},
		Response:  &server.ResponsePermission{MaxMsgs: 1, Expires: time.Minute},
	}
	s := natstest.Start(t, func(o *server.Options) {
		o.Nkeys = []*server.NkeyUser{{Nkey: user.PublicKey().String(), Permissions: narrow}}
	})
	r := check(s).Run(t.Context(), []access.Connection{connection(t, "web-1", wasmcloud.RPC, s, natsconn.Login{Seed: user})}).Results[0]
	if !r.RightsKnown {
		t.Error("the rights are not known")
	}
	isFound(t, "too little", r, finding.Error, access.RulePublish, "may not publish to wasmbus.rpc.prod.*.*")
	isFound(t, "too much", r, finding.Warning, access.RuleExceeds, "publish $SYS.REQ.USER.INFO")
	open := natstest.Start(t)
	r = check(open).Run(t.Context(), []access.Connection{connection(t, "web-1", wasmcloud.RPC, open, natsconn.Login{})}).Results[0]
	isFound(t, "everything", r, finding.Warning, access.RuleExceeds, "publish >")
}

// TestJetStream: JetStream is asked where the hosts are told to find it.
func TestJetStream(t *testing.T) {
	t.Parallel()
	off, on, domain := natstest.Start(t), natstest.Start(t, natstest.JetStream(t)), natstest.Start(t, natstest.JetStream(t), natstest.Domain("hub"))
	for name, c := range map[string]struct {
		server *natstest.Server
		domain string
		says   string
	}{
		"off":                    {off, "", "JetStream does not answer"},
		"on":                     {on, "", ""},
		"a domain":               {domain, "hub", ""},
		"a wrong domain":         {domain, "leaf", "does not answer in the domain leaf"},
		"a domain where none is": {on, "hub", "does not answer in the domain hub"},
	} {
		with := setup(t, "rust-0.82")
		with.JetStreamDomain = c.domain
		r := check(c.server).Run(t.Context(), []access.Connection{connection(t, "web-1", wasmcloud.Control, c.server, natsconn.Login{}, with)}).Results[0]
		if c.says != "" {
			isFound(t, name, r, finding.Error, access.RuleJetStream, c.says)
			continue
		}
		isWell(t, name, r, access.RuleExceeds)
		if len(r.Stores) != 2 || r.Stores[0].Exists {
			t.Errorf("%s: %+v", name, r.Stores)
		}
	}
	operator := natstest.NewOperator(t)
	account := operator.Account(t, "prod", func(c *jwt.AccountClaims) { c.Limits.JetStreamLimits = jwt.JetStreamLimits{} })
	s := natstest.Start(t, operator.Run(t), natstest.JetStream(t))
	r := check(s).Run(t.Context(), []access.Connection{connection(t, "web-1", wasmcloud.Control, s, account.User(t, "u"))}).Results[0]
	isFound(t, "off for the account", r, finding.Error, access.RuleJetStream, "JetStream")
}

// TestRevokedUsers: that a user is revoked is why it is refused, and an error where
// it is let in all the same.
func TestRevokedUsers(t *testing.T) {
	t.Parallel()
	for _, known := range []bool{false, true} {
		operator := natstest.NewMemoryOperator(t)
		account := operator.Account(t, "prod")
		user := account.User(t, "web-1")
		if known {
			account.Claims.Revoke(user.Seed.PublicKey().String())
			account.Store(t)
		}
		server := natstest.Start(t, operator.Run(t))
		to := connection(t, "web-1", wasmcloud.RPC, server, user)
		to.Users = lattice.NATSUsers{Revoked: []lattice.RevokedUser{{PublicKey: user.Seed.PublicKey()}}}
		r := check(server).Run(t.Context(), []access.Connection{to}).Results[0]
		if known {
			isFound(t, "refused", r, finding.Error, access.RuleAuthenticate, "is revoked")
		} else {
			isFound(t, "let in", r, finding.Error, lattice.RuleJWT, "in, which is revoked")
		}
	}
}
