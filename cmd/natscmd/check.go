package natscmd

import (
	"context"
	"encoding/hex"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/credentials"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/natsconn"
	"github.com/latch-keys/latch/internal/wasmbus/access"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// checkOptions say how hosts' connections are checked.
type checkOptions struct {
	timeout   time.Duration
	parallel  int
	write     bool
	isolation bool
}

func newCheck(a verbs) *cobra.Command {
	var o checkOptions
	c := &cobra.Command{
		Use:   "check [HOST...]",
		Short: "Check whether the hosts get to NATS, and reach each other there",
		Long: `Connects to NATS as each host would, for rpc, ctl and prov_rpc, with the credentials
that the manifest names, and says which step fails: the name of the server, the
connection, TLS, the login, publishing or subscribing. It then checks that all of
them reach one topic space, that JetStream answers in the domain of the hosts, and
that the users may do what their hosts need and no more.

Nothing is sent on a subject that a host listens to, and nothing is written, unless
--write has JetStream keep a message in a stream of its own, which is deleted again:
only a write proves that JetStream works. A server may log that the check asked for
what a user need not be allowed, such as $SYS.REQ.USER.INFO.

Servers are those of the manifest, seen from this machine; --nats tries all
credentials at another. Seeds come from the keystore.

--isolation takes the manifests of two lattices and tries every way from each into
the other, as one host of each: publishing, subscribing, streams, mirrors, republish,
delivery to consumers, answers. In two accounts none is open.

Exit code 3 if something is wrong, 4 if not all of it could be looked at; with
warnings alone it is 0.`,
		Example: "  latch nats check\n  latch nats check web-1 web-2\n  latch nats check --nats nats://10.0.0.5:4222 --nats-ca ca.pem\n" +
			"  latch nats check --isolation prod.yaml staging.yaml",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			if o.isolation {
				return a.checkIsolation(c, args, o.timeout)
			}
			return a.check(c, args, o)
		},
	}
	a.AddLiveFlags(c, "nats", "nats_ca")
	c.Flags().DurationVar(&o.timeout, "timeout", time.Minute, "how long all of it may take")
	c.Flags().BoolVar(&o.isolation, "isolation", false, "try every way between the lattices of two manifests")
	c.Flags().IntVar(&o.parallel, "connections", access.DefaultParallel, "how many connections may be open at once")
	c.ValidArgsFunction = func(c *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
		if o.isolation {
			return []string{"yaml", "yml"}, cobra.ShellCompDirectiveFilterFileExt
		}
		return a.CompleteHosts(c, args, typed)
	}
	c.Flags().BoolVar(&o.write, "write", false, "have JetStream keep a message for a moment, as a user who may")
	app.GivesSARIF(c)
	return a.PerLattice(c, "isolation")
}

func (a verbs) check(c *cobra.Command, names []string, o checkOptions) error {
	if o.timeout <= 0 || o.parallel <= 0 {
		return app.UsageIn(c, "--timeout and --connections must be more than nothing")
	}
	file, err := a.Manifest()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Context(), o.timeout)
	defer cancel()
	connections, wipe, err := a.connections(ctx, file, names)
	if err != nil {
		return err
	}
	defer wipe()
	word := make([]byte, 8)
	if _, err := io.ReadFull(a.Sys.Random, word); err != nil {
		return err
	}
	report := access.Check{
		Dial: a.Sys.Dial, Now: a.Sys.Now, Word: hex.EncodeToString(word), Wait: access.DefaultWait, Parallel: o.parallel, Write: o.write,
	}.Run(ctx, connections)
	if err := c.Context().Err(); err != nil {
		return err
	}
	return a.showCheck(file, report, a.revokedLetIn(ctx, file, report))
}

// connections are those of the named hosts, of all if none is named. What it gives
// wipes their seeds.
func (a verbs) connections(ctx context.Context, file *lattice.Document, names []string) ([]access.Connection, func(), error) {
	m := file.Manifest()
	hosts, err := hostsNamed(m, names)
	if err != nil {
		return nil, nil, err
	}
	if len(hosts) == 0 {
		return nil, nil, fault.New(fault.NotFound, "the lattice %s has no host to check", m.Lattice).WithHint("latch hosts add")
	}
	at, err := a.checkedPlace()
	if err != nil {
		return nil, nil, err
	}
	store, err := a.KeystoreOf(file)
	if err != nil {
		return nil, nil, err
	}
	resolver := credentials.NewResolver(m, a.FilesOf(file), a.SeedsOf(store))
	from := access.Source{Login: resolver.Connect, Setup: func(h lattice.Host) permissions.Setup { return credentials.SetupOf(m, h) }}
	found, err := access.Connections(ctx, m, hosts, from, at)
	if err != nil {
		resolver.Wipe()
		return nil, nil, err
	}
	return found, resolver.Wipe, nil
}

// checkedPlace is where the credentials are tried. Only a flag moves that: settings
// say where latch itself asks.
func (a verbs) checkedPlace() (at access.Place, err error) {
	s, err := a.Settings()
	if err != nil {
		return at, err
	}
	at.CA = s.NATSCA
	if s.NATS != "" && strings.HasPrefix(s.Origin("nats"), "flag ") {
		at.URLs, err = natsconn.ParseURLs(s.NATS)
		a.Warn("the credentials are tried at %s, not where the manifest says", s.NATS)
	}
	return at, err
}
