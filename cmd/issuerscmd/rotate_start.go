package issuerscmd

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/listflag"
	"github.com/latch-keys/latch/cmd/app/published"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
)

type rotateStartOptions struct {
	rotation.Selection
	newKeys
	shared, perHost bool
	dryRun          bool
}

func newRotateStart(a verbs) *cobra.Command {
	var o rotateStartOptions
	c := &cobra.Command{
		Use:   "start",
		Short: "Start a rotation: make new keys that every host accepts",
		Long: `Makes a new key for each key that a host signs with, stores the seeds and enters
phase introduce: all of it or nothing. A shared key is replaced by a shared key.
--shared makes one key for all hosts, --per-host one key for each host. --retire
replaces only the named issuers. --host gives only the named hosts keys of their
own; the others keep theirs.

Seeds that are handed in as variables (--keystore env:, as in CI) cannot be stored:
make the key elsewhere, keep its seed as a secret, and give its public key with --new.`,
		Example: "  latch issuers rotate start\n  latch issuers rotate start --retire prod-web-1\n" +
			"  latch issuers rotate start --per-host",
		Args: app.Exactly(),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := o.choose(); err != nil {
				return app.UsageOf(c, err)
			}
			o.again = o.command()
			return a.rotateStart(c.Context(), o)
		},
	}
	flags := c.Flags()
	listflag.Add(flags, &o.Retire, "retire", "replace only these issuers")
	listflag.Add(flags, &o.Hosts, "host", "give keys of their own to these hosts only")
	flags.BoolVar(&o.shared, "shared", false, "make one new key for all hosts")
	flags.BoolVar(&o.perHost, "per-host", false, "make a new key for each host")
	o.register(c)
	addDryRunFlag(c, &o.dryRun)
	_ = c.RegisterFlagCompletionFunc("host", a.CompleteHosts)
	_ = c.RegisterFlagCompletionFunc("retire", a.CompleteIssuers)
	return c
}

// choose takes the shape from the flags.
func (o *rotateStartOptions) choose() error {
	switch {
	case o.shared && o.perHost:
		return errors.New("use either --shared or --per-host, not both")
	case len(o.Hosts) > 0 && (o.shared || o.perHost || len(o.Retire) > 0):
		return errors.New("--host cannot be combined with --shared, --per-host or --retire")
	case o.shared:
		o.Shape = rotation.Shared
	case o.perHost:
		o.Shape = rotation.PerHost
	}
	return nil
}

// command is the command with the flags that choose keys.
func (o *rotateStartOptions) command() string {
	words := "latch issuers rotate start"
	if o.shared {
		words += " --shared"
	}
	if o.perHost {
		words += " --per-host"
	}
	if len(o.Retire) > 0 {
		words += " --retire " + strings.Join(o.Retire, ",")
	}
	if len(o.Hosts) > 0 {
		words += " --host " + strings.Join(o.Hosts, ",")
	}
	return words
}

func (a verbs) rotateStart(ctx context.Context, o rotateStartOptions) error {
	file, err := published.ToChange(ctx, a.App)
	if err != nil {
		return err
	}
	m := file.Manifest()
	var fresh app.FreshKeys
	defer func() { fresh.Wipe() }()
	next, err := a.planStart(ctx, file, o, &fresh)
	if err != nil {
		return err
	}
	updated, err := a.saveStep(ctx, file, next, fresh, o.dryRun)
	if err != nil {
		return err
	}
	return a.showStep(finishedStep{before: m, after: updated, fresh: fresh.Names, guide: a.guide("", seenOptions{}), dryRun: o.dryRun})
}

// planStart makes the new keys, in memory, and the manifest that has them.
func (a verbs) planStart(ctx context.Context, file *lattice.Document, o rotateStartOptions, fresh *app.FreshKeys) (lattice.Manifest, error) {
	m := file.Manifest()
	if m.Rotation != nil {
		return rotation.Start(m, nil, nil, a.Sys.Now()) // says so
	}
	taken, err := a.takenNames(ctx, m, o.newKeys)
	if err != nil {
		return m, err
	}
	successions, err := rotation.Successions(m, o.Selection, taken)
	if err != nil {
		return m, err
	}
	if err := a.checkSigners(ctx, file, o.newKeys); err != nil {
		return m, err
	}
	fresh.InPlaceOf = map[string]string{}
	for _, s := range successions {
		fresh.InPlaceOf[s.New] = s.Old
	}
	issuers, err := a.issuers(newNames(successions), o.newKeys, fresh)
	if err != nil {
		return m, err
	}
	return rotation.Start(m, successions, issuers, a.Sys.Now())
}
