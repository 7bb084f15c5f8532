package natstest

import (
	"testing"
	"time"

	"github.com/nats-io/jwt/v2"
	"github.com/nats-io/nats-server/v2/server"

	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/natsconn"
)

// Operator is an operator of NATS with a system account, and the accounts that
// a test adds to it.
type Operator struct {
	Seed   keys.Seed
	System *Account

	resolver server.AccountResolver
	accounts []*Account
}

// Account is an account of an operator.
type Account struct {
	Name   string
	Seed   keys.Seed
	Claims *jwt.AccountClaims

	operator *Operator
}

// NewOperator makes an operator whose accounts a server keeps in a folder of the
// test's own: the full resolver, to which accounts can be pushed.
func NewOperator(t testing.TB) *Operator {
	t.Helper()
	return newOperator(t, fullResolver(t))
}

// fullResolver keeps accounts in a folder of its own. By itself it compares none with
// other servers: that would put a newer account in the place of one a test has pushed.
func fullResolver(t testing.TB) *server.DirAccResolver {
	t.Helper()
	resolver, err := server.NewDirAccResolver(t.TempDir(), 0, time.Hour, server.RenameDeleted)
	if err != nil {
		t.Fatal(err)
	}
	return resolver
}

// NewMemoryOperator makes an operator whose accounts a server forgets.
func NewMemoryOperator(t testing.TB) *Operator {
	t.Helper()
	return newOperator(t, &server.MemAccResolver{})
}

func newOperator(t testing.TB, resolver server.AccountResolver) *Operator {
	t.Helper()
	o := &Operator{Seed: Key(t, keys.Operator), resolver: resolver}
	o.System = o.Account(t, "SYS")
	return o
}

// Run has a server trust the operator: an edit for Start.
func (o *Operator) Run(t testing.TB) func(*server.Options) {
	return func(options *server.Options) {
		claims := jwt.NewOperatorClaims(o.Seed.PublicKey().String())
		claims.SystemAccount = o.System.Seed.PublicKey().String()
		token := encode(t, claims, o.Seed)
		trusted, err := jwt.DecodeOperatorClaims(token)
		if err != nil {
			t.Fatal(err)
		}
		options.TrustedOperators = []*jwt.OperatorClaims{trusted}
		options.SystemAccount, options.AccountResolver = claims.SystemAccount, o.resolver
	}
}

// RunEach is Run for the servers of a cluster: each keeps the accounts that there are
// by now in a folder of its own.
func (o *Operator) RunEach(t testing.TB) func(*server.Options) {
	return func(options *server.Options) {
		resolver := fullResolver(t)
		o.give(t, resolver)
		o.Run(t)(options)
		options.AccountResolver = resolver
	}
}

// RunCaching is Run for a server that asks the others of its cluster for accounts, and
// keeps copies in a folder of its own: of those that there are by now, from its start.
func (o *Operator) RunCaching(t testing.TB) func(*server.Options) {
	return func(options *server.Options) {
		resolver, err := server.NewCacheDirAccResolver(t.TempDir(), 0, time.Hour)
		if err != nil {
			t.Fatal(err)
		}
		o.give(t, resolver)
		o.Run(t)(options)
		options.AccountResolver = resolver
	}
}

// RunEachBut is RunEach for all servers of a cluster but the named one, which keeps only
// copies.
func (o *Operator) RunEachBut(t testing.TB, name string) func(*server.Options) {
	keeps, caches := o.RunEach(t), o.RunCaching(t)
	return func(options *server.Options) {
		if options.ServerName == name {
			caches(options)
			return
		}
		keeps(options)
	}
}

// give has a resolver keep the operator's accounts.
func (o *Operator) give(t testing.TB, resolver server.AccountResolver) {
	t.Helper()
	for _, a := range o.accounts {
		if err := resolver.Store(a.Seed.PublicKey().String(), a.JWT(t)); err != nil {
			t.Fatal(err)
		}
	}
}

// Account adds an account, without limits but with JetStream unless edited.
func (o *Operator) Account(t testing.TB, name string, edits ...func(*jwt.AccountClaims)) *Account {
	t.Helper()
	a := &Account{Name: name, Seed: Key(t, keys.Account), operator: o}
	a.Claims = jwt.NewAccountClaims(a.Seed.PublicKey().String())
	a.Claims.Name = name
	if o.System != nil { // the system account can have none
		a.Claims.Limits.JetStreamLimits = jwt.JetStreamLimits{MemoryStorage: -1, DiskStorage: -1, Streams: -1, Consumer: -1}
	}
	for _, edit := range edits {
		edit(a.Claims)
	}
	a.Store(t)
	o.accounts = append(o.accounts, a)
	return a
}

// JWT is the account's, as its operator signs it.
func (a *Account) JWT(t testing.TB) string {
	t.Helper()
	return encode(t, a.Claims, a.operator.Seed)
}

// Store gives the resolver the account as its claims are now. A running server
// takes it when it is started again, or by a push.
func (a *Account) Store(t testing.TB) {
	t.Helper()
	if err := a.operator.resolver.Store(a.Seed.PublicKey().String(), a.JWT(t)); err != nil {
		t.Fatal(err)
	}
}

// User is the login of a new user of the account, who may do anything unless
// edited.
func (a *Account) User(t testing.TB, name string, edits ...func(*jwt.UserClaims)) natsconn.Login {
	t.Helper()
	seed := Key(t, keys.User)
	claims := jwt.NewUserClaims(seed.PublicKey().String())
	claims.Name = name
	for _, edit := range edits {
		edit(claims)
	}
	return natsconn.Login{JWT: encode(t, claims, a.Seed), Seed: seed}
}
