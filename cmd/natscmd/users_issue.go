package natscmd

import (
	"context"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/connect"
	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/credentials/users"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/keystore"
	"github.com/latch-keys/latch/internal/lattice"
)

type issueOptions struct {
	userSettings
	connect    connect.Flags
	hosts      []string
	ownAccount bool
	renew      bool
	shortLived bool
	push       bool
	dryRun     bool
}

func newUsersIssue(a verbs) *cobra.Command {
	var o issueOptions
	c := &cobra.Command{
		Use:   "issue [HOST...]",
		Short: "Issue the NATS users of the hosts, and renew those that expire",
		Long: `Issues a NATS user for each connection of each host, or of the named hosts: with the
least permissions that the target needs and a new key, whose seed goes into the
keystore. The JWTs lie in the folder nats beside the manifest, which names them;
latch env write gives them to the hosts. All or nothing. Users that are as they
should be stay: to issue twice changes nothing. A user is renewed when a third of
its life is left, at most 30 days before it expires.

The users are signed with the key of their account (--signer), or with a signing key
of it (--account-jwt is needed then). A scoped signing key is honoured: its users
carry no permissions, and are issued only if the scope allows what they need. The
manifest keeps what was said, so that it is said once.

--account-per-lattice makes the account as well, signed with the operator's key.
--push gives it to the servers, as a user of their system account.`,
		Example: `  latch nats users issue --signer prod-account
  latch nats users issue --account-per-lattice --operator ops
  latch nats users issue web-1 --expires 60d`,
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			o.hosts = args
			return a.issue(c.Context(), o)
		},
		ValidArgsFunction: a.CompleteHosts,
	}
	o.userSettings.register(c, a)
	flags := c.Flags()
	flags.BoolVar(&o.ownAccount, "account-per-lattice", false, "make an account for this lattice, if it has none")
	flags.BoolVar(&o.renew, "renew", false, "issue all users anew, whether they expire or not")
	flags.BoolVar(&o.shortLived, "short-lived", false, "allow users that expire before two deploys")
	flags.BoolVar(&o.push, "push", false, "give the account to the servers")
	flags.BoolVar(&o.dryRun, "dry-run", false, "show what would be issued, but change nothing")
	o.connect.Register(c, a.App)
	return c
}

// issuing is what is about to be issued.
type issuing struct {
	file     *lattice.Document
	store    keystore.Store
	stored   map[string]keys.PublicKey
	settings lattice.NATSUsers
	account  users.Account // zero where its JWT is not at hand
	made     bool          // the account is made now
	fresh    app.FreshKeys
	issued   []users.Issued
	kept     int
	now      time.Time
}

func (a verbs) issue(ctx context.Context, o issueOptions) error {
	file, err := published.ToChange(ctx, a.App)
	if err != nil {
		return err
	}
	run := &issuing{file: file, now: a.Sys.Now().UTC().Truncate(time.Second)}
	defer func() { run.fresh.Wipe() }()
	if run.settings, err = o.over(file.Manifest().NATSUsers, file); err != nil {
		return err
	}
	if err := checkLife(run.settings, o.shortLived); err != nil {
		return err
	}
	if err := a.openStore(ctx, run); err != nil {
		return err
	}
	issuer, err := a.issuerOf(ctx, run, o)
	if err != nil {
		return err
	}
	defer issuer.Wipe()
	if err := a.makeUsers(ctx, run, issuer, o); err != nil {
		return err
	}
	if !o.dryRun {
		if err := a.saveUsers(ctx, run); err != nil {
			return err
		}
	}
	if err := a.showIssued(run, o); err != nil || !o.push || o.dryRun {
		return err
	}
	return a.pushAccount(ctx, run, o)
}

// openStore opens the keystore, which must be able to take the new seeds.
func (a verbs) openStore(ctx context.Context, run *issuing) (err error) {
	if run.store, err = a.KeystoreOf(run.file); err != nil {
		return err
	}
	if keystore.HandedIn(run.store) {
		return fault.New(fault.ReadOnly, "%s can only be read: no user's seed can be stored there", run.store.URI()).
			WithHint("name a keystore that can be written to with --keystore")
	}
	entries, err := run.store.List(ctx)
	run.stored = app.PublicKeys(entries)
	return err
}

// makeUsers issues, in memory, the users that are needed.
func (a verbs) makeUsers(ctx context.Context, run *issuing, issuer users.Issuer, o issueOptions) error {
	m := run.file.Manifest()
	needs := users.Needs{Settings: run.settings, Now: run.now}
	resolver := credentials.NewResolver(m, a.FilesOf(run.file), nil)
	all, err := needs.Look(m, o.hosts, issuer.Scoped(), resolver.UserOf(ctx), run.stored)
	if err != nil {
		return err
	}
	if len(m.Hosts) == 0 {
		a.Say("No hosts in %s; no users to issue.", run.file.Path())
	}
	due := slices.DeleteFunc(all, func(s users.Standing) bool { return s.Need == users.UpToDate && !o.renew })
	run.kept = len(all) - len(due)
	expires := run.now.Add(run.settings.Expires)
	taken := map[string]bool{}
	orders := make([]users.Order, len(due))
	err = keys.GenerateMany(ctx, keys.User, len(due), workers(), a.Sys.Random, func(seed keys.Seed) error {
		s := due[len(run.issued)]
		name := users.SeedName(m.Lattice, s.Host, s.For, m.Generation+1, func(name string) bool {
			_, there := run.stored[name]
			return there || taken[name]
		})
		taken[name] = true
		orders[len(run.issued)] = users.Order{
			Lattice: m.Lattice, Host: s.Host, For: s.For, Generation: m.Generation + 1, User: seed.PublicKey(), Needs: s.Needs, Expires: expires,
		}
		run.issued = append(run.issued, users.Issued{Standing: s, Seed: seed, Name: name, At: run.now, Expires: expires})
		run.fresh.Names, run.fresh.Seeds = append(run.fresh.Names, name), append(run.fresh.Seeds, seed)
		return nil
	})
	if err != nil {
		return err
	}
	texts, err := issuer.IssueAll(ctx, orders, workers())
	for i, text := range texts {
		run.issued[i].JWT = text
	}
	return err
}
