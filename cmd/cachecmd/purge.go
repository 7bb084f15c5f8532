package cachecmd

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/wasmbus"
	"github.com/latch-keys/latch/internal/wasmbus/cache"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

// usualWait is longer than hosts are silent.
const usualWait = wasmbus.HeartbeatInterval + 5*time.Second

type purgeOptions struct {
	placeFlags

	streams []string
	copy    string
	noCopy  bool
	wait    time.Duration
	confirm string
	dryRun  bool
}

func newPurge(a verbs) *cobra.Command {
	var o purgeOptions
	c := &cobra.Command{
		Use:   "purge [STREAM...]",
		Short: "Purge what JetStream keeps of the lattice, once every host has stopped",
		Long: `Empties the lattice's streams, or only those that are named. Hosts keep claims and
links in memory: one that runs would not notice, and disagree with the others from
then on. So latch refuses (exit 5) while any host answers, of whatever version, or
tells within --wait that it runs. Stop every host first.

It writes what there is to a new private file, reads that back, and only then purges;
latch cache restore puts it back. Only what was copied is purged. Configuration
(CONFIGDATA_) is not made again by hosts: name the other streams to keep it.

It asks for the name of the lattice; use --confirm where there is no terminal.
Nothing to purge is no error.`,
		Example: "  latch cache purge --copy prod-cache.jsonl\n" +
			"  latch cache purge KV_LATTICEDATA_prod --copy prod-links.jsonl --confirm prod\n" +
			"  latch cache purge --no-copy --dry-run",
		Args:              cobra.ArbitraryArgs, // judged by the lattice's name
		ValidArgsFunction: a.completeStreams,
		RunE: func(c *cobra.Command, args []string) error {
			o.streams = args
			if (o.copy == "") == !o.noCopy {
				return app.UsageIn(c, "say where the copy goes with --copy FILE, or --no-copy if none is wanted")
			}
			if o.wait < 0 {
				return app.UsageIn(c, "--wait is a time, such as 35s")
			}
			return a.purge(c.Context(), o)
		},
	}
	o.register(c, a.App)
	flags := c.Flags()
	flags.StringVar(&o.copy, "copy", "", "write what is purged to this new file first")
	flags.BoolVar(&o.noCopy, "no-copy", false, "purge without a copy: what is purged is lost")
	flags.DurationVar(&o.wait, "wait", usualWait, "listen so long for hosts that run")
	flags.StringVar(&o.confirm, "confirm", "", "name of the lattice, instead of being asked for it")
	flags.BoolVar(&o.dryRun, "dry-run", false, "say what would be purged, and whether a host answers; purge nothing")
	c.MarkFlagsMutuallyExclusive("copy", "no-copy")
	return c
}

// completeStreams offers the streams of the manifest's lattice, for shells.
func (a verbs) completeStreams(_ *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	document, err := a.Manifest()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	names := streamNames(document.Manifest().Lattice)
	return slices.DeleteFunc(names, func(name string) bool { return slices.Contains(args, name) }), cobra.ShellCompDirectiveNoFileComp
}

func (a verbs) purge(ctx context.Context, o purgeOptions) error {
	if _, err := os.Lstat(o.copy); err == nil && o.copy != "" {
		return fault.New(fault.Exists, "%s exists, and a copy never replaces a file", o.copy).WithHint("name another file for the copy")
	}
	p, end, err := o.open(ctx, a.App, cache.CopyInfo{})
	if err != nil {
		return err
	}
	defer end()
	streams, err := p.wanted(ctx, o.streams)
	if err != nil {
		return err
	}
	if len(streams) == 0 {
		return a.showPurged(p, o, nil, nil)
	}
	watch, err := p.Watch(ctx, p.question)
	if err != nil {
		return err
	}
	defer watch.Close()
	if err := a.ready(ctx, p, o, watch, streams); err != nil {
		return err
	}
	if o.dryRun {
		return a.showPurged(p, o, streams, streams)
	}
	if err := a.settleAndCopy(ctx, p, o, watch, streams); err != nil {
		return err
	}
	var after []cache.Stream
	err = a.Change(func() error {
		after, err = p.Purge(ctx, streams)
		return err
	})
	if err != nil {
		return a.kept(err, o)
	}
	return a.showPurged(p, o, streams, after)
}

// wanted are the streams that hold something, of those that are named.
func (p place) wanted(ctx context.Context, named []string) ([]cache.Stream, error) {
	known := streamNames(p.lattice)
	for _, name := range named {
		if !slices.Contains(known, name) {
			return nil, fault.New(fault.Usage, "%s is no stream of the lattice %s", name, p.lattice).WithHint("there are %s", strings.Join(known, ", "))
		}
	}
	streams, err := p.Look(ctx)
	for _, s := range streams {
		if s.Hidden != nil && (len(named) == 0 || slices.Contains(named, s.Stream)) {
			return nil, s.Hidden
		}
	}
	return slices.DeleteFunc(streams, func(s cache.Stream) bool {
		return s.Messages == 0 || len(named) > 0 && !slices.Contains(named, s.Stream)
	}), err
}

// ready makes sure that the purge is possible, and says what it is of.
func (a verbs) ready(ctx context.Context, p place, o purgeOptions, watch *cache.Watch, streams []cache.Stream) error {
	if err := a.ask(ctx, watch); err != nil {
		return err
	}
	if err := p.Rehearse(ctx, streams); err != nil {
		return err
	}
	for _, s := range streams {
		a.Say("%s holds %s.", s.Stream, inWords(s))
		if slices.ContainsFunc(s.Holds, func(c cache.Count) bool { return c.Entry == wasmcloud.ConfigurationEntry }) {
			a.Warn("what %s holds was set by people: no host makes it again", s.Stream)
		}
	}
	if o.noCopy {
		a.Warn("without a copy, what is purged is lost")
	}
	if o.wait < wasmbus.HeartbeatInterval {
		a.Warn("hosts tell every %s that they run: in %s one that answers no question may not be heard", wasmbus.HeartbeatInterval, o.wait)
	}
	return nil
}

// ask asks whether a host is there.
func (a verbs) ask(ctx context.Context, watch *cache.Watch) error {
	somebody, err := watch.Ask(ctx)
	if somebody {
		a.Warn("somebody listens where hosts are asked, and did not answer: an observer, or a host that hangs")
	}
	return err
}

// settleAndCopy asks for confirmation, listens for hosts, writes the copy, and asks
// the hosts once more.
func (a verbs) settleAndCopy(ctx context.Context, p place, o purgeOptions, watch *cache.Watch, streams []cache.Stream) error {
	if err := a.ConfirmLattice(ctx, p.lattice, o.confirm); err != nil {
		return err
	}
	a.Say("Listening for %s whether a host of the lattice %s runs.", o.wait, p.lattice)
	if err := watch.Wait(ctx, o.wait); err != nil {
		return err
	}
	if !o.noCopy {
		if err := a.writeCopy(ctx, p, o.copy, streams); err != nil {
			return err
		}
	}
	return a.kept(a.ask(ctx, watch), o)
}

// kept adds to an error that the copy is there.
func (a verbs) kept(err error, o purgeOptions) error {
	if err != nil && !o.noCopy {
		a.Say("The copy %s is whole.", o.copy)
	}
	return err
}

// purgedDocument is a stream before and after, as JSON output gives it.
type purgedDocument struct {
	Stream string         `json:"stream"`
	Before streamDocument `json:"before"`
	After  streamDocument `json:"after"`
}

func (a verbs) showPurged(p place, o purgeOptions, before, after []cache.Stream) error {
	doc := struct {
		placeDocument
		File   string           `json:"file,omitempty"`
		DryRun bool             `json:"dry_run"`
		Purged []purgedDocument `json:"purged"`
	}{placeDocument: p.document(), DryRun: o.dryRun, Purged: []purgedDocument{}}
	if len(before) > 0 && !o.dryRun {
		doc.File = o.copy
	}
	for i, s := range before {
		doc.Purged = append(doc.Purged, purgedDocument{s.Stream, describe(s), describe(after[i])})
	}
	return a.ShowDone(doc, func(w io.Writer) {
		if len(before) == 0 {
			fmt.Fprintf(w, "%s: nothing to purge\n", doc.placeDocument)
			return
		}
		verb := "purged"
		if o.dryRun {
			verb = "would purge"
		}
		for i, s := range before {
			fmt.Fprintf(w, "%s %s: %d message%s (%s)", verb, s.Stream, s.Messages, app.Plural(int(s.Messages)), inWords(s))
			if !o.dryRun {
				fmt.Fprintf(w, ", now %d", after[i].Messages)
			}
			fmt.Fprintln(w)
		}
		if doc.File != "" {
			fmt.Fprintf(w, "copy: %s\n", doc.File)
		}
	})
}
