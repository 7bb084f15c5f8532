package cachecmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/cmd/app"
	"github.com/latch-keys/latch/internal/terminal"
	"github.com/latch-keys/latch/internal/wasmbus/cache"
)

func newShow(a verbs) *cobra.Command {
	var o placeFlags
	c := &cobra.Command{
		Use:   "show",
		Short: "Show what JetStream keeps of the lattice",
		Long: `Shows the streams that hosts of any version keep of the lattice in JetStream: which
of them exist, how many messages and bytes they hold, on how many replicas, and what
it is. Hosts before OTP 0.60 use LATTICECACHE_, later ones the bucket LATTICEDATA_;
Rust hosts from 0.81 on keep configuration in CONFIGDATA_. Payloads too large for a
message pass through the object store that is named as the lattice is.

A stream that the user may not look at is shown as hidden, with a warning.
A link or a configuration that was deleted leaves a mark, which is counted too.`,
		Example: "  latch cache show\n  latch cache show --lattice prod --js-domain hub --nats nats://10.0.0.5:4222",
		Args:    app.Exactly(),
		RunE:    func(c *cobra.Command, _ []string) error { return a.show(c.Context(), o) },
	}
	o.register(c, a.App)
	return c
}

func (a verbs) show(ctx context.Context, o placeFlags) error {
	p, end, err := o.open(ctx, a.App, cache.CopyInfo{})
	if err != nil {
		return err
	}
	defer end()
	streams, err := p.Look(ctx)
	if err != nil {
		return err
	}
	doc := struct {
		placeDocument
		Streams []streamDocument `json:"streams"`
	}{p.document(), describeAll(streams)}
	for _, s := range streams {
		if s.Hidden != nil {
			a.Warn("%s is not shown: %v", s.Stream, s.Hidden)
		}
	}
	return a.Show(doc, func(w io.Writer) {
		fmt.Fprintf(w, "%s\n\n", doc.placeDocument)
		rows := make([][]string, len(streams))
		for i, s := range streams {
			rows[i] = cells(s)
		}
		terminal.Table(w, a.Width(), header(), rows)
	})
}
