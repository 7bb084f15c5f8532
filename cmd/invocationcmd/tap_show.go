package invocationcmd

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/latch-keys/latch/internal/invocation"
	"github.com/latch-keys/latch/internal/invocation/tap"
	"github.com/latch-keys/latch/internal/printable"
	"github.com/latch-keys/latch/internal/terminal"
)

// callDocument is a call that was heard.
type callDocument struct {
	Type      string             `json:"type"` // call
	At        time.Time          `json:"at"`
	Subject   string             `json:"subject"`
	Bytes     int                `json:"message_bytes"`
	OriginURL string             `json:"origin_url,omitempty"`
	TargetURL string             `json:"target_url,omitempty"`
	ID        string             `json:"id,omitempty"`
	HostID    string             `json:"host_id,omitempty"`
	As        invocation.Target  `json:"as"`
	Verdict   invocation.Verdict `json:"verdict"`
	Signer    string             `json:"signed_by,omitempty"` // the signature verifies
	Issuer    string             `json:"issuer_name,omitempty"`
	First     *invocation.Check  `json:"first_failed,omitempty"`
	Cause     string             `json:"cause,omitempty"`
	Payload   []byte             `json:"msg,omitempty"`
}

// totalsDocument is what was heard up to now.
type totalsDocument struct {
	Type  string `json:"type"` // totals
	Final bool   `json:"final"`
	tap.Totals
	Waiting uint64     `json:"waiting"`
	Quiet   *tap.Quiet `json:"quiet,omitempty"`
}

// each shows a call that was judged.
func (l *listener) each(c tap.Call) {
	l.printing.Lock()
	defer l.printing.Unlock()
	refused := c.Verdict != invocation.Accepted
	l.refused = l.refused || refused
	if !refused && !l.o.all || l.broken != nil {
		return
	}
	doc := callDocument{
		Type: "call", At: c.At.UTC(), Subject: c.Subject, Bytes: c.Bytes, As: c.As, Verdict: c.Verdict,
		Signer: c.Signer, Issuer: l.accepted.name(c.Signer), First: c.First, Cause: l.why.Cause(c.Report),
	}
	if m := c.Message; m != nil && c.Verdict != invocation.Undecodable {
		doc.OriginURL, doc.TargetURL, doc.ID, doc.HostID = m.OriginURL(), m.TargetURL(), m.ID, m.HostID
		if l.o.payload {
			doc.Payload = m.Msg
		}
	}
	l.broken = l.ShowLine(doc, func(w io.Writer) { doc.print(w, l.OutPalette()) })
}

func (d callDocument) print(w io.Writer, p terminal.Palette) {
	verdict := p.Green(string(d.Verdict))
	if d.Verdict != invocation.Accepted {
		verdict = p.Red(string(d.Verdict))
	}
	what := d.Subject
	if d.TargetURL != "" {
		what = short(d.OriginURL) + " -> " + short(d.TargetURL)
	}
	fmt.Fprintf(w, "%s %s %s\n", d.At.Format(time.RFC3339), verdict, printable.Line(what))
	field(w, below, "signed by", cmp.Or(d.Issuer, d.Signer))
	field(w, below, "host", short(d.HostID))
	if d.First != nil {
		field(w, below, "check", d.First.Name+": "+short(d.First.Why))
		field(w, below, "host says", short(d.First.Host))
	}
	field(w, below, "cause", short(d.Cause))
	if d.Payload != nil {
		field(w, below, "payload", strconv.Quote(string(d.Payload)))
	}
}

// short is the beginning of a text that may be as long as a message.
func short(text string) string {
	const most = 500
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
}

// showTotals shows what was heard up to now.
func (l *listener) showTotals(final bool) error {
	totals := l.tap.Totals()
	for i := range totals.Issuers {
		totals.Issuers[i].Name = cmp.Or(l.accepted.name(totals.Issuers[i].Issuer), l.old[totals.Issuers[i].Issuer])
	}
	doc := totalsDocument{Type: "totals", Final: final, Totals: totals, Waiting: totals.Received - totals.Judged - totals.Dropped}
	if len(l.old) > 0 {
		quiet := l.quiet()
		doc.Quiet = &quiet
	}
	l.printing.Lock()
	defer l.printing.Unlock()
	return l.ShowLine(doc, func(w io.Writer) { doc.print(w, l.OutPalette(), l.Width()) })
}

func (d totalsDocument) print(w io.Writer, p terminal.Palette, width int) {
	dropped := fmt.Sprintf("%d dropped", d.Dropped)
	if d.Dropped > 0 {
		dropped = p.Red(dropped)
	}
	fmt.Fprintf(w, "%d received, %d judged, %s, %d waiting; %d other messages\n", d.Received, d.Judged, dropped, d.Waiting, d.Others)
	if len(d.Issuers) > 0 && (d.Final || d.Judged > 0) {
		rows := make([][]string, len(d.Issuers))
		for i, row := range d.Issuers {
			name := cmp.Or(row.Name, row.Issuer, "no valid signature")
			rows[i] = []string{name, strconv.FormatUint(row.Calls, 10), verdicts(row.Verdicts), row.Last.UTC().Format(time.RFC3339)}
		}
		terminal.Table(w, width, []string{"SIGNED BY", "CALLS", "VERDICTS", "LAST"}, rows)
	}
	if q := d.Quiet; q != nil && d.Final {
		printQuiet(w, *q)
	}
}

func verdicts(of map[invocation.Verdict]uint64) string {
	var words []string
	for _, verdict := range slices.Sorted(maps.Keys(of)) {
		words = append(words, fmt.Sprintf("%d %s", of[verdict], verdict))
	}
	return strings.Join(words, ", ")
}
