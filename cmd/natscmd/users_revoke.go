package natscmd

import (
	"context"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/connect"
	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/credentials/accounts"
	"github.com/latch-keys/latch/internal/credentials/users"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/safefile"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

type revokeOptions struct {
	connect  connect.Flags
	who      string
	purposes []string
	former   bool
	cutOff   bool
	operator string
	push     bool
	offline  bool
	dryRun   bool
}

func newUsersRevoke(a verbs) *cobra.Command {
	var o revokeOptions
	c := &cobra.Command{
		Use:   "revoke HOST|USER",
		Short: "Revoke NATS users of a host, and prove that every server refuses them",
		Long: `Revokes NATS users of a host: those of one connection with --for, or those that it is
not given any more with --former; or one user, by its public key. The manifest keeps
the revocation. latch fetches the account from the servers, as a user of their system
account, adds the revocations of the manifest and signs it with the operator's key.
It prints the account JWT, or gives it to the servers with --push; then it reads back
what each server has, and connects to each: no revoked user may get in, and the other
users of the host must.

Refuses to cut off a host that is in the manifest (exit code 5), or that may log in as
the user as far as can be read here, unless you add --cut-off. Providers with users of
their own (--for prov_rpc) can be revoked while their host goes on. Who is revoked gets
a new key from latch nats users issue. Exit code 3 if a server still lets a revoked
user in, or did not answer.`,
		Example: `  latch nats users revoke web-1 --for prov_rpc --push --creds sys.creds
  latch nats users revoke web-1 --former --push --nats-context ops
  latch nats users revoke web-3 --offline > account.jwt`,
		Args: app.Exactly("HOST"),
		RunE: func(c *cobra.Command, args []string) error {
			o.who = args[0]
			return a.revoke(c, o)
		},
		ValidArgsFunction: a.CompleteHosts,
	}
	forFlag(c, &o.purposes, "revoke only users of this connection")
	flags := c.Flags()
	flags.BoolVar(&o.former, "former", false, "revoke only users that no host is given any more")
	flags.BoolVar(&o.cutOff, "cut-off", false, "revoke even users that a host of the manifest needs")
	flags.StringVar(&o.operator, "operator", "", "name, in the keystore, of the operator's key (default: the manifest's)")
	flags.BoolVar(&o.push, "push", false, "give the account to the servers, and prove what they do")
	flags.BoolVar(&o.offline, "offline", false, "ask no server: take the account JWT that the manifest names")
	flags.BoolVar(&o.dryRun, "dry-run", false, "show what would be revoked, but change nothing")
	_ = c.RegisterFlagCompletionFunc("operator", a.CompleteKeyNames)
	o.connect.Register(c, a.App)
	c.MarkFlagsMutuallyExclusive("push", "offline")
	return c
}

// revoking is a revocation under way.
type revoking struct {
	file, next *lattice.Document
	resolver   *credentials.Resolver
	chosen     []lattice.IssuedUser
	fresh      []lattice.RevokedUser
	now        time.Time
	account    accounts.Revocation
	pushed     accounts.Pushed
	stale      []string // servers that lack a revocation afterwards
	keptStale  int
	proof      proof
}

func (a verbs) revoke(c *cobra.Command, o revokeOptions) error {
	ctx := c.Context()
	run, err := a.chooseUsers(ctx, o)
	if err != nil {
		return err
	}
	if o.dryRun {
		return a.showRevoked(run, o)
	}
	store, err := a.KeystoreOf(run.file)
	if err != nil {
		return err
	}
	run.resolver = credentials.NewResolver(run.file.Manifest(), a.FilesOf(run.file), a.SeedsOf(store))
	defer run.resolver.Wipe()
	operator, err := a.operatorKey(ctx, run, o)
	if err != nil {
		return err
	}
	defer operator.Wipe()
	if o.offline {
		err = a.revokeOffline(ctx, run, operator)
	} else {
		err = a.revokeLive(ctx, run, o, operator)
	}
	if err != nil {
		return err
	}
	if err := a.showRevoked(run, o); err != nil {
		return err
	}
	a.sayAfterRevoke(run, o)
	if o.push && !run.proved() {
		return app.No()
	}
	return nil
}

// chooseUsers finds whom to revoke, and the manifest that says so.
func (a verbs) chooseUsers(ctx context.Context, o revokeOptions) (*revoking, error) {
	file, err := published.ToChange(ctx, a.App)
	if err != nil {
		return nil, err
	}
	choice := users.Choice{Who: o.who, Former: o.former}
	for _, name := range o.purposes {
		p, err := wasmcloud.ParsePurpose(name)
		if err != nil {
			return nil, fault.New(fault.Usage, "--for").Because(err).WithHint("latch nats users revoke --help")
		}
		choice.For = append(choice.For, p)
	}
	m := file.Manifest()
	used := users.FindInUse(m, credentials.NewResolver(m, a.FilesOf(file), nil).UserOf(ctx))
	run := &revoking{file: file, now: a.Sys.Now().UTC()}
	if run.chosen, err = users.Choose(m, choice, used); err != nil {
		return nil, err
	}
	if !o.cutOff {
		if err := users.CheckCutOff(choice, run.chosen, used); err != nil {
			return nil, err
		}
	}
	next, fresh := users.Revoking(m, run.chosen, used, run.now)
	run.fresh = fresh
	run.next, err = file.Update(next)
	return run, err
}

// operatorKey opens the key that signs the account.
func (a verbs) operatorKey(ctx context.Context, run *revoking, o revokeOptions) (keys.Seed, error) {
	name := o.operator
	if name == "" {
		name = run.file.Manifest().NATSUsers.Operator
	}
	if name == "" {
		return keys.Seed{}, fault.New(fault.Usage, "which key signs the account is not known").WithHint("name the operator's key, or a signing key of it, with --operator")
	}
	store, err := a.KeystoreOf(run.file)
	if err != nil {
		return keys.Seed{}, err
	}
	return a.SeedsOf(store)(ctx, name)
}

// accountKey is the account that the users belong to.
func (run *revoking) accountKey() (keys.PublicKey, error) {
	u := run.file.Manifest().NATSUsers
	if u.Account.IsZero() {
		return u.Account, fault.New(fault.NotFound, "the manifest does not say which account the NATS users belong to").
			WithHint("write it into the manifest: nats_users: {account: A…}; or issue users with latch nats users issue")
	}
	return u.Account, nil
}

// revokeOffline takes the account JWT that lies beside the manifest.
func (a verbs) revokeOffline(ctx context.Context, run *revoking, operator keys.Seed) error {
	u := run.next.Manifest().NATSUsers
	before, err := readAccount(run.file, u)
	if err != nil {
		return err
	}
	if before.IsZero() {
		return fault.New(fault.NotFound, "the manifest names no file with the account's JWT").WithHint("leave --offline out: the servers have it")
	}
	run.account.Before = before
	run.account.After, run.account.Fill, err = accounts.Revoke(before, u.Revoked, users.Expired(u, run.now), operator, nil)
	if err != nil {
		return err
	}
	return a.saveRevoked(ctx, run)
}

// revokeLive takes the account as the servers have it.
func (a verbs) revokeLive(ctx context.Context, run *revoking, o revokeOptions, operator keys.Seed) error {
	account, err := run.accountKey()
	if err != nil {
		return err
	}
	s, options, end, err := servers(ctx, a.App, &o.connect)
	if err != nil {
		return err
	}
	defer end()
	before, after := run.file.Manifest().NATSUsers, run.next.Manifest().NATSUsers
	if run.account, err = s.Prepare(ctx, account, before.Current(run.now).Revoked, run.fresh, users.Expired(after, run.now), operator, run.now); err != nil {
		return err
	}
	if err := a.saveRevoked(ctx, run); err != nil || !o.push {
		return err
	}
	// A server that keeps only copies may have an old one, and takes no other before a
	// user has come: those of the proof do.
	if err := pushAndProve(ctx, s, run, options); err != nil || len(run.pushed.Later) == 0 || run.proved() {
		return err
	}
	return pushAndProve(ctx, s, run, options)
}

// saveRevoked keeps the revocations in the manifest, and in the account JWT that lies
// beside it: one that is pushed later must not lack them.
func (a verbs) saveRevoked(ctx context.Context, run *revoking) error {
	return a.Change(func() error {
		if err := run.next.Save(ctx); err != nil {
			return err
		}
		u := run.next.Manifest().NATSUsers
		if u.AccountJWT == "" {
			return nil
		}
		_, err := safefile.Write(accountFile(run.next, u), []byte(run.account.After.JWT()+"\n"), safefile.Private)
		return err
	})
}
