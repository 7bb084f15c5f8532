package issuerscmd

import (
	"context"
	"errors"
	"io/fs"
	"strings"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rotation"
)

type rotateStartOptions struct {
	rotation.Selection
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
own; the others keep theirs.`,
		Example: "  latch issuers rotate start\n  latch issuers rotate start --retire prod-web-1\n" +
			"  latch issuers rotate start --per-host",
		Args: app.Exactly(),
		RunE: func(c *cobra.Command, _ []string) error {
			if err := o.choose(); err != nil {
				return app.UsageOf(c, err)
			}
			return a.rotateStart(c.Context(), o)
		},
	}
	flags := c.Flags()
	flags.StringSliceVar(&o.Retire, "retire", nil, "replace only these issuers")
	flags.StringSliceVar(&o.Hosts, "host", nil, "give keys of their own to these hosts only")
	flags.BoolVar(&o.shared, "shared", false, "make one new key for all hosts")
	flags.BoolVar(&o.perHost, "per-host", false, "make a new key for each host")
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

func (a verbs) rotateStart(ctx context.Context, o rotateStartOptions) error {
	file, err := a.Manifest()
	if err != nil {
		return err
	}
	m := file.Manifest()
	var fresh app.FreshKeys
	defer func() { fresh.Wipe() }()
	next, err := a.planStart(ctx, m, o.Selection, &fresh)
	if err != nil {
		return err
	}
	updated, err := a.saveStep(ctx, file, next, fresh, o.dryRun)
	if err != nil {
		return err
	}
	return a.showStep(finishedStep{before: m, after: updated, fresh: fresh.Names, guide: a.guide("", deployedOptions{}), dryRun: o.dryRun})
}

// planStart makes the new keys, in memory, and the manifest that has them.
func (a verbs) planStart(ctx context.Context, m lattice.Manifest, s rotation.Selection, fresh *app.FreshKeys) (lattice.Manifest, error) {
	if m.Rotation != nil {
		return rotation.Start(m, nil, nil, a.Sys.Now()) // says so
	}
	taken, err := a.takenNames(ctx, m)
	if err != nil {
		return m, err
	}
	successions, err := rotation.Successions(m, s, taken)
	if err != nil {
		return m, err
	}
	var issuers []lattice.Issuer
	made := map[string]bool{}
	for _, next := range successions {
		if made[next.New] {
			continue
		}
		made[next.New] = true
		issuer, err := a.FreshIssuer(fresh, next.New)
		if err != nil {
			return m, err
		}
		issuers = append(issuers, issuer)
	}
	return rotation.Start(m, successions, issuers, a.Sys.Now())
}

// takenNames knows the names that a new key cannot have: those in the manifest,
// and those in the keystore, whatever lies under them.
func (a verbs) takenNames(ctx context.Context, m lattice.Manifest) (func(string) bool, error) {
	store, err := a.Keystore()
	if err != nil {
		return nil, err
	}
	entries, err := store.List(ctx)
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // a folder that is not there yet will be made
		return nil, err
	}
	taken := map[string]bool{}
	take := func(name string) { taken[strings.ToLower(name)] = true }
	for _, is := range m.Issuers {
		take(is.Name)
	}
	for _, d := range m.Denied {
		take(d.Name)
	}
	for _, e := range entries {
		take(e.Name)
	}
	return func(name string) bool { return taken[strings.ToLower(name)] }, nil
}
