package invocationcmd

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"github.com/latch-keys/latch/internal/fault"
	"github.com/latch-keys/latch/internal/invocation"
)

func newInspect(a verbs) *cobra.Command {
	return &cobra.Command{
		Use:   "inspect [FILE...|-]",
		Short: "Show what invocations and tokens say, without verifying them",
		Long: `Shows who calls whom, with what, and what the token claims. It verifies nothing, not
even the signature. Of a payload it shows only the size.

Reads messages in MessagePack as they travel over NATS, JSON documents as latch
prints them, or bare tokens, one per line.`,
		Example: "  latch invocation inspect message.bin\n  latch invocation inspect - < token.txt",
		Args:    cobra.ArbitraryArgs,
		RunE: func(c *cobra.Command, args []string) error {
			return a.inspect(c.Context(), args)
		},
	}
}

// shownDocument is an invocation as inspect shows it; the payload stays out.
type shownDocument struct {
	From      string             `json:"from"`
	OriginURL string             `json:"origin_url,omitempty"`
	TargetURL string             `json:"target_url,omitempty"`
	Operation string             `json:"operation,omitempty"`
	ID        string             `json:"id,omitempty"`
	HostID    string             `json:"host_id,omitempty"`
	Bytes     *int               `json:"payload_bytes,omitempty"`
	Hash      string             `json:"hash,omitempty"`
	Claims    *invocation.Claims `json:"claims"`
}

func (a verbs) inspect(ctx context.Context, paths []string) error {
	sources, err := a.sources(ctx, paths)
	if err != nil {
		return err
	}
	docs := []shownDocument{}
	for _, s := range sources {
		m, claims, err := s.Read()
		if err != nil {
			return fault.New(fault.Failed, "%s", s.where).Because(err).WithHint("latch invocation verify says what each verifier makes of it")
		}
		docs = append(docs, shown(s.where, m, claims))
	}
	return a.Show(oneOrMany(docs), func(w io.Writer) {
		for i, doc := range docs {
			if i > 0 {
				fmt.Fprintln(w)
			}
			doc.print(w)
		}
	})
}

// oneOrMany is a document alone, or several as a list.
func oneOrMany[T any](docs []T) any {
	if len(docs) == 1 {
		return docs[0]
	}
	return docs
}

func shown(where string, m *invocation.Message, claims *invocation.Claims) shownDocument {
	doc := shownDocument{From: where, Claims: claims}
	if m != nil {
		bytes := len(m.Msg)
		doc.OriginURL, doc.TargetURL, doc.Operation = m.OriginURL(), m.TargetURL(), m.Operation
		doc.ID, doc.HostID, doc.Bytes, doc.Hash = m.ID, m.HostID, &bytes, m.Hash()
	}
	return doc
}

func (d shownDocument) print(w io.Writer) {
	line := func(name, value string) {
		if value != "" {
			fmt.Fprintf(w, "%-11s %s\n", name+":", value)
		}
	}
	if d.Bytes != nil {
		line("origin", d.OriginURL)
		line("target", d.TargetURL)
		line("operation", d.Operation)
		line("id", d.ID)
		line("host", d.HostID)
		line("payload", fmt.Sprintf("%d bytes", *d.Bytes))
	}
	line("issuer", d.Claims.Issuer)
	line("subject", d.Claims.Subject)
	line("token id", d.Claims.ID)
	line("signed at", invocation.ShowTime(d.Claims.IssuedAt))
	if d.Claims.Expires != nil {
		line("expires", invocation.ShowTime(*d.Claims.Expires))
	}
	if d.Claims.NotBefore != nil {
		line("not before", invocation.ShowTime(*d.Claims.NotBefore))
	}
	if call := d.Claims.Call; call != nil {
		line("signed for", call.TargetURL)
		line("signed by", call.OriginURL)
		line("hash", call.Hash)
	}
}
