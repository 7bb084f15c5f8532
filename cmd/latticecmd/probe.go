package latticecmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/cmd/app/live"
	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/invocation/probe"
	"github.com/latch-keys/latch/internal/keys"
	"github.com/latch-keys/latch/internal/lattice"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/wasmbus"
	"github.com/latch-keys/latch/internal/wasmcloud"
)

type probeOptions struct {
	live.Flags
	actor string
}

func newProbe(a verbs) *cobra.Command {
	var o probeOptions
	c := &cobra.Command{
		Use:   "probe HOST HOST",
		Short: "Send one signed, harmless call to see whether a host accepts another",
		Long: `Sends one call in the name of the first host to something that runs on the second,
signed with the key that the first signs with, and tells by the answer whether the
second accepts it. It asks before it sends.

The call does nothing. It is for the operation Latch.Probe, from a caller that nobody
knows: hosts check the token first, and turn the caller away before anything runs. To
an actor it comes as from a provider of the contract latch:probe; where no actor runs,
to a provider as from an actor that is not linked to it. It has no payload. The host
that is called writes a line into its log.

latch asks both hosts who they are, and the second what runs on it. An actor that runs
on several hosts answers from any of them; latch takes one that runs on this host
alone, as far as the hosts of the manifest go, and else says who may have answered.
What a host accepts may be seen without a call, too: latch lattice status.

Exit code 3 if the call is refused, 4 if nothing came back that tells.`,
		Example: "  latch lattice probe web-1 web-2\n  latch lattice probe web-1 web-2 --yes -o json | jq -r .outcome",
		Args:    app.Exactly("HOST", "HOST"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.probe(c.Context(), args[0], args[1], o)
		},
		ValidArgsFunction: a.CompleteHosts,
	}
	o.Register(c, a.App)
	c.Flags().StringVar(&o.actor, "actor", "", "public key of the actor to call (default: one that runs on the second host)")
	return c
}

// probeDocument is what came of a probe.
type probeDocument struct {
	OK        bool           `json:"ok"`
	Signer    string         `json:"signer"`
	Acceptor  string         `json:"acceptor"`
	PublicKey keys.PublicKey `json:"public_key"`
	Issuer    string         `json:"issuer_name"`
	Callee    probe.Callee   `json:"callee"`
	Subject   string         `json:"subject"`
	ID        string         `json:"id"`
	Elsewhere []string       `json:"elsewhere"`
	Outcome   probe.Outcome  `json:"outcome"`
	Why       string         `json:"reason"`
	Host      string         `json:"host_says,omitempty"`
	Cause     string         `json:"cause,omitempty"`
}

func (a verbs) probe(ctx context.Context, signer, acceptor string, o probeOptions) error {
	file, err := a.Manifest()
	if err != nil {
		return err
	}
	m := file.Manifest()
	for _, name := range []string{signer, acceptor} {
		if _, known := m.Host(name); !known {
			return m.NoHost(name)
		}
	}
	asker, end, err := o.Open(ctx, a.App, m, nil)
	if err != nil {
		return err
	}
	defer end()
	status, err := asker.Look(ctx)
	if err != nil {
		return err
	}
	if err := asker.Unseen(status); err != nil {
		return err
	}
	from, err := running(status, signer)
	if err != nil {
		return err
	}
	to, err := running(status, acceptor)
	if err != nil {
		return err
	}
	p := probing{verbs: a, file: file, m: m, o: o, asker: asker}
	doc := probeDocument{Signer: signer, Acceptor: acceptor, PublicKey: p.signsWith(from)}
	if doc.Callee, doc.Elsewhere, err = p.callee(ctx, status, to); err != nil {
		return err
	}
	if err := p.send(ctx, from, to, &doc); err != nil {
		return err
	}
	if err := a.ShowProse(doc, app.Hang, doc.print); err != nil {
		return err
	}
	switch doc.Outcome {
	case probe.Accepted:
		return nil
	case probe.Refused:
		return app.No()
	}
	return fault.New(fault.Unavailable, "the answer does not tell whether %s accepts %s", acceptor, signer).WithHint("latch lattice status")
}

// running is the row of a host that answered, once.
func running(s wasmbus.Status, name string) (wasmbus.Row, error) {
	var found []wasmbus.Row
	for _, row := range s.Rows {
		if row.Host == name && row.Member {
			found = append(found, row)
		}
	}
	switch {
	case len(found) > 1:
		return wasmbus.Row{}, fault.New(fault.Failed, "%d hosts run as %s: which is meant?", len(found), name).WithHint("name one by its key: --match %s=N…", name)
	case len(found) == 0 || found[0].Reply == nil:
		return wasmbus.Row{}, fault.New(fault.Unavailable, "%s did not answer", name).WithHint("latch lattice status")
	case found[0].Reply.Ignores:
		return wasmbus.Row{}, fault.New(fault.Refused, "%s runs version %s, which signs no calls and checks none", name, found[0].Reply.Version)
	}
	return found[0], nil
}

func (d probeDocument) print(w io.Writer) {
	switch d.Outcome {
	case probe.Accepted:
		fmt.Fprintf(w, "%s accepts %s, which signs with %s\n", d.Acceptor, d.Signer, d.Issuer)
	case probe.Refused:
		fmt.Fprintf(w, "%s refuses %s, which signs with %s\n", d.Acceptor, d.Signer, d.Issuer)
	default:
		fmt.Fprintf(w, "whether %s accepts %s is not known: %s\n", d.Acceptor, d.Signer, d.Why)
	}
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "  %-10s %s\n", name+":", printable.Line(value)) // a host's words make no line of their own
		}
	}
	line("called", d.Callee.Key)
	line("host says", d.Host)
	line("cause", d.Cause)
	for _, host := range d.Elsewhere {
		line("or else", host+" answered, which runs it too")
	}
}

// verifierOf is whose check guards the callee on a host of that version.
func verifierOf(row wasmbus.Row, callee probe.Callee, m lattice.Manifest) invocation.Target {
	switch {
	case !callee.IsActor():
		return invocation.SDK
	case isOTP(row, m):
		return invocation.OTP
	}
	return invocation.Rust
}

// isOTP tells it by the version that the host says, or else by the manifest.
func isOTP(row wasmbus.Row, m lattice.Manifest) bool {
	if otp, known := wasmcloud.IsOTPRelease(row.Reply.Version); known {
		return otp
	}
	host, _ := m.Host(row.Host)
	return m.TargetOf(host).IsOTP()
}
