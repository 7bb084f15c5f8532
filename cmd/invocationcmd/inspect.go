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
	if d.Bytes != nil {
		field(w, alone, "origin", d.OriginURL)
		field(w, alone, "target", d.TargetURL)
		field(w, alone, "operation", d.Operation)
		field(w, alone, "id", d.ID)
		field(w, alone, "host", d.HostID)
		field(w, alone, "payload", fmt.Sprintf("%d bytes", *d.Bytes))
	}
	field(w, alone, "issuer", d.Claims.Issuer)
	field(w, alone, "subject", d.Claims.Subject)
	field(w, alone, "token id", d.Claims.ID)
	field(w, alone, "signed at", invocation.ShowTime(d.Claims.IssuedAt))
	if d.Claims.Expires != nil {
		field(w, alone, "expires", invocation.ShowTime(*d.Claims.Expires))
	}
	if d.Claims.NotBefore != nil {
		field(w, alone, "not before", invocation.ShowTime(*d.Claims.NotBefore))
	}
	if call := d.Claims.Call; call != nil {
		field(w, alone, "signed for", call.TargetURL)
		field(w, alone, "signed by", call.OriginURL)
		field(w, alone, "hash", call.Hash)
	}
}
