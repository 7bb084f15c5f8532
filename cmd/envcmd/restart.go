package envcmd

import (
	"context"
	"encoding/hex"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/live"
	"github.com/latch-keys/latch/internal/env"
	"github.com/latch-keys/latch/internal/keystore/bucket"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/rollout"
	"github.com/latch-keys/latch/internal/rollout/supervise"
	"github.com/latch-keys/latch/internal/wasmcloud/permissions"
)

// restartOptions say whether a host is started anew when what it is told changes, and
// how.
type restartOptions struct {
	live.Flags

	onChange                   bool
	every, settle, stop, start time.Duration
	most                       int
}

// lease is how long the turn of a host lasts whose supervisor no longer renews it.
const lease = 15 * time.Second

func (o *restartOptions) register(c *cobra.Command, a *app.App) {
	flags := c.Flags()
	flags.BoolVar(&o.onChange, "restart-on-change", false, "stay, and start the program anew when the host's environment changes: one host at a time")
	flags.DurationVar(&o.every, "every", 10*time.Second, "how long to pause between two looks at the manifest and the keystore")
	flags.DurationVar(&o.settle, "settle", 3*time.Second, "how long a change must stay the same before it counts")
	flags.DurationVar(&o.stop, "stop-timeout", 30*time.Second, "how long the program may take to end after SIGTERM, before it is killed")
	flags.DurationVar(&o.start, "start-timeout", 2*time.Minute, "how long a host may take to be seen as written, before the roll-out halts at it")
	flags.IntVar(&o.most, "max-unavailable", 1, "how many hosts of the lattice may be started anew at the same time")
	o.Register(c, a)
}

// check demands times and counts that mean something, and none where nothing restarts.
func (o *restartOptions) check(c *cobra.Command, fromCredentials bool) error {
	if !o.onChange {
		for _, name := range []string{"every", "settle", "stop-timeout", "start-timeout", "max-unavailable", "timeout", "match", "as"} {
			if c.Flags().Changed(name) {
				return app.UsageIn(c, "--%s needs --restart-on-change", name)
			}
		}
		return nil
	}
	switch {
	case fromCredentials:
		return app.UsageIn(c, "--restart-on-change cannot be given with --from-credentials, which systemd does not change while the host runs")
	case o.every <= 0 || o.settle < 0 || o.stop < 0 || o.start <= 0:
		return app.UsageIn(c, "--every, --settle, --stop-timeout and --start-timeout are times, such as 10s and 2m")
	case o.most < 1:
		return app.UsageIn(c, "--max-unavailable must be at least 1")
	}
	return nil
}

// supervise keeps the program running, and ends with its exit code.
func (a verbs) supervise(ctx context.Context, o execOptions, path string) error {
	a.Outlast()
	ctx = context.WithoutCancel(ctx)
	signals, stop := a.Sys.Signals()
	defer stop()
	from, err := a.newSource(o.host, o.from, o.restart.every)
	if err != nil {
		return err
	}
	f := &fleet{verbs: a, o: o, from: from}
	defer f.close()
	holder, err := a.newHolder(o.host)
	if err != nil {
		return err
	}
	code, err := (&supervise.Supervisor{
		Read: f.read, Signals: signals, Hints: from.hints, Say: a.Say, Warn: a.Warn,
		Start: func(environ []string) (supervise.Child, error) { return a.Sys.Start(path, o.argv, environ) },
		Member: &rollout.Member{
			Host: o.host, Holder: holder, Most: o.restart.most, Lease: lease, Patience: o.restart.stop + o.restart.start,
			Ledger: f, Look: f.look, Now: rollout.Clock(a.Sys.Ticks, a.Sys.Now),
		},
		Every: o.restart.every, Settle: o.restart.settle, StopTimeout: o.restart.stop, StartTimeout: o.restart.start,
	}).Run(ctx)
	if err != nil {
		return err
	}
	return app.ExitWith(code)
}

// newHolder is a name that no other supervisor has.
func (a verbs) newHolder(host string) (string, error) {
	raw := make([]byte, 8)
	_, err := io.ReadFull(a.Sys.Random, raw)
	return host + "-" + hex.EncodeToString(raw), err
}

// read is what the host would be told now. What a machine has kept will do to start it
// with, and not to start it anew.
func (f *fleet) read(ctx context.Context) (supervise.Told, error) {
	ask := f.from.look
	if !f.told {
		ask = f.from.start
	}
	found, err := ask(ctx)
	if err != nil {
		return supervise.Told{}, err
	}
	defer found.wipe()
	f.told = true
	f.learn(found.manifest)
	r := found.manifest.Rotation
	environ, err := env.Child(f.Sys.Environ, found.environment)
	return supervise.Told{
		Digest: found.digest, Environ: environ, Want: wantOf(found.manifest, f.o.host), Emergency: r != nil && r.Emergency,
	}, err
}

// wantOf is how a host of the manifest is to answer.
func wantOf(m lattice.Manifest, host string) rollout.Want {
	w := rollout.Want{Host: host, Generation: m.Generation}
	for _, s := range m.Standings() {
		if s.Host != host {
			continue
		}
		w.Signs = s.Signs.String()
		for _, key := range s.Accepts {
			w.Accepts = append(w.Accepts, key.String())
		}
	}
	return w
}

// ledger is where the hosts of the lattice take turns: beside a nats: keystore, or else
// where they take commands.
func (f *fleet) ledger(ctx context.Context) (*bucket.Cell, error) {
	name := f.manifest().Lattice
	if f.from.bucket != nil {
		return f.from.bucket.Cell(permissions.RolloutSuffix, name), nil
	}
	conn, err := f.connection(ctx)
	if err != nil {
		return nil, err
	}
	return bucket.CellOn(conn, "latch_rollout", name), nil
}
