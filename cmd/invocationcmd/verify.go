package invocationcmd

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/live"
	"github.com/latch-keys/latch/internal/env/envfile"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/terminal"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

type verifyOptions struct {
	as       string
	issuers  string
	envFile  string
	readBy   string
	replays  time.Duration
	most     int
	mistyped bool

	running string
	live    live.Flags
}

func newVerify(a verbs) *cobra.Command {
	var o verifyOptions
	c := &cobra.Command{
		Use:   "verify [FILE...|-]",
		Short: "Verify invocations as a host does, and say why one is refused",
		Long: `Verifies signed calls as the receiver does: every check in its order, with the words
that it logs. Reads messages in MessagePack as they travel over NATS, JSON documents
as latch prints them, or bare tokens, one per line.

--as says which verifier to imitate:
  otp        OTP hosts 0.50 to 0.63
  rust-0.82  Rust hosts 0.78 to 0.82
  sdk        providers made with the Rust provider SDK 0.1 to 0.3
  strict     all that wasmCloud's documentation promises: also that the token
             belongs to this invocation, that payloads are whole, that keys are
             sound, and that no invocation comes twice

The issuers are those of the manifest, of a host's env file (--env), of a running host
(--live), or those given (--issuers). Some malformed tokens crash a real verifier:
latch says which.

Exit code 3 if any call is refused.`,
		Example: "  latch invocation verify message.bin\n" +
			"  latch invocation verify --as strict --env web-2.env message.bin\n" +
			"  latch invocation verify --issuers CDMTUBVGADIQZFWBUZL7LEF7YHZF6CPSKO3HLOTLBQFY2FHDLZFAMYMD - < calls.jsonl",
		Args: cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			return a.verify(c.Context(), args, o)
		},
	}
	o.register(c, "as")
	c.Flags().StringVar(&o.running, "live", "", "accept what this running host of the manifest says it accepts")
	_ = c.RegisterFlagCompletionFunc("live", a.CompleteHosts)
	o.live.RegisterServer(c, a.App)
	c.MarkFlagsMutuallyExclusive("issuers", "env", "live")
	return c
}

// register adds the flags that say whose verdict is asked for, and whose calls are
// accepted.
func (o *verifyOptions) register(c *cobra.Command, as string) {
	flags := c.Flags()
	flags.StringVar(&o.as, as, "", "whose verdict: otp, rust-0.82, sdk or strict (default: that of the host's target, or the manifest's)")
	flags.StringVar(&o.issuers, "issuers", "", "public keys whose calls are accepted, with commas")
	flags.StringVar(&o.envFile, "env", "", "accept what the host with this env file accepts")
	app.AddReadByFlag(c, &o.readBy, envfile.ReadingNames())
	flags.DurationVar(&o.replays, "replay-window", 24*time.Hour, "how long an invocation is remembered, by verifier strict")
	flags.IntVar(&o.most, "replay-most", 1_000_000, "how many invocations are remembered at most, about 300 bytes each")
	flags.BoolVar(&o.mistyped, "mistyped", false, "open the keystore's cluster seeds, to see whether a host signs with a mistyped one")
	c.MarkFlagsMutuallyExclusive("issuers", "env")
	var names []string
	for _, t := range invocation.Targets() {
		names = append(names, string(t))
	}
	_ = c.RegisterFlagCompletionFunc(as, cobra.FixedCompletions(names, cobra.ShellCompDirectiveNoFileComp))
}

// check refuses what was asked for by mistake.
func (o verifyOptions) check() error {
	if o.readBy != envfile.ReadingNames()[0] && o.envFile == "" {
		return fault.New(fault.Usage, "--read-by says who reads the file of --env, which is not given").WithHint("--env FILE --read-by %s", o.readBy)
	}
	if o.as == "" {
		return nil
	}
	_, err := invocation.ParseTarget(o.as)
	return err
}

// target is whose verdict is asked for: what was said, or else what the host or the
// lattice runs.
func (o verifyOptions) target(by accepted) (invocation.Target, error) {
	if o.as != "" {
		return invocation.ParseTarget(o.as)
	}
	runs := by.host
	if runs.IsZero() && by.lattice != nil {
		runs = by.lattice.Target
	}
	if t, err := invocation.ParseTarget(runs.String()); err == nil {
		return t, nil
	}
	return invocation.Rust, nil
}

// saidTarget is the kind of host whose verdict was asked for, zero where none was
// or where verifiers of that kind run on any host.
func (o verifyOptions) saidTarget() wasmcloud.Target {
	said, err := wasmcloud.ParseTarget(o.as)
	if err != nil {
		return wasmcloud.Target{}
	}
	return said
}

// contextOf is what is at hand to say why a call is refused.
func (a verbs) contextOf(ctx context.Context, by accepted, o verifyOptions) invocation.Context {
	why := invocation.Context{Manifest: by.lattice, Issuers: by.keys, Source: by.source}
	if o.mistyped {
		why.Seeds = func() []invocation.NamedSeed { return a.clusterSeeds(ctx) }
	}
	return why
}

// verdictDocument is one judged invocation.
type verdictDocument struct {
	From string `json:"from"`
	invocation.Report
	Issuer    string `json:"issuer_name,omitempty"`
	IssuersOf string `json:"issuers_of"`
	Cause     string `json:"cause,omitempty"`
}

func (a verbs) verify(ctx context.Context, paths []string, o verifyOptions) error {
	accepted, err := a.accepted(ctx, o)
	if err != nil {
		return err
	}
	as, err := o.target(accepted)
	if err != nil {
		return err
	}
	sources, err := a.sources(ctx, paths)
	if err != nil {
		return err
	}
	v := invocation.NewVerifier(as, accepted.keys, invocation.NewWindow(o.replays, o.most))
	docs, refused := a.judge(sources, v, accepted, a.contextOf(ctx, accepted, o))
	err = a.ShowProse(oneOrMany(docs), app.Hang, func(w io.Writer) {
		for _, doc := range docs {
			doc.print(w, a.OutPalette())
		}
	})
	if err == nil && refused > 0 {
		return app.No()
	}
	return err
}

func (a verbs) judge(sources []source, v *invocation.Verifier, accepted accepted, why invocation.Context) (docs []verdictDocument, refused int) {
	for _, s := range sources {
		report := v.Judge(s.Input, a.Sys.Now())
		doc := verdictDocument{From: s.where, Report: report, IssuersOf: accepted.source, Cause: why.Cause(report)}
		if report.Claims != nil {
			doc.Issuer = accepted.name(report.Claims.Issuer)
		}
		if report.Verdict != invocation.Accepted {
			refused++
		}
		docs = append(docs, doc)
	}
	return docs, refused
}

func (d verdictDocument) print(w io.Writer, p terminal.Palette) {
	if d.Verdict == invocation.Accepted {
		fmt.Fprintf(w, "%s: %s by %s\n", printable.Line(d.From), p.Green(string(d.Verdict)), d.As)
		return
	}
	fmt.Fprintf(w, "%s: %s by %s: %s\n", printable.Line(d.From), p.Red(string(d.Verdict)), d.As, d.First.Why)
	field(w, below, "check", d.First.Name)
	field(w, below, "wanted", d.First.Wanted)
	field(w, below, "found", d.First.Found)
	field(w, below, "host says", d.First.Host)
	field(w, below, "issuers of", d.IssuersOf)
	field(w, below, "cause", d.Cause)
}

// clusterSeeds opens the cluster seeds of the keystore; what cannot be opened is
// passed over with a warning, since it only says why.
func (a verbs) clusterSeeds(ctx context.Context) []invocation.NamedSeed {
	store, err := a.Keystore()
	if err != nil {
		a.Warn("%v", err)
		return nil
	}
	entries, err := store.List(ctx)
	if err != nil {
		a.Warn("%v", err)
		return nil
	}
	var seeds []invocation.NamedSeed
	for _, e := range entries {
		seed, err := a.Seed(ctx, store, e.Name)
		if err != nil {
			a.Warn("%v", err)
			continue
		}
		seeds = append(seeds, invocation.NamedSeed{Name: e.Name, Seed: seed})
	}
	return seeds
}
